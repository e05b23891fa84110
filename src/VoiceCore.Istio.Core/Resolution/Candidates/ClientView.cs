namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Whether a client's proxy knows a port of a service at all: if not, no rule for the service is carried out.</summary>
internal static class ClientView
{
    /// <summary>Null where it knows the port, else why not.</summary>
    internal static PolicyRejection? WhyUnused(MeshResolution mesh, MeshClient client, RegisteredService service, RegisteredPort port)
    {
        if (!client.HasSidecar)
            return new(PolicyCause.NoSidecar, "The client has no sidecar: nobody carries it out.");
        if (service.IsAlias)
            return new(PolicyCause.ServiceHidden, "The service is an ExternalName, another name for another host.");
        var scope = mesh.Scopes.Of(client);
        if (scope.Sees(service, port))
            return null;
        return scope.Sidecar is { } sidecar && (service.Namespace == client.Namespace || service.IsVisibleTo(client.Namespace))
            ? new(PolicyCause.ServiceHidden, $"The egress hosts of Sidecar {sidecar.Key} leave out the service (or its port {port.Number}).")
            : new(PolicyCause.ServiceHidden, $"The service is not exported to the client's namespace {client.Namespace}.");
    }
}
