// a=ptime, a=maxptime: RFC 8866 sections 6.4 and 6.5.
namespace RtpCluster.Sdp;

/// <summary><c>a=ptime</c> and <c>a=maxptime</c> in ms.</summary>
public static class PacketTimeAttribute
{
    /// <summary>Parses the text after "ptime:" or "maxptime:"; a fraction (RFC 8866 allows one) is cut off.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out int milliseconds)
    {
        int dot = value.IndexOf('.');
        return SdpText.TryReadNumber((dot < 0 ? value : value[..dot]).Trim(), out milliseconds) && milliseconds <= 10_000;
    }
}
