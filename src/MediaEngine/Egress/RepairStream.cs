using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;
using RtpCluster.MediaEngine.Checkpoints;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>The stream in which a receiver gets lost packets again (RFC 4588): its own SSRC, payload types and sequence numbers. Lives on over plans.</summary>
internal sealed class RepairStream
{
    // What is sent after a restart must lie ahead of everything that may have been sent since the last checkpoint.
    private const long Ahead = 1 << 14;

    private readonly byte[] _types = new byte[128];
    private byte _sendTime;
    private long _index = -1;

    private RepairStream(uint ssrc) => Ssrc = ssrc;

    /// <summary>Its SSRC.</summary>
    public uint Ssrc { get; }

    /// <summary>Sequence number of the last packet with its rollovers.</summary>
    public long Index => _index;

    /// <summary>Where its count begins is known above: whoever goes on after us begins beyond.</summary>
    public bool IsReported { get; set; }

    /// <summary>What a plan says; null: lost packets are sent again as they were.</summary>
    public static RepairStream? For(StreamPlan plan, RepairStream? before)
    {
        if (plan.Feedback is not { RetransmitSsrc: > 0, RetransmitTypes.Length: > 0 } feedback)
        {
            return null;
        }

        var stream = before?.Ssrc == feedback.RetransmitSsrc ? before : new RepairStream(feedback.RetransmitSsrc);
        Array.Clear(stream._types);
        foreach (var (from, to) in feedback.RetransmitTypes)
        {
            stream._types[from & 127] = (byte)(to & 127);
        }

        stream._sendTime = plan.Extensions.SendTime;
        return stream;
    }

    /// <summary>Writes the retransmission of a plain packet; returns its bytes, 0: its payload type has none.</summary>
    /// <param name="packet">The packet as it was sent, before protection.</param>
    /// <param name="slot">Where the retransmission goes.</param>
    /// <param name="now">The time of sending.</param>
    /// <param name="side">The receiver's keys.</param>
    public int Write(ReadOnlySpan<byte> packet, Span<byte> slot, Instant now, SrtpSide? side)
    {
        if (!RtpHeader.TryParse(packet, out var header) || _types[header.PayloadType] == 0)
        {
            return 0;
        }

        if (_index < 0)
        {
            long sent = side is not null && side.TryFind(Ssrc, out int at) ? (long)side[at].State.RtpIndex : 0;
            _index = sent > 0 ? sent + Ahead : Ssrc & 0xfff;
        }

        int length = Retransmission.Wrap(packet, header, slot, _types[header.PayloadType], (ushort)++_index, Ssrc);
        ExtensionBlock.SetTime(slot[..length], header, _sendTime, now);
        return length;
    }
}
