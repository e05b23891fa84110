# What the examples of the help pages work on: rehearsal clusters with the mesh, and a folder with the files that the examples name.
# Dot-sourced by Examples.Tests.ps1.

# The examples of a page in order, each with its code as it is printed. Of a page that is no cmdlet's, each block of PowerShell is one.
function Get-PageExample([string] $Path) {
    $text = [IO.File]::ReadAllText($Path).ReplaceLineEndings("`n")
    $page = [IO.Path]::GetFileNameWithoutExtension($Path)
    $number = 0
    foreach ($match in [regex]::Matches($text, '(?ms)(?:^### Example \d+: (?<title>[^\n]*)\n\n)?^```powershell\n(?<code>.*?)\n```')) {
        $number++
        @{ Page = $page; Number = "Example $number"; Title = $match.Groups['title'].Value; Code = $match.Groups['code'].Value }
    }
}

# A request to the API server of a sandbox, as kubectl would send it.
function Invoke-Sandbox($Sandbox, [string] $Path, [object] $Body) {
    $token = (Get-Content -Raw $Sandbox.Kubeconfig | ConvertFrom-Json).users[0].user.token
    $request = @{ Uri = [uri]::new($Sandbox.Server, $Path); Headers = @{ Authorization = "Bearer $token" }; SkipCertificateCheck = $true }
    if ($Body) { $request += @{ Method = 'Post'; ContentType = 'application/json'; Body = $Body | ConvertTo-Json -Depth 30 } }
    Invoke-RestMethod @request
}

# The mesh of mesh.yaml.
function Install-ExampleMesh($Sandbox) {
    $null = $Sandbox | Install-VoiceCoreMesh -DefinitionPath mesh.yaml -IncludeWorkloads -Confirm:$false -WarningAction Ignore
}

# A cluster with it.
function Start-ExampleCluster([string] $Name) {
    $sandbox = Start-MeshSandbox -Name $Name
    Install-ExampleMesh $sandbox
    $sandbox
}

# What examples expect beside it: a second revision, the tag prod, namespaces of others and two versions of a service.
function Add-ExampleObject($Sandbox) {
    $null = $Sandbox | Install-VoiceCoreMesh -DefinitionPath mesh.yaml -Revision 1-31-0 -Confirm:$false -WarningAction Ignore
    $null = $Sandbox | Install-VoiceCoreMesh -DefinitionPath mesh.yaml -Revision 1-30-3 -Confirm:$false -WarningAction Ignore

    $webhooks = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
    $tag = Invoke-Sandbox $sandbox "$webhooks/istio-sidecar-injector-1-30-3"
    $tag.metadata = @{ name = 'istio-revision-tag-prod'; labels = @{ app = 'sidecar-injector'; 'istio.io/rev' = '1-30-3'; 'istio.io/tag' = 'prod' } }
    $tag = $tag | ConvertTo-Json -Depth 30 | ForEach-Object Replace '"1-30-3"' '"prod"' | ConvertFrom-Json
    $tag.metadata.labels.'istio.io/rev' = '1-30-3'
    $null = Invoke-Sandbox $sandbox $webhooks $tag

    foreach ($namespace in 'team-a', 'team-b', 'legacy') {
        $null = Invoke-Sandbox $sandbox /api/v1/namespaces @{ apiVersion = 'v1'; kind = 'Namespace'; metadata = @{ name = $namespace } }
    }

    $null = Invoke-Sandbox $sandbox /apis/networking.istio.io/v1/namespaces/voicecore-ai/destinationrules @{
        apiVersion = 'networking.istio.io/v1'; kind = 'DestinationRule'; metadata = @{ name = 'tenant-versions'; namespace = 'voicecore-ai' }
        spec = @{ host = 'tenant'; subsets = @(@{ name = 'v1'; labels = @{ version = 'v1' } }, @{ name = 'v2'; labels = @{ version = 'v2' } }) }
    }
}

# What `kubectl get -A -o json` would write, which is YAML too.
function Save-Cluster($Sandbox, [string] $Path) {
    $items = foreach ($list in '/api/v1/namespaces', '/api/v1/services', '/api/v1/pods', '/apis/apps/v1/deployments', '/apis/apps/v1/replicasets', '/apis/discovery.k8s.io/v1/endpointslices',
        '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', '/apis/networking.istio.io/v1/destinationrules', '/apis/networking.istio.io/v1/virtualservices',
        '/apis/security.istio.io/v1/peerauthentications', '/apis/security.istio.io/v1/authorizationpolicies') {
        $answer = Invoke-Sandbox $Sandbox $list
        $kind = $answer.kind -replace 'List$'
        $answer.items | ForEach-Object { $_ | Add-Member @{ apiVersion = $answer.apiVersion; kind = $kind } -Force -PassThru }
    }
    @{ apiVersion = 'v1'; kind = 'List'; items = $items } | ConvertTo-Json -Depth 30 | Set-Content $Path
}

# The files that the examples read, in the current folder.
function New-ExampleFile($Sandbox) {
    $null = New-Item -ItemType Directory meshes, snapshots, mesh
    Copy-Item mesh.yaml meshes
    $null = Export-VoiceCoreMesh -Path today -DefinitionPath mesh.yaml -WarningAction Ignore
    Copy-Item today planned -Recurse
    Copy-Item today manifests -Recurse
    Save-Cluster $Sandbox cluster.yaml
    Copy-Item cluster.yaml production.yaml
    Copy-Item cluster.yaml mesh
    Copy-Item mesh cluster-dump -Recurse
    Export-MeshSnapshot -Path mesh.json.gz -Context $Sandbox.Context
    foreach ($copy in 'before', 'monday', 'tuesday', 'baseline', 'mesh[1]', 'snapshots/mesh-20261124') {
        Copy-Item -LiteralPath mesh.json.gz "$copy.json.gz"
    }

    Set-Content requests.csv "From,To,Port,Method,Path`nvoicecore-ai/gateway,voicecore-ai/tenant,80,GET,/api`nvoicecore-ai/billing,voicecore-ai/crm,80,GET,/"
    Set-Content policies.csv "Lifetime,RotateBefore,GracePeriod`n24h,12h,12h`n2160h,24h,216h"
    Set-Content products.csv "Path,Product,Service`nshop-mesh.yaml,shop,web`nblog-mesh.yaml,blog,site"
    Set-Content suppressions.yaml "suppressions:`n- code: VCM0205`n  object: DestinationRule shop/*`n  reason: The service speaks HTTP/1.1 only.`n  expires: 2099-01-31"
}
