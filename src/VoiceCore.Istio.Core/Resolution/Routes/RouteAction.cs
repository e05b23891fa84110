namespace VoiceCore.Istio.Core.Resolution;

/// <summary>What a route does with requests.</summary>
public enum RouteAction
{
    /// <summary>Passes them on.</summary>
    Forward,

    /// <summary>Answers with a redirect.</summary>
    Redirect,

    /// <summary>Answers with a fixed response.</summary>
    DirectResponse,
}
