using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace RtpCluster.Contracts;

/// <summary>Address family of an <see cref="IpAddress"/>; the numbers are persisted.</summary>
public enum IpFamily : byte
{
    /// <summary>No address.</summary>
    None = 0,

    /// <summary>IPv4; SDP "IP4".</summary>
    V4 = 4,

    /// <summary>IPv6; SDP "IP6".</summary>
    V6 = 6,
}

/// <summary>An IPv4 or IPv6 address as a comparable value without allocation. IPv4 sits in the low 32 bits.</summary>
public readonly record struct IpAddress(UInt128 Bits, IpFamily Family)
{
    /// <summary>No address at all.</summary>
    public static readonly IpAddress None;

    /// <summary>True for 0.0.0.0, :: and <see cref="None"/>: SDP's way to say "on hold".</summary>
    public bool IsUnspecified => Bits == 0;

    /// <summary>True for 127.0.0.0/8 and ::1.</summary>
    public bool IsLoopback => Family == IpFamily.V4 ? (uint)Bits >> 24 == 127 : Family == IpFamily.V6 && Bits == 1;

    /// <summary>The wildcard address of a family.</summary>
    public static IpAddress Any(IpFamily family) => new(0, family);

    /// <summary>An IPv4 address from its 32 bits in host order.</summary>
    public static IpAddress FromV4(uint hostOrder) => new(hostOrder, IpFamily.V4);

    /// <summary>An address from its 4 or 16 network-order bytes; an IPv4-mapped IPv6 address becomes IPv4.</summary>
    public static IpAddress FromBytes(ReadOnlySpan<byte> networkOrder)
    {
        if (networkOrder.Length == 4)
        {
            return FromV4(BinaryPrimitives.ReadUInt32BigEndian(networkOrder));
        }

        var bits = BinaryPrimitives.ReadUInt128BigEndian(networkOrder);
        return bits >> 32 == 0xffff ? FromV4((uint)bits) : new IpAddress(bits, IpFamily.V6);
    }

    /// <summary>Writes the network-order bytes and returns their count: 4, 16, or 0 for <see cref="None"/>.</summary>
    public int WriteBytes(Span<byte> target)
    {
        switch (Family)
        {
            case IpFamily.V4:
                BinaryPrimitives.WriteUInt32BigEndian(target, (uint)Bits);
                return 4;
            case IpFamily.V6:
                BinaryPrimitives.WriteUInt128BigEndian(target, Bits);
                return 16;
            default:
                return 0;
        }
    }

    /// <summary>Parses a literal address; host names and zone ids are refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = None;
        // IPAddress.Parse also takes "1", "0x7f.1" and "[::1]": SDP means none of them.
        bool v6 = text.Contains(':');
        if (text.IsEmpty || text[0] == '[' || text.Contains('%') || (!v6 && text.Count('.') != 3))
        {
            return false;
        }

        if (!IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out int written))
        {
            return false;
        }

        address = written == 4 ? FromBytes(bytes[..4]) : new IpAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), IpFamily.V6);
        return true;
    }

    /// <summary>Parses a literal address; for configuration and tests.</summary>
    /// <exception cref="FormatException">The text is no IP address.</exception>
    public static IpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address");

    /// <summary>The textual form: dotted quad or RFC 5952; empty for <see cref="None"/>.</summary>
    public override string ToString() => Family == IpFamily.None ? string.Empty : ToSystem().ToString();

    private IPAddress ToSystem()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteBytes(bytes)]);
    }

    /// <summary>Formats into a span without allocating a string.</summary>
    public bool TryFormat(Span<char> target, out int written) => ToSystem().TryFormat(target, out written);
}

/// <summary>A UDP address and port. Default means "none".</summary>
public readonly record struct NetEndpoint(IpAddress Address, ushort Port)
{
    /// <summary>True when neither address nor port is set.</summary>
    public bool IsNone => Address.Family == IpFamily.None;

    /// <summary>True when packets can be sent there: a real address and a port.</summary>
    public bool IsUsable => !Address.IsUnspecified && Port != 0;

    /// <summary>Parses <c>1.2.3.4:5</c> or <c>[::1]:5</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NetEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text[(colon + 1)..], out ushort port))
        {
            return false;
        }

        var host = text[..colon];
        if (host.Length > 1 && host[0] == '[' && host[^1] == ']')
        {
            host = host[1..^1];
        }
        else if (host.Contains(':'))
        {
            return false;
        }

        if (!IpAddress.TryParse(host, out var address))
        {
            return false;
        }

        endpoint = new NetEndpoint(address, port);
        return true;
    }

    /// <summary>Parses an endpoint; for configuration and tests.</summary>
    /// <exception cref="FormatException">The text is no endpoint.</exception>
    public static NetEndpoint Parse(string text) =>
        TryParse(text, out var endpoint) ? endpoint : throw new FormatException($"'{text}' is not an address:port");

    /// <summary><c>1.2.3.4:5</c> or <c>[::1]:5</c>.</summary>
    public override string ToString() => Address.Family == IpFamily.V6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}
