using System.Buffers.Binary;

namespace RtpCluster.MediaEngine.Egress;

/// <summary>Removes header extensions of a plain RTP packet, RFC 3550 5.3.1 and RFC 8285.</summary>
internal static class ExtensionStripper
{
    private const ushort OneByteProfile = 0xBEDE;
    private const byte ExtensionBit = 0x10;

    /// <summary>Removes the whole extension.</summary>
    /// <param name="packet">The packet, whose extension begins behind the CSRC list.</param>
    /// <param name="payloadOffset">Where the payload begins; moves.</param>
    /// <returns>The new length.</returns>
    public static int StripAll(Span<byte> packet, ref int payloadOffset)
    {
        if ((packet[0] & ExtensionBit) == 0)
        {
            return packet.Length;
        }

        int start = 12 + (4 * (packet[0] & 0x0f));
        packet[0] &= unchecked((byte)~ExtensionBit);
        return MovePayload(packet, ref payloadOffset, start);
    }

    /// <summary>Removes the elements of some ids; the whole extension when none is left or its profile is not RFC 8285's.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="ids">Element ids to remove.</param>
    /// <param name="payloadOffset">Where the payload begins; moves.</param>
    /// <returns>The new length.</returns>
    public static int Strip(Span<byte> packet, ReadOnlySpan<byte> ids, ref int payloadOffset)
    {
        if ((packet[0] & ExtensionBit) == 0)
        {
            return packet.Length;
        }

        int header = 12 + (4 * (packet[0] & 0x0f));
        ushort profile = BinaryPrimitives.ReadUInt16BigEndian(packet[header..]);
        bool oneByte = profile == OneByteProfile;
        if (!oneByte && (profile & 0xfff0) != 0x1000)
        {
            return packet.Length; // not RFC 8285: no ids to go by
        }

        var elements = packet[(header + 4)..payloadOffset];
        int kept = Compact(elements, ids, oneByte);
        if (kept == 0)
        {
            return StripAll(packet, ref payloadOffset);
        }

        int padded = (kept + 3) & ~3;
        elements[kept..padded].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet[(header + 2)..], (ushort)(padded / 4));
        return MovePayload(packet, ref payloadOffset, header + 4 + padded);
    }

    /// <summary>Moves the elements that stay to the front and returns their bytes. A damaged tail is left out.</summary>
    private static int Compact(Span<byte> elements, ReadOnlySpan<byte> ids, bool oneByte)
    {
        int read = 0;
        int write = 0;
        while (read < elements.Length)
        {
            if (elements[read] == 0)
            {
                read++; // padding
                continue;
            }

            int id = oneByte ? elements[read] >> 4 : elements[read];
            if ((oneByte && id == 15) || (!oneByte && read + 1 >= elements.Length))
            {
                break; // RFC 8285 4.2: 15 ends the list
            }

            int size = oneByte ? (elements[read] & 0x0f) + 2 : elements[read + 1] + 2;
            if (read + size > elements.Length)
            {
                break;
            }

            if (!ids.Contains((byte)id))
            {
                elements.Slice(read, size).CopyTo(elements[write..]);
                write += size;
            }

            read += size;
        }

        return write;
    }

    private static int MovePayload(Span<byte> packet, ref int payloadOffset, int to)
    {
        packet[payloadOffset..].CopyTo(packet[to..]);
        int length = packet.Length - (payloadOffset - to);
        payloadOffset = to;
        return length;
    }
}
