using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Core.Tests.Resolution;

/// <summary>The candidates that are kept, beside what istiod told real proxies.</summary>
public sealed class PolicyCandidateOracleTests
{
    [Fact]
    public void Keeps_the_DestinationRule_and_the_VirtualService_that_Istio_uses()
    {
        var wrong = new List<string>();
        var (rules, services) = (0, 0);
        foreach (var (snapshot, json) in OracleTraffic.Cases())
        {
            var id = json.GetProperty("id").GetString()!;
            var resolver = new PolicyCandidateResolver(snapshot);
            var byHost = snapshot.Services.ToDictionary(service => $"{service.Name}.{service.Namespace}.svc.cluster.local");
            foreach (var client in json.GetProperty("answers").GetProperty("clients").EnumerateObject())
            {
                var seen = new HashSet<string>();
                foreach (var cluster in client.Value.GetProperty("clusters").EnumerateArray())
                {
                    var name = cluster.GetProperty("name").GetString()!.Split('|');
                    if (name[2].Length > 0)
                        continue;
                    seen.Add($"{name[3]}:{name[1]}");
                    rules++;
                    Check(cluster.TryGetProperty("destinationRule", out var rule) ? rule.GetString() : null, PolicyKind.DestinationRule, name[3], int.Parse(name[1], System.Globalization.CultureInfo.InvariantCulture));
                }

                foreach (var host in client.Value.GetProperty("routes").EnumerateObject().SelectMany(configuration => configuration.Value.EnumerateObject()))
                {
                    // A host that is no port of a service which the client sees is a VirtualService's own.
                    if (!seen.Contains(host.Name))
                        continue;
                    services++;
                    var (serviceHost, port) = (host.Name.Split(':')[0], int.Parse(host.Name.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
                    Check(
                        host.Value.EnumerateArray().Select(route => route.TryGetProperty("virtualService", out var given) ? given.GetString() : null).FirstOrDefault(key => key is not null),
                        PolicyKind.VirtualService, serviceHost, port);
                }

                void Check(string? istio, PolicyKind kind, string host, int port)
                {
                    var kept = resolver.Resolve(byHost[host], kind, number => number == port, one => one.Pods.Any(pod => pod.Key == client.Name)).FirstOrDefault(candidate => candidate.Kept);
                    var ours = kept is null ? null : $"{kept.Namespace}/{kept.Name}";
                    if (ours != istio)
                        wrong.Add($"{id} {client.Name} {host}:{port} {kind}: Istio {istio ?? "-"}, we {ours ?? "-"}");
                }
            }
        }

        Assert.True(rules > 1000 && services > 1000, $"Only {rules} clusters and {services} virtual hosts were compared.");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rules} and {services}:\n{string.Join('\n', wrong.Take(20))}");
    }
}
