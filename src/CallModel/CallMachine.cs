using RtpCluster.CallModel.Planning;
using RtpCluster.CallModel.Snapshots;
using RtpCluster.CallModel.Trickle;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel;

/// <summary>
/// One call as a pure machine: commands, facts and time go in, effects come out. Give it one input, drain <see cref="TryGetOutput"/> and carry
/// the effects out in order, then give the next. Same inputs, same outputs, byte for byte. Not safe for concurrent use.
/// </summary>
public sealed class CallMachine(CallConfig config, CallId callId)
{
    private const int SaveDelaySeconds = 1;

    private readonly Queue<CallEffect> _effects = new();
    private readonly FragmentQueue _fragments = new();
    private CallState? _state;
    private Suspended? _suspended;
    private Instant? _saveAt;

    /// <summary>The call this machine is for.</summary>
    public CallId CallId => callId;

    /// <summary>The call's state, for reading; null: there is no such call (yet, or any more).</summary>
    public CallState? State => _state;

    /// <summary>A command waits for ports or statistics: no other command may be handed in.</summary>
    public bool IsSuspended => _suspended is not null;

    /// <summary>When <see cref="Tick"/> has something to do; null: never.</summary>
    public Instant? NextDeadline => CallDeadlines.Next(_state, config, _saveAt, _fragments.Expiry);

    /// <summary>There is no call, but something waits for one to come: keep this machine until its next deadline.</summary>
    public bool AwaitsCall => _state is null && _fragments.Expiry is not null;

    /// <summary>Loads a call from the store.</summary>
    /// <exception cref="FormatException">The snapshot is damaged or of a newer format.</exception>
    public static CallMachine Restore(CallConfig config, StoredCall stored) =>
        new(config, stored.CallId) { _state = CallSnapshot.Read(stored.State.Span) };

    /// <summary>Loads a call from the store with options that depend on it: those of the node that carries its media.</summary>
    /// <exception cref="FormatException">The snapshot is damaged or of a newer format.</exception>
    public static CallMachine Restore(Func<CallState, CallConfig> configOf, StoredCall stored)
    {
        var state = CallSnapshot.Read(stored.State.Span);
        return new(configOf(state), stored.CallId) { _state = state };
    }

    /// <summary>The answer that the running command will get, while effects before it are carried out; null: none yet.</summary>
    public NgDictionary? PendingReply => _effects.OfType<Reply>().LastOrDefault()?.Body;

    /// <summary>The plan of a restored call, to push it again; null: no call or nothing pushed before.</summary>
    public MediaPlan? CurrentPlan() =>
        _state is { PushedEpoch: > 0 } ? PlanCompiler.Compile(_state, config) with { Epoch = _state.PushedEpoch } : null;

    /// <summary>Takes the next effect; false: no more, ready for the next input.</summary>
    public bool TryGetOutput(out CallEffect effect) => _effects.TryDequeue(out effect!);

    /// <summary>Runs a command. Ends in a <see cref="Reply"/>, perhaps after waiting for ports or statistics.</summary>
    /// <param name="now">The time.</param>
    /// <param name="command">The command.</param>
    /// <param name="entropy">Keys, tags and ids.</param>
    /// <param name="ports">Ports that can be had at once; null: each command that needs some asks with <see cref="ReservePorts"/>.</param>
    public void Handle(Instant now, NgCommand command, IEntropy entropy, IPortSource? ports = null)
    {
        if (_suspended is not null)
        {
            throw new InvalidOperationException("a command is waiting for ports or statistics");
        }

        if (VerbTable.Find(command.Verb) is not { } row)
        {
            Emit(new Reply(NgReplies.Error($"not supported yet: {NgVerbs.Of(command.Verb).Name}")));
            return;
        }

        var run = new Suspended(row, command, entropy, ports);
        if (row.ReadsStatistics && _state is not null && !command.Flags.HasFlag(NgFlags.Fast))
        {
            _suspended = run;
            Emit(new ReadStatistics());
            return;
        }

        Run(now, run);
    }

    /// <summary>Continues a command that asked for ports.</summary>
    public void Handle(Instant now, PortsReserved reserved)
    {
        var run = Resume();
        if (reserved.Ports is null)
        {
            GiveBack(run.Requests, run.Ports);
            Emit(new Reply(NgReplies.Error("Ran out of ports")));
            return;
        }

        Run(now, run with { Ports = [.. run.Ports, .. reserved.Ports] });
    }

    /// <summary>Continues a command that asked for statistics.</summary>
    public void Handle(Instant now, StatisticsRead read) => Run(now, Resume() with { Statistics = read.Statistics });

    /// <summary>Takes in what the media node found out.</summary>
    public void Handle(Instant now, MediaFact fact)
    {
        if (_state is null)
        {
            return;
        }

        if (fact is CallIdle idle)
        {
            if (idle.Epoch == _state.PushedEpoch)
            {
                End(FactRules.EndReason(idle.Reason));
            }

            return;
        }

        if (!FactRules.Store(_state, fact))
        {
            return;
        }

        if (fact is DtlsKeyed)
        {
            // Without its keys a taker-over could not go on.
            Commit(_state, push: false);
        }
        else
        {
            _saveAt ??= now.AddSeconds(SaveDelaySeconds);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(Instant now)
    {
        _fragments.Tick(now);
        if (_state is null)
        {
            return;
        }

        if (CallDeadlines.Expired(_state, config, now) is { } reason)
        {
            End(reason);
            return;
        }

        if (CallDeadlines.PurgeMonologues(_state, now))
        {
            Commit(_state, push: true);
        }
        else if (_saveAt is { } at && at <= now)
        {
            Commit(_state, push: false);
        }
    }

    /// <summary>Ends the call at once (operator, shutdown of a drained node).</summary>
    public void Terminate(CallEndReason reason)
    {
        if (_state is not null)
        {
            End(reason);
        }
    }

    private Suspended Resume()
    {
        var run = _suspended ?? throw new InvalidOperationException("no command is waiting");
        _suspended = null;
        return run;
    }

    private void Run(Instant now, Suspended run)
    {
        var context = new VerbContext(config, _state?.Clone(), run.Command, now, run.Entropy)
        {
            Statistics = run.Statistics,
            Source = run.Source,
            Reserved = run.Ports,
            CallId = callId,
        };
        var result = run.Row.Run(context);
        bool failed = result.Outcome == VerbOutcome.Discard;
        if (!failed && context.IsShortOfPorts)
        {
            _suspended = run with { Requests = context.PortRequests, Ports = context.Reserved };
            Emit(new ReservePorts([.. context.PortRequests.Skip(context.Reserved.Count)]));
            return;
        }

        foreach (var warning in context.Warnings)
        {
            Emit(new Warn(warning));
        }

        if (context.Early is { } early)
        {
            _fragments.Add(now, early);
        }
        else if (result.Outcome == VerbOutcome.Commit)
        {
            _fragments.Apply(now, context.Call!);
        }

        Finish(context, result);
    }

    private void Finish(VerbContext context, VerbResult result)
    {
        switch (result.Outcome)
        {
            case VerbOutcome.Commit:
            case VerbOutcome.CommitQuietly:
                Commit(context.Call!, push: result.Outcome == VerbOutcome.Commit);
                break;
            case VerbOutcome.End:
                End(CallEndReason.Regular);
                break;
            default:
                GiveBack(context.PortRequests, context.Reserved);
                break;
        }

        Emit(new Reply(result.Reply));
    }

    private void GiveBack(IReadOnlyList<PortRequest> requests, IReadOnlyList<ushort> ports)
    {
        if (ports.Count == 0)
        {
            return;
        }

        var bound = new List<NetEndpoint>();
        for (int i = 0; i < Math.Min(requests.Count, ports.Count); i++)
        {
            for (int j = 0; j < requests[i].Count; j++)
            {
                bound.Add(new NetEndpoint(requests[i].Address, (ushort)(ports[i] + j)));
            }
        }

        Emit(new ReleasePorts(bound));
    }

    private void Commit(CallState state, bool push)
    {
        state.Version++;
        if (push)
        {
            PlanCompiler.ForgetClosedPorts(state);
            state.PushedEpoch = state.Version;
        }

        _state = state;
        _saveAt = null;
        Emit(new SaveCall(new StoredCall(callId, state.Version, CallSnapshot.Write(state)) { PlanFollows = push }));
        if (push)
        {
            Emit(new PushPlan(PlanCompiler.Compile(state, config)));
        }
    }

    private void End(CallEndReason reason)
    {
        _state = null;
        _saveAt = null;
        Emit(new CallEnded(reason));
    }

    private void Emit(CallEffect effect) => _effects.Enqueue(effect);

    private sealed record Suspended(VerbRow Row, NgCommand Command, IEntropy Entropy, IPortSource? Source)
    {
        public IReadOnlyList<PortRequest> Requests { get; init; } = [];

        public IReadOnlyList<ushort> Ports { get; init; } = [];

        public CallStatistics? Statistics { get; init; }
    }
}
