using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>Says of every DestinationRule that could be for a service what becomes of it. The choice itself is <see cref="DestinationRuleResolver"/>'s.</summary>
internal sealed class DestinationRuleCandidates
{
    private readonly MeshResolution _mesh;
    private readonly PolicyHosts<DestinationRule> _hosts;

    internal DestinationRuleCandidates(MeshResolution mesh)
    {
        _mesh = mesh;
        _hosts = new(mesh, mesh.Snapshot.DestinationRules, rule => [rule.Host]);
    }

    internal IEnumerable<PolicyJudgement> Of(MeshClient client, RegisteredService service, RegisteredPort port)
    {
        var question = new Question(_mesh, client, service, port);
        return _hosts.Candidates(service.Host, client.Namespace, service.Namespace, _mesh.Snapshot.Mesh.RootNamespace).Select(rule => Judge(rule, question));
    }

    private PolicyJudgement Judge(DestinationRule rule, Question question)
    {
        var host = Host(rule);
        if (!HostName.Matches(question.Service.Host, host))
            return new(rule, PolicyCause.HostDiffers, WhyHost(rule, host, question.Service.Host));
        if (question.Unused is { } unused)
            return new(rule, unused.Cause, unused.Reason);
        foreach (var (part, givesPolicy, subsets) in question.Chosen?.Parts() ?? [])
        {
            if (ReferenceEquals(part, rule))
                return Used(rule, givesPolicy, subsets, question);
        }

        var (cause, reason) = WhyNot(rule, host, question);
        return new(rule, cause, reason);
    }

    private static PolicyJudgement Used(DestinationRule rule, bool givesPolicy, IReadOnlyList<string> subsets, Question question)
    {
        var first = question.Chosen!.First;
        var isFirst = ReferenceEquals(first, rule);
        string[] gives = [.. givesPolicy ? ["policy"] : Array.Empty<string>(), .. subsets.Select(name => $"subset {name}")];
        if (!isFirst && gives.Length == 0)
            return new(rule, PolicyCause.OlderGoesFirst, $"The older {first.Key} for the same host says the policy, and this rule has no subset that is new.");
        var port = question.Port.Number;
        var note = givesPolicy && rule.Policy!.Ports.Any(entry => entry.Port == port)
            ? $" Its portLevelSettings for port {port} replace the rest of its trafficPolicy."
            : rule.Policy is not null && !givesPolicy ? $" Its trafficPolicy does not count: an older rule gives one." : "";
        return isFirst
            ? new(rule, PolicyCause.Applies, $"{question.Where} is the first that has a rule for the host{(question.Chosen.Rules.Count > 1 ? ", and of several this is the oldest" : "")}.{note}", Effect(gives))
            : new(rule, PolicyCause.Merged, $"It is merged with the older {first.Key}.{note}", Effect(gives));
    }

    private static string Effect(string[] gives) => gives.Length == 0 ? "nothing" : string.Join(", ", gives);

    private (PolicyCause Cause, string Reason) WhyNot(DestinationRule rule, string host, Question question)
    {
        var client = question.Client;
        if (rule.WorkloadSelector is not null && rule.Namespace != client.Namespace)
            return (PolicyCause.OtherNamespace, "It has a workloadSelector, which only means clients of its own namespace.");
        var places = Enumerable.Range(0, DestinationRulePlace.Levels)
            .Select(level => _mesh.DestinationRules.Place(level, client.Namespace, question.Service.Namespace))
            .Where(place => place.Namespace == rule.Namespace).ToArray();
        if (places.Length == 0)
            return (PolicyCause.OtherNamespace, "Its namespace is neither the client's, nor the service's, nor the root namespace.");

        var place = Array.Find(places, place => place.Index?.Exactly(host)?.Exists(entry => Holds(entry, rule)) == true);
        if (place.Index is null)
            return (PolicyCause.NotExported, $"Its exportTo ({string.Join(", ", rule.ExportTo)}) leaves out the client's namespace {client.Namespace}.");
        var found = place.Index.Find(question.Service.Host)!;
        var closest = Host(found[0].Rule.First);
        if (closest != host)
            return (PolicyCause.CloserHost, $"{found[0].Rule.First.Key} in the same namespace is for the closer host {closest}, and Istio looks no further there.");
        return WhyNot(rule, place, found, question);
    }

    // The rule is among those of the closest host of its namespace.
    private static (PolicyCause Cause, string Reason) WhyNot(DestinationRule rule, DestinationRulePlace place, List<DestinationRuleEntry> found, Question question)
    {
        var client = question.Client;
        var entry = place.For(question.Service.Host, client.Namespace).Find(entry => Holds(entry, rule));
        var first = (entry ?? found.Find(entry => Holds(entry, rule))!).Rule.First;
        var its = ReferenceEquals(first, rule) ? "Its" : $"It is merged into the older {first.Key}, whose";
        // What is not for the client can still keep other rules from it.
        var hides = ReferenceEquals(first, rule) && found.Exists(entry => entry.Rule.Rules.Count > 1 && ReferenceEquals(entry.Rule.First, rule))
            ? " Rules that are merged into it share its lot." : "";
        if (entry is null)
            return (PolicyCause.NotExported, $"{its} exportTo ({string.Join(", ", first.ExportTo)}) leaves out the client's namespace {client.Namespace}.{hides}{HidesWider(place, question)}");
        if (place != question.Place)
            return (PolicyCause.CloserNamespace, $"{question.Where} goes first: it has {question.First} for the host.{hides}");
        if (first.WorkloadSelector is { } selector && !client.Labels.Matches(selector))
            return (PolicyCause.SelectorDiffers, $"{its} workloadSelector ({selector}) does not match the client's labels.{hides}{(question.Chosen is null ? " It hides rules of other namespaces all the same." : "")}");
        return question.Chosen is { First.WorkloadSelector: not null }
            ? (first.WorkloadSelector is null ? PolicyCause.CloserSelector : PolicyCause.OlderGoesFirst, $"{question.First} has a workloadSelector that matches the client, and goes first.{hides}")
            : (PolicyCause.NewerGoesFirst, $"Rules with different exportTo are not merged: of those that stay apart the newest, {question.First}, is taken.{hides}");
    }

    private static string HidesWider(DestinationRulePlace place, Question question) =>
        place.For(question.Service.Host, question.Client.Namespace).Count == 0 && place.Index!.All(question.Service.Host).Skip(1).Any()
            ? " It hides rules for wider hosts in its namespace all the same." : "";

    private static bool Holds(DestinationRuleEntry entry, DestinationRule rule) => entry.Rule.Rules.Any(part => ReferenceEquals(part, rule));

    private static string WhyHost(DestinationRule rule, string host, string serviceHost) =>
        rule.Host.Contains('.') && serviceHost.StartsWith(rule.Host + ".", StringComparison.Ordinal)
            ? $"Its host {rule.Host} is taken as it is written, because it has a dot: it is not {serviceHost}."
            : $"Its host {host} is not {serviceHost}.";

    private string Host(DestinationRule rule) => HostName.Complete(rule.Host, rule.Namespace, _mesh.Snapshot.ClusterDomain);

    /// <summary>A client and a port, with what the resolver makes of them.</summary>
    private sealed class Question
    {
        internal Question(MeshResolution mesh, MeshClient client, RegisteredService service, RegisteredPort port)
        {
            (Client, Service, Port) = (client, service, port);
            Unused = ClientView.WhyUnused(mesh, client, service, port);
            (Place, var entries) = mesh.DestinationRules.Search(client.Namespace, service.Host, service.Namespace);
            Chosen = DestinationRuleResolver.Choose(entries, client.Namespace, client.Labels);
            First = (Chosen ?? entries.FirstOrDefault()?.Rule)?.First.Key;
            Where = Place.Namespace == client.Namespace ? $"The client's namespace {Place.Namespace}"
                : Place.Namespace == service.Namespace ? $"The service's namespace {Place.Namespace}"
                : $"The root namespace {Place.Namespace}";
        }

        internal MeshClient Client { get; }

        internal RegisteredService Service { get; }

        internal RegisteredPort Port { get; }

        internal PolicyRejection? Unused { get; }

        internal DestinationRulePlace Place { get; }

        internal EffectiveRule? Chosen { get; }

        internal string? First { get; }

        internal string Where { get; }
    }
}
