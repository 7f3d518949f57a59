using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Packets;

namespace RtpCluster.NodeAgent.Addresses;

/// <summary>Ethernet frames that ask for, and tell, who has an address: ARP (RFC 826, 5227) and neighbour discovery (RFC 4861). Pure.</summary>
internal static class NeighbourFrame
{
    /// <summary>Longest frame that is written here.</summary>
    public const int MaxSize = EthernetSize + Ipv6Size + AdvertisementSize;

    public const ushort ArpType = 0x0806, Ipv6Type = 0x86dd;

    private const int EthernetSize = 14, ArpSize = 28, Ipv6Size = 40, AdvertisementSize = 32;
    private const ushort ArpRequest = 1;
    private const byte Icmpv6 = 58, HopLimit = 255, Solicitation = 135, Advertisement = 136;
    private const byte TargetLinkAddress = 2;
    private const uint Override = 0x2000_0000;
    private static readonly byte[] s_broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    private static readonly byte[] s_allNodesMac = [0x33, 0x33, 0, 0, 0, 1];
    private static readonly IpAddress s_allNodes = IpAddress.Parse("ff02::1");

    /// <summary>Tells everybody that <paramref name="mac"/> has the address now: an ARP request for itself, or an unsolicited advertisement.</summary>
    public static int WriteAnnouncement(Span<byte> frame, ReadOnlySpan<byte> mac, IpAddress address) => address.Family == IpFamily.V6
        ? WriteNdp(frame, mac, s_allNodesMac, address, s_allNodes, Advertisement, Override, address, TargetLinkAddress)
        : WriteArp(frame, mac, address, address);

    /// <summary>Asks who has the address, without claiming any (ARP probe, or a solicitation from no address).</summary>
    public static int WriteProbe(Span<byte> frame, ReadOnlySpan<byte> mac, IpAddress address)
    {
        if (address.Family != IpFamily.V6)
        {
            return WriteArp(frame, mac, IpAddress.Any(IpFamily.V4), address);
        }

        Span<byte> bytes = stackalloc byte[16];
        address.WriteBytes(bytes);
        // The solicited-node group ff02::1:ffXX:XXXX (RFC 4291 2.7.1) and its link address.
        byte[] group = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, bytes[13], bytes[14], bytes[15]];
        byte[] groupMac = [0x33, 0x33, 0xff, bytes[13], bytes[14], bytes[15]];
        return WriteNdp(frame, mac, groupMac, IpAddress.Any(IpFamily.V6), IpAddress.FromBytes(group), Solicitation, 0, address, 0);
    }

    /// <summary>The frame says that somebody has the address; <paramref name="own"/> is our link address, whose frames do not count.</summary>
    public static bool Claims(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> own, IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        int length = address.WriteBytes(bytes);
        if (frame.Length < EthernetSize || frame[6..12].SequenceEqual(own))
        {
            return false;
        }

        var body = frame[EthernetSize..];
        return BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) switch
        {
            // Request or reply: the sender's protocol address is what it has.
            ArpType => length == 4 && body.Length >= ArpSize && body.Slice(14, 4).SequenceEqual(bytes[..4]),
            Ipv6Type => length == 16 && body.Length >= Ipv6Size + 24 && body[6] == Icmpv6 && body[Ipv6Size] == Advertisement
                && body.Slice(Ipv6Size + 8, 16).SequenceEqual(bytes),
            _ => false,
        };
    }

    private static int WriteArp(Span<byte> frame, ReadOnlySpan<byte> mac, IpAddress sender, IpAddress target)
    {
        WriteEthernet(frame, s_broadcast, mac, ArpType);
        var arp = frame.Slice(EthernetSize, ArpSize);
        arp.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(arp, 0x0001_0800_0604_0000 | ArpRequest); // Ethernet, IPv4, 6 and 4 bytes
        mac.CopyTo(arp[8..]);
        sender.WriteBytes(arp[14..]);
        target.WriteBytes(arp[24..]);
        return EthernetSize + ArpSize;
    }

    private static int WriteNdp(
        Span<byte> frame, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> toMac, IpAddress from, IpAddress to, byte kind, uint flags, IpAddress target, byte option)
    {
        WriteEthernet(frame, toMac, mac, Ipv6Type);
        int size = option == 0 ? AdvertisementSize - 8 : AdvertisementSize;
        var header = frame.Slice(EthernetSize, Ipv6Size);
        header.Clear();
        header[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)size);
        header[6] = Icmpv6;
        header[7] = HopLimit; // RFC 4861 7.1: others are ignored
        from.WriteBytes(header[8..]);
        to.WriteBytes(header[24..]);
        var message = frame.Slice(EthernetSize + Ipv6Size, size);
        message.Clear();
        message[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], flags);
        target.WriteBytes(message[8..]);
        if (option != 0)
        {
            message[24] = option;
            message[25] = 1; // in units of 8 bytes
            mac.CopyTo(message[26..]);
        }

        ulong sum = PacketHeader.Sum(header[8..]) + (ulong)size + Icmpv6 + PacketHeader.Sum(message);
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)~sum);
        return EthernetSize + Ipv6Size + size;
    }

    private static void WriteEthernet(Span<byte> frame, ReadOnlySpan<byte> to, ReadOnlySpan<byte> from, ushort type)
    {
        to.CopyTo(frame);
        from.CopyTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }
}
