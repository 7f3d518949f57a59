using System.Text;
using RtpCluster.Contracts;
using RtpCluster.Media.Stun;

namespace RtpCluster.Media.Ice;

/// <summary>
/// ICE for one component of one stream: RFC 8445 full and lite, RFC 7675 consent, RFC 8838 trickle. A pure machine: hand in plans, packets and
/// time, then drain <see cref="TryGetTransmit"/>; <see cref="Path"/> says where media goes. Not safe for concurrent use.
/// </summary>
/// <param name="entropy">Transaction ids.</param>
/// <param name="software">What SOFTWARE says.</param>
public sealed class IceAgent(IEntropy entropy, string software)
{
    private const int PacingMillis = 20;
    private const int FirstTimeoutMillis = 100;
    private const int MaxSends = 7;
    private const int NominationMillis = 100;

    private readonly IceMessages _messages = new(Encoding.UTF8.GetBytes(software));
    private readonly IceCheckList _list = new();
    private readonly IceConsent _consent = new(entropy);
    private readonly Queue<IceDatagram> _transmits = new();
    private IcePlan? _plan;
    private NetEndpoint[] _locals = [];
    private bool _controlling;
    private Instant _nextCheck;
    private Instant? _nominateAt;
    private IcePair? _selected;
    private IcePath? _former;

    /// <summary>How far it is.</summary>
    public IceState State { get; private set; }

    /// <summary>Where media goes: the nominated pair, else the best valid one, else (during a restart) the last one. Null: nowhere.</summary>
    public IcePath? Path { get; private set; }

    /// <summary>We are the controlling agent.</summary>
    public bool IsControlling => _controlling;

    /// <summary>Every pair that media may come from: an authentic check or answer came from there.</summary>
    public IEnumerable<IcePath> AcceptedPaths
    {
        get
        {
            foreach (var pair in _list.Pairs)
            {
                if (pair.Valid || pair.Heard)
                {
                    yield return pair.Path;
                }
            }

            if (_former is { } former && !_list.Pairs.Any(p => p.Path == former && (p.Valid || p.Heard)))
            {
                yield return former;
            }
        }
    }

    /// <summary>When <see cref="Tick"/> has something to do; null: never.</summary>
    public Instant? NextDeadline
    {
        get
        {
            var next = Earlier(Earlier(_consent.NextCheck, _consent.Expiry), _nominateAt);
            foreach (var pair in _list.Pairs)
            {
                if (pair.Transaction.Id is not null)
                {
                    next = Earlier(next, pair.Transaction.Next);
                }
            }

            return CanCheck && _list.HasWork ? Earlier(next, _nextCheck) : next;
        }
    }

    private bool CanCheck => _plan is { Lite: false, RemotePassword.Length: > 0 };

    /// <summary>Takes a plan. Another ufrag of ours or of the remote's restarts; else new candidates are added (trickle).</summary>
    /// <param name="now">Now.</param>
    /// <param name="plan">Credentials, role, the remote's candidates.</param>
    /// <param name="locals">Our addresses, in their order of preference.</param>
    /// <param name="known">Path of an earlier life (adoption, take-over): it goes on carrying media. None: nothing known.</param>
    public void Update(Instant now, IcePlan plan, NetEndpoint[] locals, in NetEndpoint known)
    {
        bool first = _plan is null;
        bool restart = _plan is { } old && (old.LocalUfrag != plan.LocalUfrag || (old.RemoteUfrag.Length > 0 && old.RemoteUfrag != plan.RemoteUfrag));
        bool roleKept = !first && !restart;
        _plan = plan;
        _locals = locals;
        if (restart)
        {
            Restart();
        }

        _controlling = roleKept ? _controlling : plan.Controlling;
        foreach (var candidate in plan.Candidates)
        {
            Pair(candidate);
        }

        if (first && known.IsUsable)
        {
            Resume(now, known);
        }

        if (plan.Lite)
        {
            _nominateAt = null;
        }
    }

    /// <summary>Takes a STUN packet. False: it is not for us, or not authentic; nothing has changed.</summary>
    public bool Receive(Instant now, int local, in NetEndpoint source, ReadOnlySpan<byte> packet)
    {
        if (_plan is null || !StunMessage.TryParse(packet, out var message) || message.Method != StunMessage.Binding || !message.HasFingerprint)
        {
            return false;
        }

        var path = new IcePath(local, source);
        return message.Class switch
        {
            StunClass.Request => Request(now, path, message),
            StunClass.Success or StunClass.Error => Response(now, path, message),
            _ => true,
        };
    }

    /// <summary>Does what is due.</summary>
    public void Tick(Instant now)
    {
        if (_plan is null)
        {
            return;
        }

        foreach (var pair in _list.Pairs)
        {
            if (pair.Transaction.Id is not null && pair.Transaction.Next <= now)
            {
                Retry(now, pair);
            }
        }

        if (CanCheck && now >= _nextCheck && _list.Next(_controlling) is { } next)
        {
            Check(now, next);
            _nextCheck = now.AddMillis(PacingMillis);
        }

        if (_nominateAt <= now)
        {
            Nominate(now);
        }

        Consent(now);
        if (_list.AllFailed && _plan.EndOfCandidates && State == IceState.Checking)
        {
            State = IceState.Failed;
        }
    }

    /// <summary>Takes the next packet to send; false: none.</summary>
    public bool TryGetTransmit(out IceDatagram datagram) => _transmits.TryDequeue(out datagram);

    private void Restart()
    {
        _former = Path;
        _selected = null;
        _nominateAt = null;
        _consent.Stop();
        _list.Clear();
        State = IceState.Checking;
    }

    private void Resume(Instant now, in NetEndpoint known)
    {
        var family = known.Address.Family;
        var path = new IcePath(Math.Max(0, Array.FindIndex(_locals, l => l.Address.Family == family)), known);
        if (_list.Add(path, LocalPriority(path.Local), 1) is { } pair)
        {
            pair.State = PairState.Succeeded;
            pair.Valid = true;
            Select(now, pair);
        }
    }

    private void Pair(in IceCandidatePlan candidate)
    {
        for (int i = 0; i < _locals.Length; i++)
        {
            if (_locals[i].Address.Family == candidate.Endpoint.Address.Family && candidate.Endpoint.IsUsable)
            {
                var pair = _list.Add(new IcePath(i, candidate.Endpoint), LocalPriority(i), candidate.Priority);
                if (pair is not null)
                {
                    pair.RemotePriority = candidate.Priority; // it may have been found by a check before it was signalled
                }
            }
        }
    }

    private uint LocalPriority(int local) => IcePriority.Of(IceCandidateType.Host, local, _plan!.Component);

    private bool Request(Instant now, in IcePath path, in StunMessage message)
    {
        var plan = _plan!;
        string? username = message.Username;
        if (username is null || !username.StartsWith(plan.LocalUfrag + ":", StringComparison.Ordinal)
            || !message.IsAuthentic(Encoding.UTF8.GetBytes(plan.LocalPassword)))
        {
            return false;
        }

        Span<ushort> unknown = stackalloc ushort[8];
        int unknowns = message.UnknownAttributes(unknown);
        if (unknowns > 0)
        {
            Send(path, _messages.Error(plan, message, StunError.UnknownAttribute, "Unknown Attribute"u8, unknown[..unknowns]));
            return true;
        }

        if (!SettleRole(message))
        {
            Send(path, _messages.Error(plan, message, StunError.RoleConflict, "Role Conflict"u8));
            return true;
        }

        Send(path, _messages.Success(plan, message, path.Remote));
        message.TryGetNumber(StunAttribute.Priority, out uint priority);
        if (_list.Add(path, LocalPriority(path.Local), priority) is { } pair)
        {
            pair.Heard = true;
            Checked(now, pair, message.TryGet(StunAttribute.UseCandidate, out _) && !_controlling);
        }

        return true;
    }

    /// <summary>A good check of the remote came: check the other way at once, and note its nomination. RFC 8445 sections 7.3.1.4 and 7.3.1.5.</summary>
    private void Checked(Instant now, IcePair pair, bool nominated)
    {
        if (_plan!.Lite)
        {
            pair.State = PairState.Succeeded;
            pair.Valid = true;
            Found(now, pair, nominated);
            return;
        }

        if (pair.State == PairState.Succeeded)
        {
            if (nominated)
            {
                Select(now, pair);
            }

            return;
        }

        pair.NominateOnSuccess |= nominated;
        if (pair.State != PairState.InProgress)
        {
            pair.State = PairState.Waiting;
            _list.Trigger(pair);
        }
    }

    /// <summary>Both have the same role: the larger tie-breaker controls. False: the remote has to change. RFC 8445 section 7.3.1.1.</summary>
    private bool SettleRole(in StunMessage message)
    {
        var same = _controlling ? StunAttribute.IceControlling : StunAttribute.IceControlled;
        if (!message.TryGetTieBreaker(same, out ulong theirs))
        {
            return true;
        }

        bool weControl = _plan!.TieBreaker >= theirs;
        if (weControl == _controlling)
        {
            return false;
        }

        ChangeRole(weControl);
        return true;
    }

    private void ChangeRole(bool controlling)
    {
        _controlling = controlling;
        _nominateAt = null;
        foreach (var pair in _list.Pairs)
        {
            pair.NominateOnSuccess = false;
        }
    }

    private bool Response(Instant now, in IcePath path, in StunMessage message)
    {
        bool consent = _consent.IsRecent(message.TransactionId);
        var pair = consent ? _selected : _list.Find(message.TransactionId);
        if (pair is null || pair.Path != path || !message.IsAuthentic(Encoding.UTF8.GetBytes(_plan!.RemotePassword)))
        {
            return false;
        }

        if (consent)
        {
            if (message.Class == StunClass.Success)
            {
                _consent.Answered(now);
            }

            return true;
        }

        var transaction = pair.Transaction;
        pair.Transaction.Id = null;
        if (message.Class == StunClass.Success)
        {
            Succeeded(now, pair, transaction);
        }
        else if (message.ErrorCode == StunError.RoleConflict)
        {
            if (transaction.AsControlling == _controlling)
            {
                ChangeRole(!_controlling);
            }

            pair.State = PairState.Waiting;
            _list.Trigger(pair);
        }
        else
        {
            Failed(now, pair);
        }

        return true;
    }

    private void Succeeded(Instant now, IcePair pair, in IceTransaction transaction)
    {
        pair.State = PairState.Succeeded;
        pair.Valid = true;
        bool nominated = _controlling ? transaction.UseCandidate : pair.NominateOnSuccess;
        pair.NominateOnSuccess = false;
        Found(now, pair, nominated);
    }

    /// <summary>A pair is valid.</summary>
    private void Found(Instant now, IcePair pair, bool nominated)
    {
        if (nominated)
        {
            Select(now, pair);
            return;
        }

        if (_selected is not null)
        {
            return;
        }

        State = IceState.Connected;
        Path = _list.Best(_controlling, p => p.Valid)!.Path;
        if (_controlling && !_plan!.Lite)
        {
            // Nothing better is left to wait for: nominate at once.
            bool best = _list.Best(true, p => p.State != PairState.Failed) == pair;
            _nominateAt = best ? now : _nominateAt ?? now.AddMillis(NominationMillis);
        }
    }

    private void Select(Instant now, IcePair pair)
    {
        State = IceState.Completed;
        Path = pair.Path;
        _former = null;
        _nominateAt = null;
        pair.Nominated = true;
        if (_selected != pair)
        {
            _selected = pair;
            if (!_plan!.Lite)
            {
                _consent.Start(now);
            }
        }
    }

    private void Nominate(Instant now)
    {
        _nominateAt = null;
        if (_controlling && _selected is null && _list.Best(true, p => p.Valid) is { } best)
        {
            best.NominateOnSuccess = true;
            Check(now, best);
        }
    }

    private void Check(Instant now, IcePair pair)
    {
        pair.State = pair.State == PairState.Succeeded ? PairState.Succeeded : PairState.InProgress;
        pair.Transaction = new IceTransaction
        {
            Id = NewId(),
            AsControlling = _controlling,
            UseCandidate = _controlling && pair.NominateOnSuccess,
        };
        Retry(now, pair);
    }

    private void Retry(Instant now, IcePair pair)
    {
        ref var transaction = ref pair.Transaction;
        if (transaction.Sent == MaxSends)
        {
            transaction.Id = null;
            Failed(now, pair);
            return;
        }

        Send(pair.Path, _messages.Request(_plan!, transaction, IcePriority.Of(IceCandidateType.PeerReflexive, pair.Path.Local, _plan!.Component)));
        transaction.Next = now.AddMillis(FirstTimeoutMillis << transaction.Sent);
        transaction.Sent++;
    }

    private void Failed(Instant now, IcePair pair)
    {
        pair.State = PairState.Failed;
        pair.Valid = false;
        pair.NominateOnSuccess = false;
        if (_selected is null && _controlling && _list.Best(true, p => p.Valid) is not null)
        {
            _nominateAt = now; // the nominee died: the next best one
        }
    }

    private void Consent(Instant now)
    {
        if (_consent.Expiry <= now)
        {
            _consent.Stop();
            Failed(now, _selected!);
            _selected!.Nominated = false;
            _selected = null;
            Path = null;
            State = IceState.Failed;
        }
        else if (_consent.NextCheck <= now && CanCheck)
        {
            var transaction = new IceTransaction { Id = NewId(), AsControlling = _controlling };
            Send(_selected!.Path, _messages.Request(_plan!, transaction, IcePriority.Of(IceCandidateType.PeerReflexive, _selected.Path.Local, _plan!.Component)));
            _consent.Sent(now, transaction.Id);
        }
    }

    private void Send(in IcePath path, byte[] bytes) => _transmits.Enqueue(new IceDatagram(path, bytes));

    private byte[] NewId()
    {
        byte[] id = new byte[StunMessage.TransactionIdSize];
        entropy.Fill(id);
        return id;
    }

    private static Instant? Earlier(Instant? a, Instant? b) => a is null ? b : b is null || a < b ? a : b;
}
