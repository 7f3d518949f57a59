using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;

namespace RtpCluster.MediaEngine.Tracking;

/// <summary>What is known of one SSRC of a remote.</summary>
internal sealed class SsrcEntry
{
    private long _packets;
    private long _bytes;
    private uint _lastTimestamp;
    private ushort _lastSequence;
    private byte _payloadType;
    private long _highest;

    /// <summary>The SSRC.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Forgets everything for a new SSRC.</summary>
    public void Reset(uint ssrc)
    {
        Ssrc = ssrc;
        _packets = 0;
        _bytes = 0;
        _lastTimestamp = 0;
        _lastSequence = 0;
        _payloadType = 255;
    }

    /// <summary>Counts an RTP packet and returns its extended sequence number.</summary>
    public long Note(Instant now, in RtpHeader header, int bytes, int clockRate)
    {
        long extended = _packets == 0 ? header.Sequence : _highest + (short)(header.Sequence - (ushort)_highest);
        _highest = _packets == 0 ? extended : Math.Max(_highest, extended);
        _packets++;
        _bytes += bytes;
        _lastTimestamp = header.Timestamp;
        _lastSequence = header.Sequence;
        _payloadType = header.PayloadType;
        return extended;
    }

    /// <summary>Copies everything.</summary>
    public SsrcStatistics Export() => new()
    {
        Ssrc = Ssrc,
        Packets = _packets,
        Bytes = _bytes,
        LastTimestamp = _lastTimestamp,
        LastSequence = _lastSequence,
        PayloadType = _payloadType,
    };
}
