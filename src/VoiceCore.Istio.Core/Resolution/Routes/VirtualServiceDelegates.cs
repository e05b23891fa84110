using VoiceCore.Istio.Core.Snapshot;

namespace VoiceCore.Istio.Core.Resolution;

/// <summary>
/// Puts the routes of delegates in the place of the routes that name them.
/// Source: <c>mergeVirtualServices</c> in pilot/pkg/model/virtualservice_controller.go, <c>MergeHTTPRoutes</c> in pilot/pkg/model/virtualservice.go.
/// </summary>
internal sealed class VirtualServiceDelegates
{
    private readonly MeshSnapshot _snapshot;
    private readonly Dictionary<(string, string), VirtualService> _delegates = [];

    internal VirtualServiceDelegates(MeshSnapshot snapshot)
    {
        _snapshot = snapshot;
        foreach (var record in snapshot.VirtualServices)
        {
            if (record.Hosts.Count == 0)
                _delegates[(record.Namespace, record.Name)] = record;
        }
    }

    /// <summary>The routes of a VirtualService; a route whose delegate is absent or not exported to it is left out.</summary>
    internal IReadOnlyList<HttpRoute> Routes(VirtualService root)
    {
        if (!root.Http.Any(route => route.Delegate is not null))
            return root.Http;
        var routes = new List<HttpRoute>();
        foreach (var route in root.Http)
        {
            if (route.Delegate is null)
                routes.Add(route);
            else if (Find(root, route) is { } target)
                routes.AddRange(target.Http.Select(own => Merge(Complete(route, root.Namespace), Complete(own, target.Namespace))).OfType<HttpRoute>());
        }

        return routes;
    }

    /// <summary>The delegate of a route; null without one, or where it is absent or not exported to the root's namespace.</summary>
    internal VirtualService? Find(VirtualService root, HttpRoute route) =>
        route.Delegate is { } name
        && _delegates.TryGetValue((name.Namespace.Length > 0 ? name.Namespace : root.Namespace, name.Name), out var target)
        && IsExported(target, root.Namespace) ? target : null;

    private bool IsExported(VirtualService target, string @namespace) =>
        (target.ExportTo.Count > 0 ? target.ExportTo : _snapshot.Mesh.DefaultVirtualServiceExportTo)
        .Any(export => export == "*" || (export == "." ? target.Namespace : export) == @namespace);

    // Names are meant in the namespace of the object that holds them.
    private HttpRoute Complete(HttpRoute route, string @namespace)
    {
        RouteDestination Full(RouteDestination destination) => destination with { Host = HostName.Complete(destination.Host, @namespace, _snapshot.ClusterDomain) };
        return route with
        {
            Matches = route.Matches.Select(match => match with { Gateways = match.Gateways.Select(name => FullGateway(name, @namespace)).ToArray() }).ToArray(),
            Destinations = route.Destinations.Select(Full).ToArray(),
            Mirror = route.Mirror is null ? null : Full(route.Mirror),
            MirrorPolicies = route.MirrorPolicies.Select(mirror => mirror with { Destination = Full(mirror.Destination) }).ToArray(),
        };
    }

    private static string FullGateway(string name, string @namespace) => name == IstioNames.MeshGateway || name.Contains('/') ? name : $"{@namespace}/{name}";

    // Null where the conditions cannot hold together.
    private static HttpRoute? Merge(HttpRoute root, HttpRoute own) => Merge(root.Matches, own.Matches) is not { } matches ? null : own with
    {
        Matches = matches,
        Name = Join(root.Name, own.Name),
        IsDirectResponse = own.IsDirectResponse || root.IsDirectResponse,
        Timeout = own.Timeout ?? root.Timeout,
        Retries = own.Retries ?? root.Retries,
        Mirror = own.Mirror ?? root.Mirror,
        MirrorPercent = own.MirrorPercent ?? root.MirrorPercent,
        MirrorPolicies = own.MirrorPolicies.Count > 0 ? own.MirrorPolicies : root.MirrorPolicies,
        HasFault = own.HasFault || root.HasFault,
    };

    private static IReadOnlyList<HttpMatch>? Merge(IReadOnlyList<HttpMatch> roots, IReadOnlyList<HttpMatch> own)
    {
        if (roots.Count == 0 || own.Count == 0)
            return roots.Count == 0 ? own : roots;
        var merged = new List<HttpMatch>();
        foreach (var match in own)
        {
            var known = merged.Count;
            merged.AddRange(roots.Where(root => !Conflicts(root, match)).Select(root => Merge(root, match)));
            if (merged.Count == known)
                return null;
        }

        return merged;
    }

    private static HttpMatch Merge(HttpMatch root, HttpMatch own) => own with
    {
        Name = Join(root.Name, own.Name),
        Uri = own.Uri ?? root.Uri,
        Scheme = own.Scheme ?? root.Scheme,
        Method = own.Method ?? root.Method,
        Authority = own.Authority ?? root.Authority,
        Headers = Merge(root.Headers, own.Headers),
        WithoutHeaders = Merge(root.WithoutHeaders, own.WithoutHeaders),
        QueryParameters = Merge(root.QueryParameters, own.QueryParameters),
        Port = own.Port != 0 ? own.Port : root.Port,
        SourceLabels = LabelSet.Create(root.SourceLabels.Concat(own.SourceLabels)),
        SourceNamespace = own.SourceNamespace.Length > 0 ? own.SourceNamespace : root.SourceNamespace,
        Gateways = own.Gateways.Count > 0 ? own.Gateways : root.Gateways,
    };

    private static string Join(string root, string own) => root.Length == 0 ? own : own.Length == 0 ? root : $"{root}-{own}";

    private static KeyValuePair<string, StringMatch>[] Merge(IEnumerable<KeyValuePair<string, StringMatch>> root, IReadOnlyList<KeyValuePair<string, StringMatch>> own) =>
        root.Where(entry => !own.Any(other => other.Key == entry.Key)).Concat(own).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToArray();

    private static bool Conflicts(HttpMatch root, HttpMatch own) =>
        Conflicts(root.Uri, own.Uri) || Conflicts(root.Scheme, own.Scheme) || Conflicts(root.Method, own.Method) || Conflicts(root.Authority, own.Authority)
        || Conflicts(root.Headers, own.Headers) || Conflicts(root.WithoutHeaders, own.WithoutHeaders) || Conflicts(root.QueryParameters, own.QueryParameters)
        || root.IgnoreUriCase != own.IgnoreUriCase
        || (root.Port > 0 && own.Port > 0 && root.Port != own.Port)
        || (root.SourceNamespace.Length > 0 && own.SourceNamespace != root.SourceNamespace)
        || own.SourceLabels.Any(label => root.SourceLabels[label.Key] is { } value && value != label.Value)
        || (root.Gateways.Count > 0 && own.Gateways.Count > 0 && (root.Gateways.Count < own.Gateways.Count || own.Gateways.Any(name => !root.Gateways.Contains(name))));

    private static bool Conflicts(IReadOnlyList<KeyValuePair<string, StringMatch>> root, IReadOnlyList<KeyValuePair<string, StringMatch>> own) =>
        own.Any(entry => Conflicts(root.FirstOrDefault(other => other.Key == entry.Key).Value, entry.Value));

    // A delegate may only ask for more than the root does.
    private static bool Conflicts(StringMatch? root, StringMatch? own) => (root, own) switch
    {
        (null, _) or (_, null) => false,
        ({ Kind: StringMatchKind.Exact }, { Kind: StringMatchKind.Exact }) => own.Value != root.Value,
        ({ Kind: StringMatchKind.Prefix }, { Kind: StringMatchKind.Exact or StringMatchKind.Prefix }) => !own.Value.StartsWith(root.Value, StringComparison.Ordinal),
        _ => true,
    };
}
