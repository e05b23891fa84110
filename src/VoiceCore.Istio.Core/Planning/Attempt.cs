using VoiceCore.Istio.Core.Errors;

namespace VoiceCore.Istio.Core.Planning;

/// <summary>Work that may fail for one object while the others go on.</summary>
internal static class Attempt
{
    /// <summary>Why it failed; null where it did not.</summary>
    internal static async Task<MeshException?> Async(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (MeshException error)
        {
            return error;
        }
    }
}
