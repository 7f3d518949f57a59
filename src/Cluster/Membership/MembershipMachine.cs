using RtpCluster.Cluster.Storage;

namespace RtpCluster.Cluster.Membership;

/// <summary>What the membership wants done.</summary>
public abstract record MembershipOutput;

/// <summary>Tell the store that we live; answer with <see cref="MembershipMachine.HandleView"/>.</summary>
/// <param name="Order">Comes back with the answer: an answer that a later one has overtaken is ignored.</param>
public sealed record SendHeartbeat(long Order) : MembershipOutput;

/// <summary>Ask a member whether it lives; answer with <see cref="MembershipMachine.HandleProbe"/>.</summary>
/// <param name="Subject">Whom it is about.</param>
/// <param name="Via">Who is to ask it; none: we ourselves.</param>
public sealed record SendProbe(NodeRef Subject, NodeRef Via) : MembershipOutput;

/// <summary>Vote that a member is dead; answer with <see cref="MembershipMachine.HandleView"/>.</summary>
public sealed record SendVote(NodeRef Subject, long Order) : MembershipOutput;

/// <summary>The members changed.</summary>
public sealed record ViewChanged(MembersReply View) : MembershipOutput;

/// <summary>We read that we are dead, which is final: this process must end. Its media may go on.</summary>
public sealed record SelfDead : MembershipOutput;

/// <summary>
/// Who is there and who is dead, as one member sees it: probes every other member, has others try when it does not answer, then votes. Only the
/// store decides. Pure: time in monotonic ms. Not safe for concurrent use.
/// </summary>
public sealed class MembershipMachine(NodeRef self, ClusterTimers timers)
{
    private const int Helpers = 2;
    private readonly Dictionary<NodeRef, Peer> _peers = [];
    private readonly Queue<MembershipOutput> _outputs = new();
    private long _heartbeatAt;
    private long _tickedAt;
    private long _order;
    private long _handled;
    private long _heardSince;
    private bool _dead;

    /// <summary>The newest view; null: none yet.</summary>
    public MembersReply? View { get; private set; }

    /// <summary>When the newest view was read, ms; 0: never.</summary>
    public long ViewedAt { get; private set; }

    /// <summary>Another member has answered one of the last probes, or there is no other.</summary>
    public bool IsAnyReachable => _peers.Count == 0 || _peers.Values.Any(p => p.Misses < timers.ProbeMisses);

    /// <summary>
    /// Every other member has answered us once, or had its chances, since we began. Until then we hold a dead one for one that starts slowly, and
    /// whoever waits for us to be ready would count on a vote that comes late. Once true it stays so.
    /// </summary>
    public bool HasMetOthers { get; private set; }

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public long NextDeadline => _dead ? long.MaxValue : Math.Min(_heartbeatAt, _peers.Count == 0 ? long.MaxValue : _peers.Values.Min(p => p.DueAt));

    /// <summary>Takes the next output; false: no more.</summary>
    public bool TryGetOutput(out MembershipOutput output) => _outputs.TryDequeue(out output!);

    /// <summary>Somebody says that the members changed: look at once.</summary>
    public void Hint(long now) => _heartbeatAt = Math.Min(_heartbeatAt, now);

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        if (_dead)
        {
            return;
        }

        ForgiveAfterStall(now);
        if (_heartbeatAt <= now)
        {
            _heartbeatAt = now + timers.Heartbeat;
            _outputs.Enqueue(new SendHeartbeat(++_order));
        }

        foreach (var (node, peer) in _peers)
        {
            if (peer.DueAt <= now)
            {
                Probe(node, peer, now);
            }
        }
    }

    /// <summary>The store's members, or null: it did not answer.</summary>
    public void HandleView(long now, long order, MembersReply? view)
    {
        if (view is null || _dead || order <= _handled)
        {
            return;
        }

        _handled = order;
        // After a silence of the store itself everybody's last sign of life is old.
        _heardSince = ViewedAt > 0 && now - ViewedAt <= 2 * timers.Heartbeat ? _heardSince : now;
        view = WithCutOff(now, WithForgotten(view));
        bool changed = View is null || !Key(view).SequenceEqual(Key(View));
        View = view;
        ViewedAt = now;
        foreach (var gone in _peers.Keys.Where(n => !view.Members.Any(m => m.Node == n && m.State != MemberState.Dead)).ToArray())
        {
            _peers.Remove(gone);
        }

        foreach (var member in view.Members)
        {
            if (member.Node == self && member.State == MemberState.Dead)
            {
                _dead = true;
                _outputs.Enqueue(new SelfDead());
                return;
            }

            if (member.Node != self && member.State != MemberState.Dead)
            {
                // At once: they hear of us by it, too.
                _peers.TryAdd(member.Node, new Peer { DueAt = now });
            }
        }

        Meet();
        if (changed)
        {
            _outputs.Enqueue(new ViewChanged(view));
        }
    }

    /// <summary>A probe was answered, or was not.</summary>
    public void HandleProbe(long now, SendProbe probe, bool answered)
    {
        if (!_peers.TryGetValue(probe.Subject, out var peer))
        {
            return;
        }

        if (answered)
        {
            peer.Misses = 0;
            peer.HasAnswered = true;
        }
        else if (probe.Via.IsNone)
        {
            // The last miss, and the last helper in vain: no reason to wait for the next turn.
            peer.DueAt = ++peer.Misses == Patience(peer) ? now : peer.DueAt;
        }
        else if (--peer.HelpersLeft == 0)
        {
            peer.DueAt = now;
        }

        Meet();
    }

    private void Meet() => HasMetOthers |= _peers.Values.All(p => p.HasAnswered || p.Misses >= timers.FirstProbeMisses);

    /// <summary>
    /// We stood still ourselves (SIGSTOP, a machine with too much to do): that nobody answered meanwhile says nothing about the others. Without this a
    /// single overloaded process votes all the others dead.
    /// </summary>
    private void ForgiveAfterStall(long now)
    {
        bool stalled = _tickedAt > 0 && now - _tickedAt > timers.Probe;
        _tickedAt = now;
        if (!stalled)
        {
            return;
        }

        foreach (var peer in _peers.Values)
        {
            peer.Misses = 0;
            peer.HelpersAsked = 0;
            peer.DueAt = now + timers.Probe;
        }
    }

    /// <summary>
    /// A store that lost its members forgets nobody for us: whoever was alive and still answers us is a member until it is declared dead. Its agent
    /// may be the only one who knows some calls.
    /// </summary>
    private MembersReply WithForgotten(MembersReply view)
    {
        var forgotten = View?.Members.Where(old => old.Node != self && old.State != MemberState.Dead
            && !view.Members.Any(m => m.Node.Node == old.Node.Node) && _peers.TryGetValue(old.Node, out var peer) && peer.Misses <= Patience(peer)).ToArray();
        return forgotten is { Length: > 0 } ? view with { Members = [.. view.Members, .. forgotten] } : view;
    }

    /// <summary>Who has said nothing to the store for longer than its lease, while we heard from it all the time, does not reach it.</summary>
    private MembersReply WithCutOff(long now, MembersReply view) => now - _heardSince <= timers.MemberLease
        ? view
        : view with { Members = [.. view.Members.Select(m => m.Node != self && m.State != MemberState.Dead && m.SilentMillis > timers.MemberLease ? m with { IsCutOff = true } : m)] };

    private static IEnumerable<(NodeRef Node, MemberState, bool)> Key(MembersReply view) => view.Members.Select(m => (m.Node, m.State, m.IsCutOff)).OrderBy(m => m.Node.Node, StringComparer.Ordinal).ThenBy(m => m.Node.Incarnation);

    private int Patience(Peer peer) => peer.HasAnswered ? timers.ProbeMisses : timers.FirstProbeMisses;

    private void Probe(NodeRef node, Peer peer, long now)
    {
        peer.DueAt = now + timers.Probe;
        _outputs.Enqueue(new SendProbe(node, NodeRef.None));
        if (peer.Misses < Patience(peer))
        {
            peer.HelpersAsked = 0;
            return;
        }

        // One round of others first; when none of them can reach it either, or there is nobody to ask, we vote, and go on voting.
        if (peer.HelpersAsked == 0)
        {
            foreach (var helper in _peers.Where(p => p.Key != node && p.Value.Misses == 0).Select(p => p.Key).OrderBy(p => p.Node, StringComparer.Ordinal).Take(Helpers))
            {
                peer.HelpersLeft = ++peer.HelpersAsked;
                _outputs.Enqueue(new SendProbe(node, helper));
            }

            if (peer.HelpersAsked > 0)
            {
                return;
            }
        }

        _outputs.Enqueue(new SendVote(node, ++_order));
    }

    private sealed class Peer
    {
        public long DueAt { get; set; }

        public int Misses { get; set; }

        public bool HasAnswered { get; set; }

        public int HelpersAsked { get; set; }

        public int HelpersLeft { get; set; }
    }
}
