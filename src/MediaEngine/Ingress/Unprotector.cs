using System.Buffers.Binary;
using RtpCluster.Media.Srtp;
using RtpCluster.MediaEngine.Checkpoints;

namespace RtpCluster.MediaEngine.Ingress;

/// <summary>Stage Unprotect: verifies and decrypts SRTP and SRTCP in place, once for all outputs.</summary>
internal sealed class Unprotector(FactWriter facts)
{
    private readonly byte[] _wire = GC.AllocateUninitializedArray<byte>(65536);

    /// <summary>Unprotects a packet of a stream that has keys; plain streams pass.</summary>
    public DropReason Run(ref PacketContext packet)
    {
        if (packet.Stream.Inbound is not { } side)
        {
            return DropReason.None;
        }

        if (packet.Class == PacketClass.Other)
        {
            return DropReason.NotRtp;
        }

        bool rtcp = packet.Class == PacketClass.Rtcp;
        var pass = rtcp ? packet.Stream.RtcpPass : packet.Stream.RtpPass;
        if (pass != SrtpPass.None)
        {
            // RTP that every receiver takes as it is passes unseen. RTCP is rare and worth a look, so it is verified as well.
            if (pass == SrtpPass.All && !rtcp)
            {
                return Follow(ref packet, side);
            }

            packet.Packet.CopyTo(_wire);
            packet.Wire = _wire.AsSpan(0, packet.Packet.Length);
        }

        return rtcp ? Rtcp(ref packet, side) : Rtp(ref packet, side);
    }

    private DropReason Rtp(ref PacketContext packet, SrtpSide side)
    {
        uint ssrc = packet.Header.Ssrc;
        bool known = side.TryFind(ssrc, out int at);
        var fresh = default(SrtpSsrcState);
        ref var state = ref known ? ref side[at].State : ref fresh;
        if (!side.Context.TryUnprotectRtp(ref state, packet.Packet, out int length, out var result))
        {
            return Reason(result);
        }

        packet.Packet = packet.Packet[..length];
        return Keep(ref packet, side, ssrc, known, at, fresh);
    }

    private DropReason Rtcp(ref PacketContext packet, SrtpSide side)
    {
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet.Packet[4..]);
        bool known = side.TryFind(ssrc, out int at);
        var fresh = default(SrtpSsrcState);
        ref var state = ref known ? ref side[at].State : ref fresh;
        if (!side.Context.TryUnprotectRtcp(ref state, packet.Packet, out int length, out var result))
        {
            return Reason(result);
        }

        packet.Packet = packet.Packet[..length];
        return Keep(ref packet, side, ssrc, known, at, fresh);
    }

    /// <summary>Notes a new SSRC only now that its packet is authentic: strangers cannot fill the table.</summary>
    private DropReason Keep(ref PacketContext packet, SrtpSide side, uint ssrc, bool known, int at, in SrtpSsrcState fresh)
    {
        if (!known)
        {
            if (!side.TryGet(ssrc, out at))
            {
                return DropReason.SsrcLimit;
            }

            side[at].State = fresh;
        }

        facts.Srtp(packet.Stream, side, at, ssrc);
        return DropReason.None;
    }

    private DropReason Follow(ref PacketContext packet, SrtpSide side)
    {
        packet.Wire = packet.Packet;
        if (side.TryGet(packet.Header.Ssrc, out int at))
        {
            side[at].FollowRtp(packet.Header.Ssrc, outbound: false, packet.Header.Sequence);
            facts.Srtp(packet.Stream, side, at, packet.Header.Ssrc);
        }

        return DropReason.None;
    }

    private static DropReason Reason(SrtpResult result) => result switch
    {
        SrtpResult.Malformed => DropReason.SrtpMalformed,
        SrtpResult.Replayed or SrtpResult.TooOld => DropReason.SrtpReplay,
        _ => DropReason.SrtpAuthentication,
    };
}
