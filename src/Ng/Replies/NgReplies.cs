namespace RtpCluster.Ng;

/// <summary>Replies with a fixed shape; the strings are those that Kamailio and others match literally.</summary>
public static class NgReplies
{
    /// <summary>A fresh <c>result: ok</c>.</summary>
    public static NgDictionary Ok() => new NgDictionary().Add("result", "ok");

    /// <summary><c>result: error</c> with its reason.</summary>
    public static NgDictionary Error(string reason) => new NgDictionary().Add("result", "error").Add("error-reason", reason);
}
