using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using VoiceCore.Istio.Abstractions;
using VoiceCore.Istio.Completion;
using VoiceCore.Istio.Core.Resolution;

namespace VoiceCore.Istio.Commands.Mesh;

[Cmdlet(VerbsDiagnostic.Test, "MeshAuthorization", DefaultParameterSetName = ClusterSet)]
[OutputType(typeof(AuthorizationAnswer), typeof(bool))]
public sealed class TestMeshAuthorizationCommand : MeshStateCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public string? From { get; set; }

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string To { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string Method { get; set; } = "GET";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "/";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? HostName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable? Header { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable? Claim { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        IReadOnlyList<AuthorizationAnswer> answers = [];
        var done = TryItem(() =>
        {
            answers = Prepared(mesh => new AuthorizationTester(mesh)).Run(new AuthorizationQuery
            {
                From = From,
                To = To,
                Port = Port,
                Method = Method,
                Path = Path,
                Host = HostName,
                Headers = Texts(Header),
                Claims = Claims(Claim),
            });
        });
        if (Quiet)
            WriteObject(done && answers.All(answer => answer.IsAllowed));
        else
            WriteObject(answers, enumerateCollection: true);
    }

    private static JsonObject? Claims(Hashtable? table)
    {
        if (table is null)
            return null;
        var claims = new JsonObject();
        foreach (DictionaryEntry entry in table)
            claims[Text(entry.Key)] = ClaimValue(entry.Value);
        return claims;
    }

    private static JsonNode? ClaimValue(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        string text => JsonValue.Create(text),
        Hashtable table => Claims(table),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(ClaimValue)]),
        bool flag => JsonValue.Create(flag),
        var other => JsonValue.Create(Text(other)),
    };
}
