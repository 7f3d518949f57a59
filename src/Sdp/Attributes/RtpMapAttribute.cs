// a=rtpmap: RFC 8866 section 6.6.
namespace RtpCluster.Sdp;

/// <summary><c>a=rtpmap:PT encoding/clock[/parameters]</c>.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Encoding">Encoding name as received.</param>
/// <param name="ClockRate">RTP clock in Hz.</param>
/// <param name="Parameters">Text after the second slash, as received; null: none.</param>
public readonly record struct RtpMapAttribute(byte PayloadType, string Encoding, int ClockRate, string? Parameters)
{
    /// <summary>Channels: the parameters when they are a number from 1 to 255, else 1.</summary>
    public int Channels => byte.TryParse(Parameters, out byte channels) && channels > 0 ? channels : 1;

    /// <summary>Parses the text after "rtpmap:".</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out RtpMapAttribute result)
    {
        result = default;
        if (!SdpText.TryReadPayloadType(ref value, out byte payloadType))
        {
            return false;
        }

        var encoding = SdpText.ReadUntil(ref value, '/');
        var clock = SdpText.ReadUntil(ref value, '/');
        if (encoding.IsEmpty || !SdpText.TryReadNumber(clock, out int clockRate))
        {
            return false;
        }

        value = value.Trim();
        result = new RtpMapAttribute(payloadType, encoding.ToString(), clockRate, value.IsEmpty ? null : value.ToString());
        return true;
    }

    /// <summary>The text after "rtpmap:".</summary>
    public override string ToString() =>
        Parameters is null ? $"{PayloadType} {Encoding}/{ClockRate}" : $"{PayloadType} {Encoding}/{ClockRate}/{Parameters}";
}
