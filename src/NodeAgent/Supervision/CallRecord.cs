using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>
/// A call's last plan, its ports, and what its facts said since. The agent keeps one to put the call back after the media process died; the
/// media process keeps one to tell its next controller. Pure, not safe for concurrent use.
/// </summary>
internal sealed class CallRecord(CallId callId)
{
    private readonly Dictionary<StreamId, NetEndpoint> _learned = [];
    private readonly Dictionary<(StreamId Stream, uint Ssrc, bool Outbound), SrtpCheckpoint> _checkpoints = [];
    private readonly Dictionary<StreamId, DtlsKeyed> _keyed = [];
    private List<NetEndpoint>? _reserved;

    /// <summary>The call.</summary>
    public CallId CallId { get; } = callId;

    /// <summary>The newest plan; null: none yet.</summary>
    public MediaPlan? Plan { get; private set; }

    /// <summary>The ports of the plan.</summary>
    public NetEndpoint[] Planned { get; private set; } = [];

    /// <summary>Ports that the call was given and that no plan has named yet.</summary>
    public IReadOnlyList<NetEndpoint> Reserved => _reserved ?? [];

    /// <summary>Adds ports that the call was given.</summary>
    public void Reserve(NetEndpoint[] ports) => (_reserved ??= new(ports.Length)).AddRange(ports);

    /// <summary>Takes reserved ports away; returns those that were.</summary>
    public List<NetEndpoint> Release(IEnumerable<NetEndpoint> ports) => [.. ports.Where(p => _reserved?.Remove(p) == true)];

    /// <summary>Takes a plan; returns the ports that the call no longer has. An older plan changes nothing.</summary>
    public GonePorts Take(MediaPlan plan)
    {
        if (Plan is not null && plan.Epoch < Plan.Epoch)
        {
            return GonePorts.None;
        }

        var before = Planned;
        if (Plan is null || plan.Epoch > Plan.Epoch)
        {
            ForgetChanged(plan);
            Plan = plan;
            Planned = Locals(plan);
        }

        var gone = new GonePorts(Without(before, Planned), Without(Reserved, Planned));
        _reserved = null;
        return gone;
    }

    /// <summary>Notes what a fact says about the running state.</summary>
    public void Note(MediaFact fact)
    {
        switch (fact)
        {
            case EndpointLearned learned:
                _learned[learned.Stream] = learned.Endpoint;
                break;
            case SrtpCheckpointed checkpoint:
                _checkpoints[(checkpoint.Stream, checkpoint.State.Ssrc, checkpoint.State.Outbound)] = checkpoint.State;
                break;
            case DtlsKeyed keyed:
                _keyed[keyed.Stream] = keyed;
                break;
        }
    }

    /// <summary>The facts that still hold: noted again by somebody else they give the same record.</summary>
    public IEnumerable<MediaFact> Facts =>
    [
        .. _learned.Select(l => new EndpointLearned(CallId, l.Key, l.Value)),
        .. _keyed.Values,
        .. _checkpoints.Select(c => new SrtpCheckpointed(CallId, c.Key.Stream, c.Value)),
    ];

    /// <summary>The plan with the running state in it: what a fresh media process starts from. Null: no plan.</summary>
    public MediaPlan? Resume() => Plan is null ? null : Plan with { Streams = [.. Plan.Streams.Select(Resume)] };

    private StreamPlan Resume(StreamPlan stream)
    {
        var fresh = _checkpoints.Where(c => c.Key.Stream == stream.Id).Select(c => c.Value).ToArray();
        var old = stream.Checkpoints.Where(c => !fresh.Any(f => f.Ssrc == c.Ssrc && f.Outbound == c.Outbound));
        return stream with
        {
            Learned = _learned.GetValueOrDefault(stream.Id, stream.Learned),
            Decrypt = Keys(stream).Decrypt,
            Encrypt = Keys(stream).Encrypt,
            Checkpoints = fresh.Length == 0 ? stream.Checkpoints : [.. old, .. fresh],
        };
    }

    /// <summary>A new signalled endpoint outdates the learned one, a new key the index.</summary>
    private void ForgetChanged(MediaPlan plan)
    {
        if (Plan is null)
        {
            return;
        }

        var next = plan.Streams.ToDictionary(s => s.Id);
        foreach (var old in Plan.Streams)
        {
            next.TryGetValue(old.Id, out var stream);
            if (stream is null || stream.Remote != old.Remote)
            {
                _learned.Remove(old.Id);
            }

            bool sameIn = stream is not null && Equals(Keys(stream).Decrypt, Keys(old).Decrypt);
            bool sameOut = stream is not null && Equals(Keys(stream).Encrypt, Keys(old).Encrypt);
            foreach (var key in _checkpoints.Keys.Where(k => k.Stream == old.Id && !(k.Outbound ? sameOut : sameIn)).ToArray())
            {
                _checkpoints.Remove(key);
            }
        }
    }

    /// <summary>The plan's keys, else those that DTLS has found for the same association.</summary>
    private (SrtpKeys? Decrypt, SrtpKeys? Encrypt) Keys(StreamPlan stream) =>
        stream.Decrypt is null && stream.Dtls is { } dtls && _keyed.GetValueOrDefault(stream.Id) is { } keyed && keyed.Association == dtls.Association
            ? (keyed.Decrypt, keyed.Encrypt)
            : (stream.Decrypt, stream.Encrypt);

    private static NetEndpoint[] Locals(MediaPlan plan)
    {
        var locals = new List<NetEndpoint>(plan.Streams.Length);
        foreach (var stream in plan.Streams)
        {
            locals.AddRange(stream.Locals);
        }

        return [.. locals];
    }

    /// <summary>The ports that are not among <paramref name="others"/>. A call has a handful: nothing is hashed until there are many.</summary>
    private static NetEndpoint[] Without(IReadOnlyList<NetEndpoint> ports, NetEndpoint[] others)
    {
        const int handful = 16;
        if (others.Length > handful)
        {
            var set = others.ToHashSet();
            return [.. ports.Where(p => !set.Contains(p))];
        }

        List<NetEndpoint>? left = null;
        foreach (var port in ports)
        {
            if (Array.IndexOf(others, port) < 0)
            {
                (left ??= []).Add(port);
            }
        }

        return left is null ? [] : [.. left];
    }
}

/// <summary>Ports that a call no longer has.</summary>
/// <param name="Planned">Those of an earlier plan: the media process closes them by itself.</param>
/// <param name="Reserved">Those that no plan ever named: the media process holds them until it is told to drop them.</param>
internal readonly record struct GonePorts(IReadOnlyList<NetEndpoint> Planned, IReadOnlyList<NetEndpoint> Reserved)
{
    /// <summary>None.</summary>
    public static GonePorts None { get; } = new([], []);
}
