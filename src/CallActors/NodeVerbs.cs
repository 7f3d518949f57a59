using System.Collections.Frozen;
using RtpCluster.Ng;

namespace RtpCluster.CallActors;

/// <summary>The verbs that concern the node rather than a call: add a row to add a verb.</summary>
internal sealed class NodeVerbs
{
    private const int DefaultListLimit = 32;
    private readonly FrozenDictionary<NgVerb, Func<NgCommand, CancellationToken, ValueTask<NgDictionary>>> _rows;
    private readonly CallRegistry _registry;

    public NodeVerbs(CallRegistry registry)
    {
        _registry = registry;
        _rows = new Dictionary<NgVerb, Func<NgCommand, CancellationToken, ValueTask<NgDictionary>>>
        {
            [NgVerb.Ping] = static (_, _) => ValueTask.FromResult(new NgDictionary().Add("result", "pong")),
            [NgVerb.List] = (command, _) => ValueTask.FromResult(List(command)),
            [NgVerb.Statistics] = StatisticsAsync,
            [NgVerb.Cli] = CliAsync,
        }.ToFrozenDictionary();
    }

    /// <summary>What runs the verb; null: it concerns a call.</summary>
    public Func<NgCommand, CancellationToken, ValueTask<NgDictionary>>? Find(NgVerb verb) => _rows.GetValueOrDefault(verb);

    private NgDictionary List(NgCommand command)
    {
        long limit = command.Limit ?? DefaultListLimit;
        if (limit < 0)
        {
            return NgReplies.Error("invalid limit, must be >= 0");
        }

        var calls = new NgList();
        foreach (var actor in _registry.Calls.Take((int)Math.Min(limit, int.MaxValue)))
        {
            calls.Items.Add(actor.CallId.Value);
        }

        return NgReplies.Ok().Add("calls", calls);
    }

    private async ValueTask<NgDictionary> StatisticsAsync(NgCommand command, CancellationToken cancel) => _registry.Statistics is { } read
        ? NgReplies.Ok().Add("statistics", await read(cancel).ConfigureAwait(false))
        : NgReplies.Error("not supported yet: statistics");

    private async ValueTask<NgDictionary> CliAsync(NgCommand command, CancellationToken cancel) => _registry.Cli is { } cli
        ? NgReplies.Ok().Add("response", await cli.ExecuteAsync(command.Body ?? string.Empty, cancel).ConfigureAwait(false))
        : NgReplies.Error("not supported yet: cli");
}
