namespace VoiceCore.Istio.Core.Findings;

/// <summary>Codes VCM0351 to VCM0359: what does not fit ambient mode, in which ztunnel handles connections and waypoints handle requests.</summary>
public static class AmbientFindings
{
    private const string Adding = "https://istio.io/latest/docs/ambient/usage/add-workloads/";
    private const string Waypoints = "https://istio.io/latest/docs/ambient/usage/waypoint/";
    private const string Requests = "https://istio.io/latest/docs/ambient/usage/l7-features/";

    /// <summary>A pod with a sidecar in ambient mode.</summary>
    public static readonly FindingRule TwoModes = new(
        "VCM0351", FindingSeverity.Warning,
        "The pod has a sidecar and is to be in ambient mode ({0}).",
        "A pod with a sidecar stays out of ambient mode: its sidecar takes the traffic, and the waypoint of its namespace does nothing for it.",
        "Remove the label of injection and restart the workload, or label its pods istio.io/dataplane-mode=none.",
        Adding) { SameAs = ["KIA1311", "KIA1314", "KIA1315", "KIA1316"] };

    /// <summary>A waypoint that does not exist.</summary>
    public static readonly FindingRule WaypointUnknown = new(
        "VCM0352", FindingSeverity.Error,
        "The waypoint {0} does not exist.",
        "istio.io/use-waypoint names a Gateway, of the object's own namespace unless istio.io/use-waypoint-namespace says another.",
        "Correct the name, or create the waypoint: istioctl waypoint apply.",
        Waypoints + "#useawaypoint") { SameAs = ["KIA1313"] };

    /// <summary>What only a waypoint can carry out, where there is none.</summary>
    public static readonly FindingRule WaypointMissing = new(
        "VCM0353", FindingSeverity.Warning,
        "The {0} is about requests, and {1} uses no waypoint: it is not carried out as it reads.",
        "ztunnel handles connections, not requests. A route or rule has no effect there; an AuthorizationPolicy that it cannot evaluate refuses.",
        "Create a waypoint, and label {1} with its name: istio.io/use-waypoint.",
        Requests) { SameAs = ["KIA0109", "KIA0210", "KIA0211", "KIA1109", "KIA1110", "KIA1111", "KIA1112", "KIA1113", "KIA1317"] };

    /// <summary>A policy that a waypoint does not take.</summary>
    public static readonly FindingRule TargetMissing = new(
        "VCM0354", FindingSeverity.Warning,
        "The {0} is about requests and has no targetRefs: the waypoint does not take it.",
        "A waypoint takes policies that name it, or a service behind it, in targetRefs; selectors are for ztunnel and sidecars.",
        "Write targetRefs in place of the selector.",
        Requests) { SameAs = ["KIA0110", "KIA1115", "KIA1116", "KIA1117"] };

    /// <summary>Routes and rules of callers, which a waypoint does not take.</summary>
    public static readonly FindingRule RouteElsewhere = new(
        "VCM0355", FindingSeverity.Info,
        "The {0} is for {1}, which is in ambient mode: callers without sidecar do not follow it.",
        "In ambient mode the waypoint of a service carries routes and rules out, and it takes those of the service's namespace and of its own only.",
        "Move it to the namespace {2}, unless it is meant for callers with sidecars.",
        Requests) { SameAs = ["KIA0212", "KIA1114"] };

    /// <summary>The rules of this area.</summary>
    public static IReadOnlyList<FindingRule> All { get; } = [TwoModes, WaypointUnknown, WaypointMissing, TargetMissing, RouteElsewhere];
}
