namespace VoiceCore.Istio.Core.Planning;

/// <summary>What is to be done with an object, or was done.</summary>
public enum PlanAction
{
    /// <summary>It is as the definition says.</summary>
    Unchanged,

    /// <summary>It is not there yet.</summary>
    Create,

    /// <summary>Fields of it differ, and nobody else owns them.</summary>
    Update,

    /// <summary>Fields of it differ, and another manager owns them: nothing is done unless it is forced.</summary>
    Conflict,

    /// <summary>The caller may not read it: nothing can be said.</summary>
    Unknown,

    /// <summary>It was created by the module and is removed: by an uninstall, or because the definition no longer has it.</summary>
    Delete,

    /// <summary>It was there before: the module gives back what it changed.</summary>
    Restore,

    /// <summary>It stays, for the reason that is given.</summary>
    Keep,
}
