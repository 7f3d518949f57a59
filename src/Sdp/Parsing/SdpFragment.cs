using System.Text;

namespace RtpCluster.Sdp;

/// <summary>
/// Reads candidates that a remote sends after its SDP (application/trickle-ice-sdpfrag, RFC 8840 section 9): session attributes, then pseudo m=
/// lines. Older clients leave the m= lines out and begin each media with its a=mid.
/// </summary>
public static class SdpFragment
{
    private const string Head = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
    private const string PseudoMedia = "m=audio 9 RTP/AVP 0\r\n";

    /// <summary>Reads a fragment.</summary>
    /// <param name="text">The body; one char is one byte.</param>
    /// <param name="fragment">The candidates are in its medias; null on failure.</param>
    /// <param name="error">On failure: what is wrong.</param>
    public static bool TryParse(string text, out SdpSessionView? fragment, out string error)
    {
        bool read = SdpParser.TryParse(Complete(text), strict: false, out var sessions, out error);
        fragment = read ? SdpSessionView.Of(sessions[0]) : null;
        return read;
    }

    private static string Complete(string text)
    {
        if (text.StartsWith("v=", StringComparison.Ordinal))
        {
            return text;
        }

        var body = new StringBuilder(Head, Head.Length + text.Length + PseudoMedia.Length);
        var rest = text.AsSpan();
        bool open = false;
        while (!rest.IsEmpty)
        {
            var line = SdpText.ReadUntil(ref rest, '\n').TrimEnd('\r');
            bool isMid = line.StartsWith("a=mid:", StringComparison.OrdinalIgnoreCase);
            body.Append(isMid && !open ? PseudoMedia : string.Empty).Append(line).Append("\r\n");
            open = line.StartsWith("m=", StringComparison.Ordinal) || (open && !isMid);
        }

        return body.ToString();
    }
}
