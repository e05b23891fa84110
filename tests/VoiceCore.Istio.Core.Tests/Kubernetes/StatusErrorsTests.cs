using System.Text;
using VoiceCore.Istio.Core.Errors;
using VoiceCore.Istio.Core.Kubernetes;

namespace VoiceCore.Istio.Core.Tests.Kubernetes;

/// <summary>From the API server's Status objects (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/) to our errors.</summary>
public sealed class StatusErrorsTests
{
    private static readonly ApiRequest Request = new("apply", "x", "Service a/b") { Body = "{}"u8.ToArray() };

    [Theory]
    [InlineData(401, "Unauthorized", "Unauthorized", "ClusterUnauthorized", MeshErrorCategory.AuthenticationError)]
    [InlineData(403, "Forbidden", "services is forbidden", "ClusterForbidden", MeshErrorCategory.PermissionDenied)]
    [InlineData(404, "NotFound", "services \"b\" not found", "ObjectNotFound", MeshErrorCategory.ObjectNotFound)]
    [InlineData(409, "AlreadyExists", "exists", "ObjectExists", MeshErrorCategory.ResourceExists)]
    [InlineData(409, "Conflict", "the object has been modified", "ObjectChanged", MeshErrorCategory.ResourceExists)]
    [InlineData(410, "Expired", "too old", "ContinueExpired", MeshErrorCategory.InvalidResult)]
    [InlineData(422, "Invalid", "spec.ports: Required value", "ObjectInvalid", MeshErrorCategory.InvalidData)]
    [InlineData(400, "BadRequest", "strict decoding error", "ObjectInvalid", MeshErrorCategory.InvalidData)]
    [InlineData(500, "", "failed to create typed patch object: .spec.x: field not declared in schema", "ObjectInvalid", MeshErrorCategory.InvalidData)]
    [InlineData(500, "InternalError", "etcd", "ClusterUnavailable", MeshErrorCategory.ResourceUnavailable)]
    [InlineData(503, "ServiceUnavailable", "busy", "ClusterUnavailable", MeshErrorCategory.ResourceUnavailable)]
    [InlineData(501, "", "not in the sandbox", "RequestRefused", MeshErrorCategory.NotImplemented)]
    [InlineData(429, "TooManyRequests", "budget", "ClusterBusy", MeshErrorCategory.ResourceBusy)]
    [InlineData(405, "MethodNotAllowed", "no", "RequestRefused", MeshErrorCategory.InvalidOperation)]
    [InlineData(400, "BadRequest", "admission webhook \"validation.istio.io\" denied the request: configuration is invalid", "AdmissionDenied", MeshErrorCategory.InvalidData)]
    [InlineData(422, "Invalid", "pods \"p\" is forbidden: ValidatingAdmissionPolicy 'labels' with binding 'all' denied request: team label is missing", "AdmissionDenied", MeshErrorCategory.InvalidData)]
    [InlineData(413, "RequestEntityTooLarge", "pods \"p\" is forbidden: ValidatingAdmissionPolicy 'labels' with binding 'all' denied request: team label is missing", "AdmissionDenied", MeshErrorCategory.InvalidData)]
    [InlineData(500, "InternalError", "Internal error occurred: failed calling webhook \"rev.namespace.sidecar-injector.istio.io\": service \"istiod\" not found", "AdmissionWebhookFailed", MeshErrorCategory.ResourceUnavailable)]
    public void Each_status_has_its_error(int code, string reason, string message, string id, MeshErrorCategory category)
    {
        var error = From(code, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":{{System.Text.Json.JsonSerializer.Serialize(message)}}}""");

        Assert.Equal((id, category), (error.Id, error.Category));
        Assert.NotEmpty(error.RecommendedAction!);
    }

    [Fact]
    public void A_path_that_is_not_served_is_told_apart_from_an_object_that_is_not_there() =>
        Assert.Equal("ResourceNotServed", From(404, "404 page not found\n").Id);

    [Fact]
    public void Conflicts_name_each_owner_with_its_fields()
    {
        var error = From(409, """
            {"kind":"Status","code":409,"reason":"Conflict","message":"Apply failed","details":{"causes":[
              {"reason":"FieldManagerConflict","message":"conflict with \"helm\" using apps/v1","field":".spec.replicas"},
              {"reason":"FieldManagerConflict","message":"conflict with \"helm\" using apps/v1","field":".spec.paused"},
              {"reason":"FieldManagerConflict","message":"conflict with \"kubectl\" with subresource \"scale\" using apps/v1","field":".spec.x"}]}}
            """);

        Assert.Equal("FieldConflict", error.Id);
        Assert.Contains(".spec.replicas, .spec.paused (helm); .spec.x (kubectl)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>\r\n<body>Bad gateway</body>\r\n</html>")]
    [InlineData("""{"kind":"Status","reason":7,"message":[],"details":{"causes":[null,1]},"metadata":"x"}""")]
    [InlineData("""{"kind":"Status","details":3}""")]
    [InlineData("[]")]
    public void An_answer_of_something_on_the_way_is_an_error_all_the_same(string body)
    {
        var error = From(502, body);

        Assert.Equal("ClusterUnavailable", error.Id);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_long_page_of_a_proxy_is_cut() => Assert.True(From(502, new string('x', 100_000)).Message.Length < 1000);

    private static MeshException From(int code, string body) =>
        StatusErrors.From(Request, new ApiAnswer(code, Encoding.UTF8.GetBytes(body), null), ScriptedServer.Cluster);
}
