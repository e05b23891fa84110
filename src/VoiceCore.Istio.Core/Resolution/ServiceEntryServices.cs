using System.Globalization;
using System.Net;
using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>The services of ServiceEntries, one for each host. Source: pilot/pkg/serviceregistry/serviceentry/conversion.go.</summary>
internal sealed class ServiceEntryServices
{
    private const string Static = "STATIC";

    private readonly MeshSnapshot _snapshot;
    private readonly ILookup<string, Workload> _workloads;

    internal ServiceEntryServices(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        // Only namespaces whose entries select workloads need them.
        var selecting = snapshot.ServiceEntries.Where(entry => entry.WorkloadSelector is not null).Select(entry => entry.Namespace).ToHashSet(StringComparer.Ordinal);
        _workloads = snapshot.WorkloadEntries.Where(entry => selecting.Contains(entry.Namespace))
            .Select(entry => Take(entry.Workload, entry.Namespace, entry.Name, entry.Labels))
            .Concat(snapshot.Pods.Where(pod => selecting.Contains(pod.Namespace) && pod.Ready && pod.IP.Length > 0).Select(pod => new Workload(pod.IP, pod, new Dictionary<string, int>())))
            .ToLookup(workload => workload.Pod.Namespace, StringComparer.Ordinal);
    }

    /// <summary>The services, the oldest entry first. Entries of a namespace that name the same host are one service with the ports of all.</summary>
    internal IEnumerable<RegisteredService> All()
    {
        var known = new Dictionary<(string, string), RegisteredService>();
        var entries = _snapshot.ServiceEntries.ToArray();
        Array.Sort(entries, MeshObject.CompareByAge);
        foreach (var entry in entries)
        {
            foreach (var host in entry.Hosts)
            {
                var service = Register(entry, host);
                if (known.TryAdd((entry.Namespace, host), service))
                    continue;
                var first = known[(entry.Namespace, host)];
                if (first.IsPassthrough == service.IsPassthrough && first.IsExternal == service.IsExternal)
                    first.Ports = [.. first.Ports, .. service.Ports.Where(port => first.Port(port.Number) is null)];
            }
        }

        return known.Values;
    }

    private RegisteredService Register(ServiceEntry entry, string host)
    {
        var isStatic = entry.Resolution == Static;
        return new RegisteredService
        {
            Created = entry.Created,
            Host = host,
            Namespace = entry.Namespace,
            Name = host,
            IsEntry = true,
            IsExternal = !entry.IsMeshInternal,
            IsPassthrough = entry.Resolution == "NONE",
            HasAddress = entry.Addresses is [var first, ..] && !IsRange(first),
            HasKnownEndpoints = isStatic,
            Ports = entry.Ports.Select(port => new RegisteredPort
            {
                Name = port.Name,
                Number = port.Port,
                Protocol = PortProtocols.Parse(port.AppProtocol ?? ""),
                Endpoints = Endpoints(entry, host, port),
            }).ToArray(),
            ExportTo = entry.ExportTo.Count > 0 ? entry.ExportTo : _snapshot.Mesh.DefaultServiceExportTo,
        };
    }

    // A range is listened for on every address; a range of one is an address.
    private static bool IsRange(string address) =>
        address.Contains('/') && !address.EndsWith(address.Contains(':') ? "/128" : "/32", StringComparison.Ordinal);

    private RegisteredEndpoint[] Endpoints(ServiceEntry entry, string host, ServicePortRecord port)
    {
        var target = int.TryParse(port.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 ? given : port.Port;
        var isDns = entry.Resolution is "DNS" or "DNS_ROUND_ROBIN";
        // Names can only be looked up where the entry looks names up.
        var workloads = entry.WorkloadSelector is { } selector
            ? _workloads[entry.Namespace].Where(workload => workload.Pod.Labels.Matches(selector) && (isDns || IPAddress.TryParse(workload.Address, out _)))
            : entry.Endpoints.Select(endpoint => Take(endpoint, entry.Namespace, entry.Name, LabelSet.Empty));
        if (isDns && entry is { WorkloadSelector: null, Endpoints.Count: 0 })
            return [new RegisteredEndpoint(host, target, entry.Namespace, null)];
        return workloads.Select(workload => new RegisteredEndpoint(
            workload.Address, workload.Ports.GetValueOrDefault(port.Name) is > 0 and var own ? own : target, entry.Namespace, workload.Pod)).ToArray();
    }

    // Policies look at the labels of a workload as at a pod's. One with a service account has an identity, and with it mutual TLS.
    private static Workload Take(WorkloadAddress address, string @namespace, string name, LabelSet labels)
    {
        var all = address.Labels.Concat(labels);
        if (address.ServiceAccount.Length > 0)
            all = all.Prepend(KeyValuePair.Create(IstioNames.TlsModeLabel, "istio"));
        return new Workload(address.Address, new PodRecord { Namespace = @namespace, Name = name, Labels = LabelSet.Create(all), ServiceAccount = address.ServiceAccount }, address.Ports);
    }

    private sealed record Workload(string Address, PodRecord Pod, IReadOnlyDictionary<string, int> Ports);
}
