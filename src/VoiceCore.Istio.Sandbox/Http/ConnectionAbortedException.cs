namespace VoiceCore.Istio.Sandbox.Http;

/// <summary>Thrown by a handler that wants the client to find the connection broken, to rehearse that.</summary>
public sealed class ConnectionAbortedException : Exception;
