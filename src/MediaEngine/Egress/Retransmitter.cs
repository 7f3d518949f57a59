using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.MediaEngine.Ingress;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>
/// Answers a receiver's NACKs (RFC 4585 section 6.2.1) from what was sent to it. A NACK that could be answered in full ends here; one for
/// packets that never came goes on to the sender.
/// </summary>
internal sealed class Retransmitter(EngineCounters counters, FactWriter facts, Protector protector)
{
    private const int NackFormat = 1;
    private const int ItemSize = 4;

    /// <summary>Takes the answered NACKs out of a plain compound; false: nothing remains of it.</summary>
    public bool Run(ref PacketContext packet)
    {
        var compound = packet.Packet;
        int read = 0;
        int write = 0;
        while (read < compound.Length && RtcpCompound.TryGetLength(compound[read..], out int size))
        {
            if (!IsAnswered(ref packet, compound.Slice(read, size)))
            {
                compound.Slice(read, size).CopyTo(compound[write..]);
                write += size;
            }

            read += size;
        }

        compound[read..].CopyTo(compound[write..]);
        packet.Packet = compound[..(write + compound.Length - read)];
        return packet.Packet.Length > 0;
    }

    /// <summary>Sends again what a NACK asks for; false: some of it was not there.</summary>
    public bool Answer(ref PacketContext packet, in FeedbackPacket feedback)
    {
        bool all = feedback.Control.Length >= ItemSize;
        for (int at = 0; at + ItemSize <= feedback.Control.Length; at += ItemSize)
        {
            ushort first = BinaryPrimitives.ReadUInt16BigEndian(feedback.Control[at..]);
            uint further = BinaryPrimitives.ReadUInt16BigEndian(feedback.Control[(at + 2)..]);
            for (int bit = 0; bit <= 16; bit++)
            {
                bool asked = bit == 0 || (further & (1u << (bit - 1))) != 0;
                all &= !asked || Resend(ref packet, feedback.Media, (ushort)(first + bit));
            }
        }

        return all;
    }

    private bool IsAnswered(ref PacketContext packet, ReadOnlySpan<byte> part)
    {
        foreach (var rtcp in new RtcpCompound(part))
        {
            if (rtcp.Type != RtcpType.TransportFeedback || !FeedbackPacket.TryParse(rtcp, out var feedback) || feedback.Format != NackFormat)
            {
                return false;
            }

            return Answer(ref packet, feedback);
        }

        return false;
    }

    private void Send(Instant now, StreamRuntime stream, ReadOnlySpan<byte> bytes, OutputBatch output)
    {
        var slot = output.Next();
        int length = bytes.Length;
        if (stream.Repair is null)
        {
            bytes.CopyTo(slot);
        }
        else
        {
            length = Wrap(now, stream, stream.Repair, bytes, slot);
        }

        if (length > 0)
        {
            Transmitter.Send(stream, length, counters, output);
            counters.Retransmitted++;
        }
    }

    /// <summary>Makes and protects a packet of the retransmission stream; returns its bytes, 0: none.</summary>
    private int Wrap(Instant now, StreamRuntime stream, RepairStream repair, ReadOnlySpan<byte> bytes, Span<byte> slot)
    {
        var to = stream.Transport;
        int length = to.AwaitsKeys ? 0 : repair.Write(bytes, slot, now, to.Outbound);
        if (length == 0)
        {
            return 0;
        }

        var reason = protector.Rtp(to, slot, ref length, repair, repair.Index);
        if (reason != DropReason.None)
        {
            counters.CountDrop(reason);
            return 0;
        }

        if (!repair.IsReported)
        {
            repair.IsReported = true;
            facts.SrtpBegun(to, repair.Ssrc);
        }

        return length;
    }

    private bool Resend(ref PacketContext packet, uint ssrc, ushort sequence)
    {
        foreach (var stream in packet.Stream.Receivers)
        {
            if (!stream.Cache!.TryGet(packet.Now, ssrc, sequence, out var bytes))
            {
                continue;
            }

            if (!bytes.IsEmpty && stream.Transport.Selected is not null && stream.Transport.Learner.Current.IsUsable)
            {
                Send(packet.Now, stream, bytes, packet.Output);
            }

            return true;
        }

        return false;
    }
}
