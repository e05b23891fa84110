using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>A service as the mesh knows it.</summary>
internal sealed class RegisteredService
{
    internal required string Host { get; init; }

    /// <summary>Its place among all services, the oldest first.</summary>
    internal required int Place { get; init; }

    internal required string Namespace { get; init; }

    internal required string Name { get; init; }

    /// <summary>Headless: the client chooses the endpoint, so the proxy passes through.</summary>
    internal bool IsPassthrough { get; init; }

    /// <summary>What an <c>ExternalName</c> service stands for; null for any other.</summary>
    internal string? ExternalName { get; init; }

    /// <summary>An <c>ExternalName</c> service: another name, without clusters of its own.</summary>
    internal bool IsAlias => ExternalName is not null;

    internal required RegisteredPort[] Ports { get; init; }

    /// <summary>The namespaces that see it, as written (<c>*</c>, <c>.</c>, <c>~</c>, names).</summary>
    internal required IReadOnlyList<string> ExportTo
    {
        get;
        init => (field, IsPublic) = (value, value.Contains("*"));
    }

    internal bool IsPublic { get; private init; }

    internal RegisteredPort? Port(int number) => Array.Find(Ports, port => port.Number == number);

    /// <summary>Source: <c>initServiceRegistry</c> in pilot/pkg/model/push_context.go.</summary>
    internal bool IsVisibleTo(string @namespace) =>
        IsPublic || (!ExportTo.Contains("~") && (ExportTo.Contains(@namespace) || (@namespace == Namespace && ExportTo.Contains("."))));
}

/// <summary>A port of a service with what is behind it.</summary>
internal sealed class RegisteredPort
{
    internal required string Name { get; init; }

    internal required int Number { get; init; }

    internal required PortProtocol Protocol { get; init; }

    internal RegisteredEndpoint[] Endpoints { get; set; } = [];
}

/// <summary>A ready endpoint of a service port.</summary>
/// <param name="Address">The IP.</param>
/// <param name="Port">The workload port.</param>
/// <param name="Namespace">The namespace of the pod.</param>
/// <param name="Pod">The pod; null where no pod of the snapshot is behind the address.</param>
internal readonly record struct RegisteredEndpoint(string Address, int Port, string Namespace, PodRecord? Pod)
{
    internal bool AcceptsMutualTls => Pod?.AcceptsIstioMutualTls == true;
}
