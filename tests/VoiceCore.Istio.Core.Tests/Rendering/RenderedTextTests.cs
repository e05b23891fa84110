using VoiceCore.Istio.Core.Definition;
using VoiceCore.Istio.Core.Rendering;

namespace VoiceCore.Istio.Core.Tests.Rendering;

public sealed class RenderedTextTests
{
    [Fact]
    public void AFileIsItsDescriptionAndItsDocuments()
    {
        var mesh = MeshRenderer.Render(MeshDefinitionFile.VoiceCore, new RenderOptions { Revision = "1-30-3" });
        Assert.Equal(
            """
            # Tracing of the whole mesh.
            # Rendered from the mesh definition. Change the definition, not this file.
            ---
            apiVersion: telemetry.istio.io/v1
            kind: Telemetry
            metadata:
              name: mesh-default
              namespace: istio-system
              labels:
                app.kubernetes.io/managed-by: voicecore-mesh
                app.kubernetes.io/part-of: voicecore-ai
            spec:
              tracing:
              - providers:
                - name: otel
                randomSamplingPercentage: 100

            """.ReplaceLineEndings("\n"),
            RenderedText.Of(mesh.Files.Single(file => file.Name == "telemetry.yaml")));
    }
}
