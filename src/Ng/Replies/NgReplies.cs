namespace RtpCluster.Ng;

/// <summary>Replies with a fixed shape; the strings are those that Kamailio and others match literally.</summary>
public static class NgReplies
{
    /// <summary>A fresh <c>result: ok</c>.</summary>
    public static NgDictionary Ok() => new NgDictionary().Add("result", "ok");

    /// <summary><c>result: error</c> with its reason.</summary>
    public static NgDictionary Error(string reason) => new NgDictionary().Add("result", "error").Add("error-reason", reason);

    /// <summary>The reply that makes the client try another node: <c>load limit</c> for those that know it, else the literal error.</summary>
    /// <param name="message">Why, for those that know it.</param>
    /// <param name="supportsLoadLimit">The client's command said so.</param>
    public static NgDictionary LoadLimit(string message, bool supportsLoadLimit) => supportsLoadLimit
        ? new NgDictionary().Add("result", "load limit").Add("message", message)
        : Error(NgErrors.SessionLimit);
}
