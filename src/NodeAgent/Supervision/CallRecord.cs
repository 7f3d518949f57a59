using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Supervision;

/// <summary>
/// A call's last plan, its ports, and what its facts said since. The agent keeps one to put the call back after the media process died; the
/// media process keeps one to tell its next controller. Pure, not safe for concurrent use.
/// </summary>
internal sealed class CallRecord(CallId callId)
{
    private readonly HashSet<NetEndpoint> _ports = [];
    private readonly Dictionary<StreamId, NetEndpoint> _learned = [];
    private readonly Dictionary<(StreamId Stream, uint Ssrc, bool Outbound), SrtpCheckpoint> _checkpoints = [];

    private readonly Dictionary<StreamId, DtlsKeyed> _keyed = [];

    /// <summary>The call.</summary>
    public CallId CallId { get; } = callId;

    /// <summary>The newest plan; null: none yet.</summary>
    public MediaPlan? Plan { get; private set; }

    /// <summary>Ports that are reserved or in the plan.</summary>
    public IReadOnlyCollection<NetEndpoint> Ports => _ports;

    /// <summary>Adds reserved ports.</summary>
    public void Reserve(IEnumerable<NetEndpoint> ports) => _ports.UnionWith(ports);

    /// <summary>Takes ports away that the plan does not use; returns those.</summary>
    public List<NetEndpoint> Release(IEnumerable<NetEndpoint> ports)
    {
        var used = Locals(Plan);
        return [.. ports.Where(p => !used.Contains(p) && _ports.Remove(p))];
    }

    /// <summary>Takes a plan; returns the ports that the call no longer has. An older plan changes nothing.</summary>
    public List<NetEndpoint> Take(MediaPlan plan)
    {
        if (Plan is not null && plan.Epoch < Plan.Epoch)
        {
            return [];
        }

        if (Plan is null || plan.Epoch > Plan.Epoch)
        {
            ForgetChanged(plan);
            Plan = plan;
        }

        var needed = Locals(plan);
        List<NetEndpoint> gone = [.. _ports.Where(p => !needed.Contains(p))];
        _ports.Clear();
        _ports.UnionWith(needed);
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

    private static HashSet<NetEndpoint> Locals(MediaPlan? plan) => plan is null ? [] : plan.Streams.SelectMany(s => s.Locals).ToHashSet();
}
