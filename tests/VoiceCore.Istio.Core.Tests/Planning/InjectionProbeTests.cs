using System.Text;
using System.Text.Json;
using VoiceCore.Istio.Core.Kubernetes;
using VoiceCore.Istio.Core.Planning;
using VoiceCore.Istio.Core.Tests.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Planning;

/// <summary>What the API server's answers to a pod that is only tried mean, in the words of Kubernetes 1.36.</summary>
public sealed class InjectionProbeTests
{
    private static readonly ApiRequest Request = new("create", "x", "Pod shop/voicecore-mesh-probe") { Body = "{}"u8.ToArray() };

    [Theory]
    [InlineData(403, "Forbidden", "pods \"voicecore-mesh-probe\" is forbidden: error looking up service account shop/default: serviceaccount \"default\" not found", false, true)]
    [InlineData(500, "InternalError", "Internal error occurred: failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": service \"istiod\" not found", false, true)]
    [InlineData(503, "ServiceUnavailable", "busy", false, true)]
    [InlineData(403, "Forbidden", "pods is forbidden: User \"jane\" cannot create resource \"pods\" in API group \"\" in the namespace \"shop\"", true, false)]
    [InlineData(403, "Forbidden", "pods is forbidden: User \"system:serviceaccount:ci:deployer\" cannot create resource \"pods\" in API group \"\" in the namespace \"shop\"", true, false)]
    [InlineData(400, "BadRequest", "admission webhook \"validate.kyverno.svc\" denied the request: label team is missing", true, false)]
    [InlineData(422, "Invalid", "pods \"voicecore-mesh-probe\" is forbidden: ValidatingAdmissionPolicy 'labels' with binding 'all' denied request: label team is missing", true, false)]
    [InlineData(403, "Forbidden", "pods \"voicecore-mesh-probe\" is forbidden: ValidatingAdmissionPolicy 'labels' with binding 'all' denied request: label team is missing", true, false)]
    public void Tells_a_refusal_from_what_may_come_yet(int code, string reason, string message, bool isRefusal, bool mayComeYet)
    {
        var body = $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":{{JsonSerializer.Serialize(message)}}}""";
        var error = StatusErrors.From(Request, new ApiAnswer(code, Encoding.UTF8.GetBytes(body), null), ScriptedServer.Cluster);

        Assert.Equal((isRefusal, mayComeYet), (InjectionProbe.IsRefusal(error), InjectionProbe.MayComeYet(error)));
    }
}
