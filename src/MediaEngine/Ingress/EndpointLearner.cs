using System.Runtime.CompilerServices;
using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Ingress;

/// <summary>
/// Finds out where a remote really sends from, and so where to send to (latching). Knows one stream's signalled address, mode and flags;
/// sees the source of every packet.
/// </summary>
internal struct EndpointLearner
{
    private EndpointSlots _slots;
    private NetEndpoint _signalled;
    private LearningMode _mode;
    private StreamFlags _flags;
    private Instant _windowEnd;
    private bool _learns;

    /// <summary>Where we send to.</summary>
    public NetEndpoint Current;

    /// <summary>Where the remote sends from, as far as known. Differs from <see cref="Current"/> on asymmetric streams.</summary>
    public NetEndpoint Learned;

    /// <summary>The choice is made.</summary>
    public bool Confirmed;

    /// <summary>A confirmation or a change after it has not been reported yet.</summary>
    public bool FactDue;

    private readonly bool Asymmetric => (_flags & StreamFlags.Asymmetric) != 0;

    /// <summary>Starts with a new stream.</summary>
    public void Start(StreamPlan plan, Instant windowEnd)
    {
        Configure(plan, windowEnd);
        Current = plan.Remote;
        if (plan.Learned.IsUsable)
        {
            Learned = plan.Learned;
            Current = Asymmetric && _mode != LearningMode.Ice ? plan.Remote : plan.Learned;
            Confirmed = true;
        }
    }

    /// <summary>
    /// Follows a new plan. A newer signal starts learning again, but media keeps going to the last endpoint until a packet, or a changed
    /// signalled address, gives a better one.
    /// </summary>
    public void Update(StreamPlan plan, Instant windowEnd, bool newerSignal)
    {
        bool moved = plan.Remote != _signalled;
        Configure(plan, windowEnd);
        if (_mode == LearningMode.Ice)
        {
            return; // the last path stays until ICE has another one
        }

        if (newerSignal || moved)
        {
            Confirmed = false;
            FactDue = false;
            _slots = default;
        }

        if (moved)
        {
            Learned = default;
        }

        if (moved || Asymmetric || _mode == LearningMode.Off)
        {
            Current = _signalled;
        }
    }

    /// <summary>Goes on where an earlier process stood.</summary>
    public void Resume(in NetEndpoint learned, in NetEndpoint current)
    {
        Learned = learned;
        Current = current;
        Confirmed = true;
    }

    /// <summary>Sends elsewhere until the remote is heard.</summary>
    public void SendTo(in NetEndpoint current) => Current = current.IsUsable ? current : Current;

    /// <summary>Judges a packet's source, and learns from it.</summary>
    /// <param name="now">The packet's time.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="selectedLocal">It came in on the port we send from.</param>
    /// <returns>False: strict-source refuses the packet.</returns>
    public bool Observe(Instant now, in NetEndpoint source, bool selectedLocal)
    {
        if (!_learns || _mode == LearningMode.Ice)
        {
            return true;
        }

        if (_mode == LearningMode.Off && !Confirmed)
        {
            Confirm();
        }

        return Confirmed ? CheckConfirmed(source, selectedLocal) : Learn(now, source);
    }

    /// <summary>Settles a heuristic choice when its window has passed without a further packet.</summary>
    public void Tick(Instant now)
    {
        if (_learns && !Confirmed && _mode == LearningMode.Heuristic && now > _windowEnd && _slots.Best(out int rank))
        {
            Take(_slots[rank]);
            Confirm();
        }
    }

    /// <summary>Confirms without a packet of the remote: its partner is unidirectional.</summary>
    public void ConfirmAsSignalled()
    {
        if (!Confirmed && _learns && Current.IsUsable)
        {
            Confirm();
        }
    }

    /// <summary>ICE has chosen a path, or (none) lost it. True: it is another one.</summary>
    public bool Select(in NetEndpoint remote)
    {
        bool news = Current != remote;
        Current = remote;
        Learned = remote;
        Confirmed = remote.IsUsable;
        return news;
    }

    private void Configure(StreamPlan plan, Instant windowEnd)
    {
        _signalled = plan.Remote;
        _mode = plan.Learning;
        _flags = plan.Flags;
        _windowEnd = windowEnd;
        _learns = plan.Filled && plan.Public;
    }

    private bool CheckConfirmed(in NetEndpoint source, bool selectedLocal)
    {
        const StreamFlags compare = StreamFlags.StrictSource | StreamFlags.MediaHandover;
        if ((_flags & compare) == 0)
        {
            return true;
        }

        bool same = source == Learned || (source == Current && !(Asymmetric && Learned.IsUsable));
        if (!same && (_flags & StreamFlags.MediaHandover) != 0)
        {
            Take(source);
            FactDue = true;
            return true;
        }

        return (same && selectedLocal) || (_flags & StreamFlags.StrictSource) == 0;
    }

    private bool Learn(Instant now, in NetEndpoint source)
    {
        bool waiting = now <= _windowEnd;
        var choice = source;
        if (_mode == LearningMode.Immediate)
        {
            waiting = false;
        }
        else if (_mode == LearningMode.Heuristic && _signalled.IsUsable)
        {
            int rank = Rank(source);
            bool known = _slots.Best(out int best);
            if (known && rank > best && (_flags & StreamFlags.StrictSource) != 0)
            {
                return false;
            }

            _slots[rank] = source;
            best = known ? Math.Min(best, rank) : rank;
            choice = _slots[best];
            waiting &= best != 0;
        }

        if (!waiting || choice != Learned)
        {
            Take(choice);
        }

        if (!waiting)
        {
            Confirm();
        }

        return true;
    }

    /// <summary>0 exact match, 1 same address, 2 same port, 3 neither.</summary>
    private readonly int Rank(in NetEndpoint source) =>
        (source.Port != _signalled.Port ? 1 : 0) | (source.Address != _signalled.Address ? 2 : 0);

    private void Take(in NetEndpoint source)
    {
        Learned = source;
        if (!Asymmetric)
        {
            Current = source;
        }
    }

    private void Confirm()
    {
        Confirmed = true;
        FactDue = true;
    }
}

/// <summary>The best source seen of each rank.</summary>
[InlineArray(4)]
internal struct EndpointSlots
{
    private NetEndpoint _first;

    /// <summary>Finds the best filled rank.</summary>
    public readonly bool Best(out int rank)
    {
        for (rank = 0; rank < 4; rank++)
        {
            if (this[rank].Port != 0)
            {
                return true;
            }
        }

        return false;
    }
}
