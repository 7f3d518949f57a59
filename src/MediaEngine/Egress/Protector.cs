using System.Buffers.Binary;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>Stage Protect: encrypts a copy with its receiver's keys.</summary>
internal sealed class Protector(FactWriter facts, Offloader offloader)
{
    /// <summary>Protects the RTP packet in a slot; streams without keys pass.</summary>
    /// <param name="to">Whose keys.</param>
    /// <param name="slot">The whole slot.</param>
    /// <param name="length">The packet's bytes; grows.</param>
    /// <param name="source">Who counts <paramref name="index"/>.</param>
    /// <param name="index">The packet's sequence number with its rollovers.</param>
    public DropReason Rtp(StreamRuntime to, Span<byte> slot, ref int length, object source, long index)
    {
        if (to.Outbound is not { } side)
        {
            return DropReason.None;
        }

        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(slot[8..]);
        if (length + side.Context.RtpOverhead > slot.Length)
        {
            return DropReason.TooLarge;
        }

        if (!side.TryGet(ssrc, out int at))
        {
            return DropReason.SsrcLimit;
        }

        side[at].Align(ssrc, source, index);
        length = side.Context.ProtectRtp(ref side[at].State, slot, length);
        return Keep(to, side, at, ssrc, length);
    }

    /// <summary>Protects the RTCP packet in a slot; streams without keys pass.</summary>
    /// <param name="to">Whose keys.</param>
    /// <param name="slot">The whole slot.</param>
    /// <param name="length">The packet's bytes; grows.</param>
    public DropReason Rtcp(StreamRuntime to, Span<byte> slot, ref int length)
    {
        if (to.Outbound is not { } side)
        {
            return DropReason.None;
        }

        if (length < 8 || length + side.Context.RtcpOverhead > slot.Length)
        {
            return length < 8 ? DropReason.NotRtp : DropReason.TooLarge;
        }

        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(slot[4..]);
        if (!side.TryGet(ssrc, out int at))
        {
            return DropReason.SsrcLimit;
        }

        if (side.RtcpRows.Count > 0 && !offloader.TryReserveRtcp(side, at, ssrc))
        {
            return DropReason.ProtectFailed;
        }

        length = side.Context.ProtectRtcp(ref side[at].State, slot, length);
        return Keep(to, side, at, ssrc, length);
    }

    /// <summary>Follows a protected packet that goes out as it came in.</summary>
    public void Follow(ref PacketContext packet, StreamRuntime to)
    {
        bool rtcp = packet.Class == PacketClass.Rtcp;
        uint ssrc = rtcp ? BinaryPrimitives.ReadUInt32BigEndian(packet.Wire[4..]) : packet.Header.Ssrc;
        if (to.Outbound is not { } side || !side.TryGet(ssrc, out int at))
        {
            return;
        }

        if (!rtcp)
        {
            side[at].FollowRtp(ssrc, outbound: true, packet.Header.Sequence);
        }
        else if (packet.Stream.Inbound!.TryFind(ssrc, out int from))
        {
            side[at].FollowRtcp(ssrc, outbound: true, packet.Stream.Inbound[from].State.RtcpIndex);
        }

        facts.Srtp(to, side, at, ssrc);
    }

    private DropReason Keep(StreamRuntime to, SrtpSide side, int at, uint ssrc, int length)
    {
        if (length == 0)
        {
            return DropReason.ProtectFailed;
        }

        facts.Srtp(to, side, at, ssrc);
        return DropReason.None;
    }
}
