using System.Buffers.Binary;

namespace RtpCluster.Media.Rtcp;

/// <summary>
/// Writes RTCP packets one behind the other into a buffer: reports (RFC 3550 section 6.4), feedback (RFC 4585, RFC 5104) and extended
/// reports (RFC 3611). A packet that finds no room is left out. Allocates nothing.
/// </summary>
public ref struct RtcpWriter
{
    private const byte Version = 0x80;
    private const int HeaderLength = 8;
    private const int BlockLength = 24;
    private const int FeedbackLength = 12;

    private readonly Span<byte> _target;

    /// <summary>Begins an empty compound.</summary>
    public RtcpWriter(Span<byte> target) => _target = target;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>A receiver report; <see cref="AddBlock"/> adds to it while nothing follows.</summary>
    public void ReceiverReport(uint sender) => Begin(RtcpType.ReceiverReport, 0, sender, HeaderLength);

    /// <summary>The sender part of a sender report, without blocks.</summary>
    public void SenderReport(in SenderReport report)
    {
        var body = Begin(RtcpType.SenderReport, 0, report.Ssrc, HeaderLength + 20);
        if (!body.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64BigEndian(body, report.NtpTimestamp);
            BinaryPrimitives.WriteUInt32BigEndian(body[8..], report.RtpTimestamp);
            BinaryPrimitives.WriteUInt32BigEndian(body[12..], report.PacketCount);
            BinaryPrimitives.WriteUInt32BigEndian(body[16..], report.OctetCount);
        }
    }

    /// <summary>Adds a block to the report that began at <paramref name="report"/> and is the last packet.</summary>
    public void AddBlock(int report, in ReportBlock block)
    {
        int count = _target[report] & 0x1f;
        if (count == 31 || _target.Length - Length < BlockLength)
        {
            return;
        }

        var body = _target.Slice(Length, BlockLength);
        BinaryPrimitives.WriteUInt32BigEndian(body, block.Ssrc);
        int lost = Math.Clamp(block.CumulativeLost, -0x800000, 0x7fffff) & 0xffffff;
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], ((uint)block.FractionLost << 24) | (uint)lost);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], block.HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], block.Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], block.LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], block.DelaySinceLastSenderReport);
        Length += BlockLength;
        _target[report] = (byte)(Version | (count + 1));
        Close(report);
    }

    /// <summary>A source description with a CNAME of eight hex digits: every compound has one.</summary>
    public void CanonicalName(uint ssrc, uint name)
    {
        const int Digits = 8;
        var body = Begin(RtcpType.SourceDescription, 1, ssrc, HeaderLength + 12);
        if (!body.IsEmpty)
        {
            body[0] = 1;
            body[1] = Digits;
            for (int i = 0; i < Digits; i++)
            {
                body[2 + i] = (byte)"0123456789abcdef"[(int)(name >> (28 - (4 * i))) & 15];
            }

            body[10..12].Clear();
        }
    }

    /// <summary>Copies a packet whole, with another SSRC as its first.</summary>
    public void Copy(scoped ReadOnlySpan<byte> packet, uint ssrc)
    {
        if (packet.Length <= _target.Length - Length && packet.Length >= HeaderLength)
        {
            packet.CopyTo(_target[Length..]);
            BinaryPrimitives.WriteUInt32BigEndian(_target[(Length + 4)..], ssrc);
            Length += packet.Length;
        }
    }

    /// <summary>A picture loss indication, RFC 4585 section 6.3.1.</summary>
    public void PictureLoss(uint sender, uint media) => Feedback(RtcpType.PayloadFeedback, 1, sender, media, 0);

    /// <summary>A full intra request, RFC 5104 section 4.3.1.</summary>
    public void FullIntraRequest(uint sender, uint media, byte number)
    {
        var control = Feedback(RtcpType.PayloadFeedback, 4, sender, 0, 8);
        if (!control.IsEmpty)
        {
            BinaryPrimitives.WriteUInt32BigEndian(control, media);
            BinaryPrimitives.WriteUInt32BigEndian(control[4..], (uint)number << 24);
        }
    }

    /// <summary>A NACK for some packets in ascending order, RFC 4585 section 6.2.1. Packets that find no room are left out.</summary>
    public void Nack(uint sender, uint media, scoped ReadOnlySpan<ushort> sequences)
    {
        int start = Length;
        if (sequences.IsEmpty || Feedback(RtcpType.TransportFeedback, 1, sender, media, 4).IsEmpty)
        {
            return;
        }

        int item = Length - 4;
        BinaryPrimitives.WriteUInt16BigEndian(_target[item..], sequences[0]);
        BinaryPrimitives.WriteUInt16BigEndian(_target[(item + 2)..], 0);
        foreach (ushort sequence in sequences[1..])
        {
            int distance = (ushort)(sequence - BinaryPrimitives.ReadUInt16BigEndian(_target[item..]));
            if (distance is >= 1 and <= 16)
            {
                _target[item + 2 + ((16 - distance) >> 3)] |= (byte)(1 << ((distance - 1) & 7));
                continue;
            }

            if (_target.Length - Length < 4)
            {
                break;
            }

            item = Length;
            BinaryPrimitives.WriteUInt32BigEndian(_target[item..], (uint)sequence << 16);
            Length += 4;
        }

        Close(start);
    }

    /// <summary>The receiver's estimate of the bit rate that the path carries, draft-alvestrand-rmcat-remb-03.</summary>
    public void EstimatedBitrate(uint sender, uint media, long bitsPerSecond)
    {
        var control = Feedback(RtcpType.PayloadFeedback, 15, sender, 0, 12);
        if (control.IsEmpty)
        {
            return;
        }

        int exponent = Math.Max(0, 64 - 18 - System.Numerics.BitOperations.LeadingZeroCount((ulong)bitsPerSecond));
        "REMB"u8.CopyTo(control);
        BinaryPrimitives.WriteUInt32BigEndian(control[4..], 0x01000000u | ((uint)exponent << 18) | (uint)(bitsPerSecond >> exponent));
        BinaryPrimitives.WriteUInt32BigEndian(control[8..], media);
    }

    /// <summary>Transport-wide feedback whose control information the caller writes, draft-holmer-rmcat-transport-wide-cc-extensions-01.</summary>
    /// <param name="sender">Who says it.</param>
    /// <param name="media">One of the sources it is about.</param>
    /// <param name="control">The control information, a multiple of four bytes.</param>
    public void TransportWide(uint sender, uint media, scoped ReadOnlySpan<byte> control) =>
        control.CopyTo(Feedback(RtcpType.TransportFeedback, 15, sender, media, control.Length));

    /// <summary>The answer to a receiver's reference time, RFC 3611 section 4.5: we send it without delay.</summary>
    public void ReferenceAnswer(uint sender, uint receiver, uint reference)
    {
        var body = Begin(RtcpType.ExtendedReport, 0, sender, HeaderLength + 16);
        if (!body.IsEmpty)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body, 0x05000003);
            BinaryPrimitives.WriteUInt32BigEndian(body[4..], receiver);
            BinaryPrimitives.WriteUInt32BigEndian(body[8..], reference);
            BinaryPrimitives.WriteUInt32BigEndian(body[12..], 0);
        }
    }

    private Span<byte> Feedback(RtcpType type, int format, uint sender, uint media, int control)
    {
        var body = Begin(type, format, sender, FeedbackLength + control);
        if (body.IsEmpty)
        {
            return default;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, media);
        return body[4..];
    }

    /// <summary>Writes a header and the first SSRC; returns what is behind it.</summary>
    private Span<byte> Begin(RtcpType type, int count, uint ssrc, int length)
    {
        if (_target.Length - Length < length)
        {
            return default;
        }

        var packet = _target.Slice(Length, length);
        packet[0] = (byte)(Version | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        Length += length;
        return packet[HeaderLength..];
    }

    private readonly void Close(int start) => BinaryPrimitives.WriteUInt16BigEndian(_target[(start + 2)..], (ushort)(((Length - start) / 4) - 1));
}
