using System.Text;
using RtpCluster.CallActors;
using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Server.Cli;

/// <summary>What the operator reads: <c>list …</c>.</summary>
internal static class ListCommands
{
    /// <summary>The rows.</summary>
    public static IEnumerable<CliCommand> All =>
    [
        CliCommand.Of("list numsessions", string.Empty, "how many sessions there are", NumSessions),
        new("list sessions", "[<callid>|all|own|foreign]", "the sessions, or one in full", SessionsAsync),
        new("list totals", string.Empty, "everything counted since the start", Statistics(Totals)),
        new("list counters", string.Empty, "what goes on now, per second", Statistics(Rates)),
        new("list interfaces", string.Empty, "local addresses, their ports and traffic", Statistics(Interfaces)),
        new("list jsonstats", string.Empty, "all statistics as JSON", Statistics(Json)),
        CliCommand.Of("list transcoders", string.Empty, "running transcoders", static (_, _) => "No stats available (no active transcoders)\n"),
    ];

    /// <summary>A tree of values as indented text.</summary>
    internal static string Tree(NgValue value)
    {
        var text = new StringBuilder();
        Append(text, value, 0);
        return text.ToString();
    }

    private static Func<CliContext, string[], CancellationToken, ValueTask<string>> Statistics(Func<CliContext, NodeStatistics, string> print) =>
        async (context, _, cancel) => print(context, await context.Statistics(cancel));

    private static string NumSessions(CliContext context, string[] words)
    {
        int own = context.Registry.Host.Sessions.Current;
        return $"Current sessions own: {own}\nCurrent sessions foreign: 0\nCurrent sessions total: {own}\nCurrent transcoded media: 0\n";
    }

    private static async ValueTask<string> SessionsAsync(CliContext context, string[] words, CancellationToken cancel)
    {
        if (words is ["foreign"])
        {
            return "No foreign sessions on this node.\n";
        }

        if (words.Length > 0 && words[0] is not ("all" or "own"))
        {
            return await CallCommands.InfoAsync(context, words[0], cancel);
        }

        var text = new StringBuilder();
        foreach (var actor in context.Registry.Calls)
        {
            await AppendAsync(text, actor);
        }

        return text.Length == 0 ? "No sessions on this node.\n" : text.ToString();
    }

    private static async Task AppendAsync(StringBuilder text, CallActor actor)
    {
        if (await ReadAsync(actor) is { } state)
        {
            text.Append("callid: ").Append(actor.CallId).Append(" | deletion mark: ").Append(state.DeleteAt is null ? "no" : "yes")
                .Append(" | created: ").Append(state.Created.Seconds).Append(" | proxy: ").Append(state.CreatedFrom)
                .Append(" | last signal: ").Append(state.LastSignal.Seconds).Append(" | foreign: no\n");
        }
    }

    private static async Task<CallState?> ReadAsync(CallActor actor)
    {
        try
        {
            return await actor.ReadStateAsync();
        }
        catch (Exception e) when (e is OwnershipLostException or FormatException)
        {
            return null; // another node lists it, or what is stored cannot be read
        }
    }

    private static string Totals(CliContext context, NodeStatistics node)
    {
        var reply = context.Reply(node);
        return "Statistics since the start:\n" + Tree(reply["totalstatistics"]!) + "Control:\n" + Tree(reply["controlstatistics"]!);
    }

    private static string Rates(CliContext context, NodeStatistics node) =>
        $"Current per-second counters:\n  packets: {node.Rate.Packets}\n  bytes: {node.Rate.Bytes}\n  errors: {node.Rate.Errors}\n"
        + $"  sessions: {node.Sessions.Current}\n  streams: {node.Media.Streams}\n";

    private static string Interfaces(CliContext context, NodeStatistics node) => Tree(context.Reply(node)["interfaces"]!);

    private static string Json(CliContext context, NodeStatistics node) =>
        NgCodec.FromBytes(NgCodec.Encode(context.Reply(node), NgFormat.Json)) + "\n";

    private static void Append(StringBuilder text, NgValue value, int depth)
    {
        switch (value)
        {
            case NgDictionary dictionary:
                foreach (var (key, item) in dictionary.Entries)
                {
                    text.Append(' ', depth * 2).Append(key).Append(':');
                    AppendItem(text, item, depth);
                }

                break;
            case NgList list:
                foreach (var item in list.Items)
                {
                    text.Append(' ', depth * 2).Append('-');
                    AppendItem(text, item, depth);
                }

                break;
            default:
                break;
        }
    }

    private static void AppendItem(StringBuilder text, NgValue item, int depth)
    {
        if (item is NgString or NgInteger)
        {
            text.Append(' ').Append(item is NgString word ? word.Text : ((NgInteger)item).Number.ToString()).Append('\n');
            return;
        }

        text.Append('\n');
        Append(text, item, depth + 1);
    }
}
