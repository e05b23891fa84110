namespace VoiceCore.Istio.Core.Errors;

/// <summary>
/// What kind of failure an error is. The names are those of PowerShell's <c>ErrorCategory</c>, which the cmdlets map them to by name,
/// so that Core needs no reference to PowerShell.
/// </summary>
public enum MeshErrorCategory
{
    /// <summary>A parameter or a document says something that cannot be.</summary>
    InvalidArgument,

    /// <summary>Data that was read is malformed or contradicts itself.</summary>
    InvalidData,

    /// <summary>The operation cannot be done in the state that things are in.</summary>
    InvalidOperation,

    /// <summary>The operation was tried and failed.</summary>
    InvalidResult,

    /// <summary>The object does not exist.</summary>
    ObjectNotFound,

    /// <summary>The object exists already, or another manager owns it.</summary>
    ResourceExists,

    /// <summary>The server is there but cannot serve now.</summary>
    ResourceUnavailable,

    /// <summary>The server asks to come again later.</summary>
    ResourceBusy,

    /// <summary>The credentials were not accepted.</summary>
    AuthenticationError,

    /// <summary>The credentials were accepted and lack a right.</summary>
    PermissionDenied,

    /// <summary>No connection could be made, or it broke.</summary>
    ConnectionError,

    /// <summary>The other side broke the protocol.</summary>
    ProtocolError,

    /// <summary>A time-out ran out.</summary>
    OperationTimeout,

    /// <summary>A needed program is not installed.</summary>
    NotInstalled,

    /// <summary>The feature is not implemented here.</summary>
    NotImplemented,

    /// <summary>Reading failed.</summary>
    ReadError,

    /// <summary>Writing failed.</summary>
    WriteError,

    /// <summary>A file could not be opened.</summary>
    OpenError,
}
