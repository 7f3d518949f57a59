using System.Collections.Concurrent;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Control;

/// <summary>A handler whose answers a test decides; it keeps what it was asked.</summary>
internal sealed class ScriptedHandler(Func<NgCommand, ValueTask<NgDictionary>> answer) : INgHandler
{
    public ScriptedHandler()
        : this(command => new ValueTask<NgDictionary>(NgReplies.Ok().Add("call-id", command.CallId ?? string.Empty)))
    {
    }

    /// <summary>The commands, in the order they came.</summary>
    public ConcurrentQueue<NgCommand> Commands { get; } = [];

    public ValueTask<NgDictionary> HandleAsync(NgCommand command, CancellationToken cancel)
    {
        Commands.Enqueue(command);
        return answer(command);
    }
}

/// <summary>A command-line interface that repeats the line.</summary>
internal sealed class EchoCli : ICliHandler
{
    public ValueTask<string> ExecuteAsync(string line, CancellationToken cancel) => new($"ran {line}\n");
}

/// <summary>A clock that moves when told.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Advance(TimeSpan by) => _ticks += by.Ticks;
}
