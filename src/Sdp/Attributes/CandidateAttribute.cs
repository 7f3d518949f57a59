// a=candidate: RFC 8839 section 5.1.
using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary><c>a=candidate:foundation component transport priority address port typ type …</c>.</summary>
/// <param name="Foundation">Foundation as received.</param>
/// <param name="Component">1: RTP, 2: RTCP.</param>
/// <param name="Transport">UDP or TCP as received.</param>
/// <param name="Priority">Priority.</param>
/// <param name="Host">Address, or a host name (mDNS) that we do not resolve.</param>
/// <param name="Port">Port.</param>
/// <param name="Type">host, srflx, prflx, relay as received.</param>
/// <param name="Extensions">The text after the type, as received; null: none.</param>
public sealed record CandidateAttribute(
    string Foundation, int Component, string Transport, uint Priority, string Host, ushort Port, string Type, string? Extensions = null)
{
    /// <summary>The address; None when <see cref="Host"/> is a name.</summary>
    public IpAddress Address => IpAddress.TryParse(Host, out var address) ? address : IpAddress.None;

    /// <summary>Parses the text after "candidate:".</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out CandidateAttribute? result)
    {
        result = null;
        var foundation = SdpText.ReadWord(ref value);
        bool numbers = SdpText.TryReadNumber(SdpText.ReadWord(ref value), out int component);
        var transport = SdpText.ReadWord(ref value);
        numbers &= uint.TryParse(SdpText.ReadWord(ref value), out uint priority);
        var host = SdpText.ReadWord(ref value);
        numbers &= ushort.TryParse(SdpText.ReadWord(ref value), out ushort port);
        var keyword = SdpText.ReadWord(ref value);
        var type = SdpText.ReadWord(ref value);
        if (!numbers || host.IsEmpty || type.IsEmpty || !keyword.SequenceEqual("typ"))
        {
            return false;
        }

        result = new CandidateAttribute(
            foundation.ToString(), component, transport.ToString(), priority, host.ToString(), port, type.ToString(),
            value.IsEmpty ? null : value.ToString());
        return true;
    }

    /// <summary>The text after "candidate:".</summary>
    public override string ToString()
    {
        string line = $"{Foundation} {Component} {Transport} {Priority} {Host} {Port} typ {Type}";
        return Extensions is null ? line : $"{line} {Extensions}";
    }
}
