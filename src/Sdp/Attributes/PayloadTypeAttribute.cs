// a=fmtp: RFC 8866 section 6.15. a=rtcp-fb: RFC 4585 section 4.2.
namespace RtpCluster.Sdp;

/// <summary>An attribute of the form <c>PT text</c>: fmtp and rtcp-fb.</summary>
/// <param name="PayloadType">0 to 127; null: "*", every payload type (rtcp-fb only).</param>
/// <param name="Text">The rest, as received.</param>
public readonly record struct PayloadTypeAttribute(byte? PayloadType, string Text)
{
    /// <summary>Parses the text after "fmtp:" or "rtcp-fb:".</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out PayloadTypeAttribute result)
    {
        if (value.Length >= 2 && value[0] == '*' && value[1] == ' ')
        {
            result = new PayloadTypeAttribute(null, value[2..].Trim().ToString());
            return true;
        }

        if (SdpText.TryReadPayloadType(ref value, out byte payloadType) && !value.IsEmpty)
        {
            result = new PayloadTypeAttribute(payloadType, value.ToString());
            return true;
        }

        result = default;
        return false;
    }

    /// <summary>The text after the attribute's name.</summary>
    public override string ToString() => PayloadType is null ? $"* {Text}" : $"{PayloadType} {Text}";
}
