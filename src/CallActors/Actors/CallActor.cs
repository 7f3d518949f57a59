using Microsoft.Extensions.Logging;
using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallActors;

/// <summary>
/// A call that lives: a mailbox round a <see cref="CallMachine"/>. Messages run one at a time, each to the end of its effects. An actor that
/// throws answers with an error and starts again from the store; no other call notices.
/// </summary>
public sealed class CallActor
{
    private readonly Mailbox _mailbox = new();
    private readonly CallHost _host;
    private CallMachine? _machine;
    private Instant _created;
    private Instant _lastUsed;
    private bool _counted;
    private bool _retired;
    private volatile bool _evicted;

    internal CallActor(CallMachine machine, CallHost host)
    {
        CallId = machine.CallId;
        _machine = machine;
        _host = host;
    }

    /// <summary>Makes an actor that sleeps: its call is in the store and is restored when the first message comes.</summary>
    internal CallActor(CallId callId, CallHost host)
    {
        CallId = callId;
        _host = host;
    }

    /// <summary>The call.</summary>
    public CallId CallId { get; }

    /// <summary>The call's state, for reading only; null: no call, or it sleeps.</summary>
    public CallState? State => _machine?.State;

    /// <summary>The call's state, for reading only, of a sleeping call too; null: no call.</summary>
    /// <exception cref="OwnershipLostException">It is another node's now.</exception>
    public async ValueTask<CallState?> ReadStateAsync() => (_machine ?? await LoadAsync().ConfigureAwait(false)).State;

    /// <summary>There is a call; a sleeping one is one.</summary>
    public bool HasCall => _machine is not { State: null };

    /// <summary>When the deadline queue wakes this actor, µs; 0: not in it. Guarded by the queue.</summary>
    internal long WakesAt { get; set; }

    /// <summary>Runs a command. Null: this actor has retired meanwhile, ask the registry for the call's new one.</summary>
    internal async ValueTask<NgDictionary?> AskAsync(NgCommand command)
    {
        if (!await _mailbox.EnterAsync(_host.MailboxBound).ConfigureAwait(false))
        {
            return NgReplies.LoadLimit("Too many requests are waiting for this call", command.SupportsLoadLimit);
        }

        if (_retired || _evicted)
        {
            _mailbox.Leave();
            return null;
        }

        _lastUsed = _host.Clock();
        return await RunAsync(
            static (actor, state) => actor._machine!.Handle(actor._host.Clock(), (NgCommand)state!, actor._host.Entropy, actor._host.Node as IPortSource),
            command, command.Cookie)
            .ConfigureAwait(false) ?? NgReplies.Error("Internal error");
    }

    /// <summary>Hands in what the media node found out.</summary>
    internal ValueTask TellAsync(MediaFact fact) =>
        TellAsync(static (actor, state) => actor._machine!.Handle(actor._host.Clock(), (MediaFact)state!), fact);

    /// <summary>Does what is due.</summary>
    internal ValueTask TickAsync() => TellAsync(static (actor, _) => actor._machine!.Tick(actor._host.Clock()), null);

    /// <summary>Ends the call.</summary>
    internal ValueTask TerminateAsync(CallEndReason reason) =>
        TellAsync(static (actor, state) => actor._machine!.Terminate((CallEndReason)state!), reason);

    /// <summary>Counts a restored call and schedules its deadlines.</summary>
    internal void Adopt()
    {
        _lastUsed = _host.Clock();
        After(default);
    }

    /// <summary>Makes sure that a sleeping call is restored by then, so that its own deadlines are kept.</summary>
    internal void SleepUntil(Instant time) => _host.Deadlines.Schedule(this, time);

    /// <summary>Gives the call up without ending it: another node goes on with it. What still runs of it fails by its token.</summary>
    internal void Evict()
    {
        _evicted = true;
        if (_counted)
        {
            _host.Sessions.MovedAway();
        }
    }

    private async ValueTask TellAsync(Action<CallActor, object?> message, object? state)
    {
        await _mailbox.EnterAsync(int.MaxValue).ConfigureAwait(false);
        if (_retired || _evicted)
        {
            _mailbox.Leave();
            return;
        }

        // Time that passes is no use.
        _lastUsed = state is null ? _lastUsed : _host.Clock();
        try
        {
            await RunAsync(message, state, null).ConfigureAwait(false);
        }
        catch (OwnershipLostException)
        {
            // The new owner hears of it again: media nodes repeat what matters, and time passes there too.
        }
    }

    private async ValueTask<NgDictionary?> RunAsync(Action<CallActor, object?> message, object? state, string? cookie)
    {
        using var scope = _host.Log.BeginScope(new KeyValuePair<string, object?>[] { new("CallId", CallId.Value) });
        var result = default(DrainResult);
        try
        {
            _machine ??= await LoadAsync().ConfigureAwait(false);
            message(this, state);
            result = await EffectRunner.DrainAsync(_machine, _host, cookie).ConfigureAwait(false);
        }
        catch (OwnershipLostException e)
        {
            _host.Log.LogInformation("call is another node's now, or in doubt: {Problem}", e.Message);
            _retired = true;
            _host.Retired(this);
            if (_counted && !_evicted)
            {
                _host.Sessions.MovedAway();
            }

            _mailbox.Leave();
            throw;
        }
        catch (Exception e)
        {
            // Supervision: whatever went wrong stays within this call.
            _host.Log.LogError(e, "call failed and is restored from the store");
            result.Reply = NgReplies.Error(e is MediaNodeException ? "Media node failed: " + e.Message : "Internal error");
            await RestoreAsync().ConfigureAwait(false);
        }

        After(result);
        _mailbox.Leave();
        return result.Reply;
    }

    private void ScheduleOrSleep(Instant? deadline)
    {
        var now = _host.Clock();
        var idleAt = _lastUsed.AddSeconds(_host.PassivateAfter);
        if (now < idleAt)
        {
            _host.Deadlines.Schedule(this, deadline is { } at && at < idleAt ? at : idleAt);
            return;
        }

        _host.Deadlines.Schedule(this, deadline);
        // One that is to do something soon would only be loaded again.
        if (deadline is null || deadline > now.AddSeconds(_host.PassivateAfter))
        {
            _machine = null;
            _host.Store.Passivate(CallId);
        }
    }

    private async ValueTask<CallMachine> LoadAsync()
    {
        var stored = await _host.Store.LoadAsync(CallId, CancellationToken.None).ConfigureAwait(false);
        return stored is null ? new CallMachine(_host.Config, CallId) : _host.Restore(stored);
    }

    private async ValueTask RestoreAsync()
    {
        try
        {
            _machine = await LoadAsync().ConfigureAwait(false);
            if (_machine.State is null)
            {
                await EffectRunner.EndAsync(CallId, _host).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _host.Log.LogError(e, "call cannot be restored and is given up");
            _machine = new CallMachine(_host.Config, CallId);
        }
    }

    private void After(DrainResult result)
    {
        if (_evicted)
        {
            _retired = true;
            return;
        }

        if (_machine?.State is { } state)
        {
            if (!_counted)
            {
                _counted = true;
                _created = state.Created;
                _host.Sessions.Started();
            }

            ScheduleOrSleep(_machine.NextDeadline);
            return;
        }

        if (_machine is { AwaitsCall: true })
        {
            _host.Deadlines.Schedule(this, _machine.NextDeadline);
            return;
        }

        _retired = true;
        if (_counted)
        {
            _host.Sessions.Ended(result.Ended ?? CallEndReason.Unknown, _host.Clock() - _created, result.Last);
            _host.Log.LogInformation("call ended: {Reason}, after {Seconds} s", result.Ended, (_host.Clock() - _created) / 1_000_000);
        }

        _host.Retired(this);
    }
}
