using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallActors;

/// <summary>Every call of this node: brings commands, facts and time to their actors. Safe for concurrent use.</summary>
public sealed class CallRegistry : INgHandler
{
    private const int FirstWakeMicros = 5_000_000, WakesPerSecond = 200;
    private readonly Lock _wakeGate = new();
    private Instant _lastWake;
    private readonly ConcurrentDictionary<string, CallActor> _actors = new(StringComparer.Ordinal);
    private readonly NodeVerbs _nodeVerbs;

    /// <summary>Makes a registry and takes over the media node's facts.</summary>
    public CallRegistry(CallHost host, LoadLimits limits, ILoadGauge gauge)
    {
        Host = host;
        Limits = limits;
        Gauge = gauge;
        _nodeVerbs = new NodeVerbs(this);
        host.Retired = actor => _actors.TryRemove(new(actor.CallId.Value, actor));
        host.Node.FactReceived = Receive;
    }

    /// <summary>What the actors share.</summary>
    public CallHost Host { get; }

    /// <summary>Above these no new calls come in.</summary>
    public LoadLimits Limits { get; }

    /// <summary>How loaded the node is.</summary>
    public ILoadGauge Gauge { get; }

    /// <summary>Answers the <c>statistics</c> verb; set by the composition root.</summary>
    public Func<CancellationToken, ValueTask<NgDictionary>>? Statistics { get; set; }

    /// <summary>Answers the <c>cli</c> verb; set by the composition root.</summary>
    public ICliHandler? Cli { get; set; }

    /// <summary>Calls that live now.</summary>
    public IEnumerable<CallActor> Calls => _actors.Values.Where(actor => actor.HasCall);

    /// <summary>The actor of a call; null: no such call.</summary>
    public CallActor? Find(string callId) => _actors.TryGetValue(callId, out var actor) && actor.HasCall ? actor : null;

    /// <inheritdoc/>
    public ValueTask<NgDictionary> HandleAsync(NgCommand command, CancellationToken cancel) =>
        _nodeVerbs.Find(command.Verb) is { } verb ? verb(command, cancel) : RouteAsync(command);

    /// <summary>Ends one call; false: no such call.</summary>
    public async ValueTask<bool> TerminateAsync(string callId)
    {
        if (Find(callId) is not { } actor)
        {
            return false;
        }

        await actor.TerminateAsync(CallEndReason.Forced).ConfigureAwait(false);
        return true;
    }

    /// <summary>Wakes every call that has something to do. Called by the node's one timer.</summary>
    public void Tick()
    {
        foreach (var actor in Host.Deadlines.TakeDue(Host.Clock()))
        {
            Forget(Host.Gate is null ? actor.TickAsync() : GatedAsync(actor, static a => a.TickAsync()));
        }
    }

    /// <summary>Brings a stored call to life, or to its stored state; the plan it had, null: none was pushed.</summary>
    /// <exception cref="FormatException">It is damaged, or of a newer format.</exception>
    public MediaPlan? Restore(StoredCall stored)
    {
        var machine = Host.Restore(stored);
        if (_actors.TryRemove(stored.CallId.Value, out var before))
        {
            before.Evict();
        }

        Adopt(machine);
        return machine.CurrentPlan();
    }

    /// <summary>
    /// Says that the store has a call of ours, without restoring it: that happens with its first message, and after some seconds, one after the other, for those
    /// that get none.
    /// </summary>
    public void RestoreLater(CallId callId)
    {
        var actor = new CallActor(callId, Host);
        if (_actors.TryRemove(callId.Value, out var before))
        {
            before.Evict();
        }

        _actors[callId.Value] = actor;
        actor.SleepUntil(NextWake());
    }

    /// <summary>The plan of a stored call, without touching the one that lives; null: none was pushed.</summary>
    /// <exception cref="FormatException">It is damaged, or of a newer format.</exception>
    public MediaPlan? PlanOf(StoredCall stored) => Host.Restore(stored).CurrentPlan();

    /// <summary>Gives calls up without ending them: other nodes go on with them.</summary>
    public void Evict(Predicate<CallId> calls)
    {
        foreach (var (id, actor) in _actors.Where(a => calls(new CallId(a.Key))))
        {
            if (_actors.TryRemove(new(id, actor)))
            {
                actor.Evict();
            }
        }
    }

    /// <summary>Puts a restored call in; before the first command only.</summary>
    internal void Adopt(CallMachine machine)
    {
        var actor = new CallActor(machine, Host);
        _actors[machine.CallId.Value] = actor;
        actor.Adopt();
    }

    // So many a second, so that a take-over of many calls holds no command up.
    private Instant NextWake()
    {
        lock (_wakeGate)
        {
            return _lastWake = new(Math.Max(Host.Clock().Micros + FirstWakeMicros, _lastWake.Micros + (1_000_000 / WakesPerSecond)));
        }
    }

    private async ValueTask<NgDictionary> RouteAsync(NgCommand command)
    {
        if (string.IsNullOrEmpty(command.CallId))
        {
            if (command.Verb != NgVerb.Publish)
            {
                return NgReplies.Error(NgErrors.NoCallId);
            }

            command.CallId = NewCallId();
        }

        while (true)
        {
            if (!_actors.TryGetValue(command.CallId, out var actor))
            {
                if (command.Verb is NgVerb.Offer or NgVerb.Publish && Limits.Exceeded(Host.Sessions.Current, Gauge) is { } reason)
                {
                    Host.Sessions.Rejected();
                    Host.Log.LogWarning("refused call {CallId}: {Reason}", command.CallId, reason);
                    return NgReplies.LoadLimit(reason, command.SupportsLoadLimit);
                }

                actor = _actors.GetOrAdd(command.CallId, static (id, host) => new CallActor(
                    new CallMachine(host.Host.ConfigForNew?.Invoke(host.command) ?? host.Host.Config, new CallId(id)), host.Host), (Host, command));
            }

            if (await actor.AskAsync(command).ConfigureAwait(false) is { } reply)
            {
                return reply;
            }
        }
    }

    private void Receive(MediaFact fact)
    {
        if (_actors.TryGetValue(fact.CallId.Value, out var actor))
        {
            // The media node's thread must not run a call's effects.
            ThreadPool.UnsafeQueueUserWorkItem(
                static m => Forget(m.self.Host.Gate is null ? m.actor.TellAsync(m.fact) : m.self.GatedAsync(m.actor, a => a.TellAsync(m.fact))),
                (self: this, actor, fact), preferLocal: false);
        }
    }

    private async ValueTask GatedAsync(CallActor actor, Func<CallActor, ValueTask> act)
    {
        if (!Host.Gate!.TryEnter(actor.CallId))
        {
            // For a moment, or for good: then there is no such actor any more when the time comes.
            Host.Deadlines.Schedule(actor, Host.Clock().AddSeconds(1));
            return;
        }

        try
        {
            await act(actor).ConfigureAwait(false);
        }
        finally
        {
            Host.Gate.Exit(actor.CallId);
        }
    }

    // An actor answers for its own failures; nobody waits for these messages.
    private static void Forget(ValueTask message)
    {
        if (!message.IsCompletedSuccessfully)
        {
            _ = message.AsTask();
        }
    }

    private string NewCallId()
    {
        Span<byte> bytes = stackalloc byte[32];
        Host.Entropy.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
