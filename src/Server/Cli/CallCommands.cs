using RtpCluster.Ng;

namespace RtpCluster.Server.Cli;

/// <summary>What the operator does to calls: <c>terminate …</c>, <c>call …</c>.</summary>
internal static class CallCommands
{
    /// <summary>The rows.</summary>
    public static IEnumerable<CliCommand> All =>
    [
        new("terminate", "<callid>|all|own", "end one session, or all", TerminateAsync),
        new("call", "<callid> info|terminate|tag <tag> info", "one session", CallAsync),
    ];

    /// <summary>A call in full, as <c>query</c> tells it.</summary>
    internal static async ValueTask<string> InfoAsync(CliContext context, string callId, CancellationToken cancel, string? tag = null)
    {
        if (context.Registry.Find(callId) is null)
        {
            return Unknown(callId);
        }

        var reply = await context.Registry.HandleAsync(new NgCommand { Verb = NgVerb.Query, CallId = callId, FromTag = tag }, cancel);
        return $"callid: {callId}\n{ListCommands.Tree(reply)}";
    }

    private static async ValueTask<string> TerminateAsync(CliContext context, string[] words, CancellationToken cancel)
    {
        switch (words)
        {
            case ["all"] or ["own"]:
                int count = 0;
                foreach (string callId in context.Registry.Calls.Select(actor => actor.CallId.Value).ToList())
                {
                    count += await context.Registry.TerminateAsync(callId) ? 1 : 0;
                }

                return $"{count} sessions terminated by operator.\n";
            case ["foreign"]:
                return "No foreign sessions on this node.\n";
            case [var callId]:
                return await context.Registry.TerminateAsync(callId) ? $"Session {callId} terminated by operator.\n" : Unknown(callId);
            default:
                return "Say which: terminate <callid>|all|own\n";
        }
    }

    private static async ValueTask<string> CallAsync(CliContext context, string[] words, CancellationToken cancel) => words switch
    {
        [var callId] => await ClusterCommands.StoredAsync(context, callId, cancel),
        [var callId, "info"] => await InfoAsync(context, callId, cancel),
        [var callId, "terminate"] => await TerminateAsync(context, [callId], cancel),
        [var callId, "tag", var tag, "info"] => await InfoAsync(context, callId, cancel, tag),
        [_, "debug" or "delay" or "detect-dtmf", ..] => $"not supported yet: call {words[1]}\n",
        [_, "tag", _, "delay" or "detect-dtmf", ..] => $"not supported yet: call tag {words[3]}\n",
        _ => "Say what: call <callid> info|terminate|tag <tag> info\n",
    };

    private static string Unknown(string callId) => $"Call-ID {callId} not found\n";
}
