using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.MediaEngine.Checkpoints;

/// <summary>
/// The SRTP of one stream in one direction: its keys and the running state of every SSRC under them. Lives as long as the keys stay the
/// same; disposing wipes them.
/// </summary>
internal sealed class SrtpSide : IDisposable
{
    /// <summary>
    /// SSRCs that one set of keys serves. States are never dropped while the keys live: an SSRC that came again without its indices would
    /// repeat the keystream outbound and accept replays inbound.
    /// </summary>
    public const int SsrcLimit = 256;

    private readonly SrtpContext _context;
    private uint[] _ssrcs = new uint[2];
    private SrtpSsrc[] _states = new SrtpSsrc[2];
    private int _count;

    public SrtpSide(SrtpKeys keys, bool outbound, ulong id = 0)
    {
        Id = id;
        Keys = keys;
        Outbound = outbound;
        _context = SrtpContext.Create(keys);
    }

    /// <summary>Names the keys and their media beyond this process.</summary>
    public ulong Id { get; }

    /// <summary>Ports whose rows in the forwarding table count SRTCP indices of these keys: while there are any, ours must be reserved there.</summary>
    public List<NetEndpoint> RtcpRows { get; } = [];

    /// <summary>SRTCP indices of SSRCs that are new here begin above it. Default 0.</summary>
    public uint RtcpFloor { get; init; }

    /// <summary>The keys.</summary>
    public SrtpKeys Keys { get; }

    /// <summary>What we send, or what we receive.</summary>
    public bool Outbound { get; }

    /// <summary>The transforms.</summary>
    public SrtpContext Context => _context;

    /// <summary>Finds the state of an SSRC.</summary>
    public bool TryFind(uint ssrc, out int at)
    {
        at = _ssrcs.AsSpan(0, _count).IndexOf(ssrc);
        return at >= 0;
    }

    /// <summary>Finds or makes the state of an SSRC. False: there are too many.</summary>
    public bool TryGet(uint ssrc, out int at)
    {
        if (TryFind(ssrc, out at))
        {
            return true;
        }

        if (_count == SsrcLimit)
        {
            return false;
        }

        if (_count == _ssrcs.Length)
        {
            Array.Resize(ref _ssrcs, _count * 2);
            Array.Resize(ref _states, _count * 2);
        }

        at = _count++;
        _ssrcs[at] = ssrc;
        _states[at] = new SrtpSsrc { State = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(ssrc, Outbound, 0, RtcpFloor)) };
        return true;
    }

    /// <summary>The state at a place.</summary>
    public ref SrtpSsrc this[int at] => ref _states[at];

    /// <summary>Goes on from checkpoints of this direction; SSRCs that run already keep what they have.</summary>
    public void Restore(SrtpCheckpoint[] checkpoints)
    {
        foreach (var checkpoint in checkpoints)
        {
            if (checkpoint.Outbound == Outbound && TryGet(checkpoint.Ssrc, out int at))
            {
                _states[at].Restore(checkpoint);
            }
        }
    }

    /// <summary>Every state as a checkpoint.</summary>
    public IEnumerable<SrtpCheckpoint> Checkpoints()
    {
        for (int i = 0; i < _count; i++)
        {
            yield return _states[i].Export(_ssrcs[i], Outbound);
        }
    }

    /// <summary>Every state as it is, without what is reported ahead.</summary>
    public IEnumerable<SrtpCheckpoint> Indices()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_states[i].State is { RtpIndex: > 0 } or { RtcpIndex: > 0 })
            {
                yield return _states[i].State.ToCheckpoint(_ssrcs[i], Outbound);
            }
        }
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose() => _context.Dispose();
}
