using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>Writes IP and UDP headers (RFC 791, 8200, 768) in front of a payload. Pure, no allocation.</summary>
internal static class PacketHeader
{
    /// <summary>Bytes of IPv4 and UDP header.</summary>
    public const int V4Size = 28;

    /// <summary>Bytes of IPv6 and UDP header.</summary>
    public const int V6Size = 48;

    private const byte Udp = 17, HopLimit = 64;
    private const int UdpSize = 8;

    /// <summary>Writes an IPv4 and a UDP header; the kernel fills in identification and header checksum.</summary>
    public static void WriteV4(Span<byte> header, in NetEndpoint local, in NetEndpoint remote, ReadOnlySpan<byte> payload, byte tos)
    {
        uint source = (uint)local.Address.Bits, target = (uint)remote.Address.Bits;
        int udpLength = UdpSize + payload.Length;
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)(0x4500_0000 | (tos << 16) | (V4Size + payload.Length)));
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], 0x0000_4000); // don't fragment, as UDP sockets do
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], (HopLimit << 24) | (Udp << 16));
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], target);
        ulong sum = (ulong)source + target;
        WriteUdp(header[20..V4Size], local.Port, remote.Port, udpLength, sum, payload);
    }

    /// <summary>Writes the IPv4 header checksum, where no kernel does.</summary>
    public static void SetV4Checksum(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~Fold(Sum(header[..20])));
    }

    /// <summary>Writes an IPv6 and a UDP header.</summary>
    public static void WriteV6(Span<byte> header, in NetEndpoint local, in NetEndpoint remote, ReadOnlySpan<byte> payload, byte trafficClass)
    {
        int udpLength = UdpSize + payload.Length;
        BinaryPrimitives.WriteUInt32BigEndian(header, 0x6000_0000 | ((uint)trafficClass << 20));
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], ((uint)udpLength << 16) | (Udp << 8) | HopLimit);
        local.Address.WriteBytes(header[8..]);
        remote.Address.WriteBytes(header[24..]);
        ulong sum = 0;
        for (int i = 8; i < 40; i += 4)
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(header[i..]);
        }

        WriteUdp(header[40..V6Size], local.Port, remote.Port, udpLength, sum, payload);
    }

    /// <summary>The ones' complement sum of big-endian 16-bit words, not yet folded (RFC 1071).</summary>
    public static ulong Sum(ReadOnlySpan<byte> data)
    {
        // RFC 1071 2(B): the sum does not depend on byte order, so words are added as they lie and the result is swapped.
        ulong sum = 0;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
        {
            sum += (uint)word;
            sum += word >> 32;
        }

        int at = words.Length * sizeof(ulong);
        for (; at + 1 < data.Length; at += 2)
        {
            sum += Unsafe.ReadUnaligned<ushort>(ref MemoryMarshal.GetReference(data[at..]));
        }

        if (at < data.Length)
        {
            sum += data[at];
        }

        return BinaryPrimitives.ReverseEndianness(Fold(sum));
    }

    private static void WriteUdp(Span<byte> udp, ushort source, ushort target, int length, ulong addresses, ReadOnlySpan<byte> payload)
    {
        ulong sum = addresses + Udp + (uint)length + source + target + (uint)length + Sum(payload);
        ushort checksum = (ushort)~Fold(sum);
        BinaryPrimitives.WriteUInt16BigEndian(udp, source);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], target);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xffff : checksum); // 0 would say "no checksum"
    }

    private static ushort Fold(ulong sum)
    {
        sum = (sum & 0xffffffff) + (sum >> 32);
        sum = (sum & 0xffff) + ((sum >> 16) & 0xffff) + (sum >> 32);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)((sum & 0xffff) + (sum >> 16));
    }
}
