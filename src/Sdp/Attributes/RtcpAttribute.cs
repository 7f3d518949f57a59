// a=rtcp: RFC 3605 section 2.1.
using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary><c>a=rtcp:port [IN family address]</c>.</summary>
/// <param name="Port">RTCP port; 0 and 9 occur as "none yet" with ICE.</param>
/// <param name="Address">None: the RTP address applies.</param>
public readonly record struct RtcpAttribute(ushort Port, IpAddress Address)
{
    /// <summary>Parses the text after "rtcp:". A host name instead of an address is malformed.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out RtcpAttribute result)
    {
        result = default;
        if (!SdpText.TryReadNumber(SdpText.ReadWord(ref value), out int port) || port > ushort.MaxValue)
        {
            return false;
        }

        if (value.IsEmpty)
        {
            result = new RtcpAttribute((ushort)port, IpAddress.None);
            return true;
        }

        if (!SdpText.TryReadAddress(value, out var address))
        {
            return false;
        }

        result = new RtcpAttribute((ushort)port, address);
        return true;
    }

    /// <summary>The text after "rtcp:".</summary>
    public override string ToString() =>
        Address.Family == IpFamily.None ? $"{Port}" : $"{Port} IN {SdpText.FamilyName(Address.Family)} {Address}";
}
