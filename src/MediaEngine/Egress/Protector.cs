using System.Buffers.Binary;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>Stage Protect: encrypts a copy with its receiver's keys.</summary>
internal sealed class Protector(FactWriter facts, Offloader offloader)
{
    /// <summary>Protects the packet in a slot; streams without keys pass.</summary>
    /// <param name="packet">What it is a copy of.</param>
    /// <param name="to">Whose keys.</param>
    /// <param name="slot">The whole slot.</param>
    /// <param name="length">The packet's bytes; grows.</param>
    public DropReason Run(ref PacketContext packet, StreamRuntime to, Span<byte> slot, ref int length)
    {
        if (to.Outbound is not { } side)
        {
            return DropReason.None;
        }

        if (packet.Class == PacketClass.Other || length < 8)
        {
            return DropReason.NotRtp;
        }

        bool rtcp = packet.Class == PacketClass.Rtcp;
        uint ssrc = rtcp ? BinaryPrimitives.ReadUInt32BigEndian(slot[4..]) : packet.Header.Ssrc;
        if (length + (rtcp ? side.Context.RtcpOverhead : side.Context.RtpOverhead) > slot.Length)
        {
            return DropReason.TooLarge;
        }

        if (!side.TryGet(ssrc, out int at))
        {
            return DropReason.SsrcLimit;
        }

        if (!rtcp)
        {
            side[at].Align(ssrc, packet.Sender!, packet.ExtendedSequence);
        }

        else if (side.RtcpRows.Count > 0 && !offloader.TryReserveRtcp(side, at, ssrc))
        {
            return DropReason.ProtectFailed;
        }

        ref var state = ref side[at].State;
        length = rtcp ? side.Context.ProtectRtcp(ref state, slot, length) : side.Context.ProtectRtp(ref state, slot, length);
        if (length == 0)
        {
            return DropReason.ProtectFailed;
        }

        facts.Srtp(to, side, at, ssrc);
        return DropReason.None;
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
}
