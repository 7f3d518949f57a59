using System.Collections.Frozen;

namespace RtpCluster.Ng;

/// <summary>One row of the verb table.</summary>
/// <param name="Verb">Which verb.</param>
/// <param name="Name">Its name in <c>command</c>, lower case with spaces.</param>
/// <param name="ShortName">Its name in logs and metrics.</param>
public sealed record NgVerbInfo(NgVerb Verb, string Name, string ShortName);

/// <summary>The verb table: names in requests, logs and metrics.</summary>
public static class NgVerbs
{
    private static readonly NgVerbInfo[] Rows =
    [
        new(NgVerb.Unknown, "unknown", "Unknown"),
        new(NgVerb.Ping, "ping", "Ping"),
        new(NgVerb.Offer, "offer", "Offer"),
        new(NgVerb.Answer, "answer", "Answer"),
        new(NgVerb.Delete, "delete", "Delete"),
        new(NgVerb.Query, "query", "Query"),
        new(NgVerb.List, "list", "List"),
        new(NgVerb.Statistics, "statistics", "Stats"),
        new(NgVerb.StartRecording, "start recording", "StartRec"),
        new(NgVerb.StopRecording, "stop recording", "StopRec"),
        new(NgVerb.PauseRecording, "pause recording", "PauseRec"),
        new(NgVerb.StartForwarding, "start forwarding", "StartFwd"),
        new(NgVerb.StopForwarding, "stop forwarding", "StopFwd"),
        new(NgVerb.BlockDtmf, "block dtmf", "BlkDTMF"),
        new(NgVerb.UnblockDtmf, "unblock dtmf", "UnblkDTMF"),
        new(NgVerb.BlockMedia, "block media", "BlkMedia"),
        new(NgVerb.UnblockMedia, "unblock media", "UnblkMedia"),
        new(NgVerb.SilenceMedia, "silence media", "SlnMedia"),
        new(NgVerb.UnsilenceMedia, "unsilence media", "UnslnMedia"),
        new(NgVerb.PlayMedia, "play media", "PlayMedia"),
        new(NgVerb.StopMedia, "stop media", "StopMedia"),
        new(NgVerb.PlayDtmf, "play dtmf", "PlayDTMF"),
        new(NgVerb.Publish, "publish", "Pub"),
        new(NgVerb.SubscribeRequest, "subscribe request", "SubReq"),
        new(NgVerb.SubscribeAnswer, "subscribe answer", "SubAns"),
        new(NgVerb.Unsubscribe, "unsubscribe", "Unsub"),
        new(NgVerb.Connect, "connect", "Conn"),
        new(NgVerb.InjectStart, "inject start", "InjStart"),
        new(NgVerb.InjectStop, "inject stop", "InjStop"),
        new(NgVerb.Transform, "transform", "Trnsfm"),
        new(NgVerb.Create, "create", "Create"),
        new(NgVerb.CreateAnswer, "create answer", "CrtAnsw"),
        new(NgVerb.Mesh, "mesh", "Mesh"),
        new(NgVerb.Cli, "cli", "CLI"),
    ];

    private static readonly FrozenDictionary<string, NgVerbInfo> ByName =
        Rows.Skip(1).ToFrozenDictionary(row => Flags.WordForm.Normalise(row.Name), StringComparer.Ordinal);

    private static readonly FrozenDictionary<NgVerb, NgVerbInfo> ByVerb = Rows.ToFrozenDictionary(row => row.Verb);

    /// <summary>Every verb, <see cref="NgVerb.Unknown"/> first.</summary>
    public static IReadOnlyList<NgVerbInfo> All => Rows;

    /// <summary>The row of a verb.</summary>
    public static NgVerbInfo Of(NgVerb verb) => ByVerb[verb];

    /// <summary>Finds a verb by any spelling of its name: case, '-', '_' and ' ' do not matter.</summary>
    public static NgVerb Find(string name) =>
        ByName.TryGetValue(Flags.WordForm.Normalise(name), out var row) ? row.Verb : NgVerb.Unknown;
}
