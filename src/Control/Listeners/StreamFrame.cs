using RtpCluster.Ng.Bencode;
using RtpCluster.Ng.Framing;

namespace RtpCluster.Control.Listeners;

/// <summary>What the start of a stream is.</summary>
internal enum StreamFrameState
{
    /// <summary>A whole request.</summary>
    Complete,

    /// <summary>The start of one.</summary>
    Incomplete,

    /// <summary>Neither: close the connection.</summary>
    Broken,
}

/// <summary>Finds requests in a byte stream: cookie, space, bencode value.</summary>
internal static class StreamFrame
{
    /// <summary>Garbage up to this many bytes is borne, in the hope of nothing in particular: it is what the peer does.</summary>
    public const int MaxGarbage = 1024;

    /// <summary>
    /// Looks at the start of <paramref name="data"/>. A complete request has <paramref name="length"/> bytes from
    /// <paramref name="start"/>: line ends between requests are skipped.
    /// </summary>
    public static StreamFrameState Find(ReadOnlySpan<byte> data, int maxLength, out int start, out int length)
    {
        start = Math.Max(0, data.IndexOfAnyExcept((byte)'\r', (byte)'\n'));
        length = 0;
        var rest = data[start..];
        int space = rest.IndexOf((byte)' ');
        if (space < 0)
        {
            return rest.Length <= CookieFrame.MaxCookieLength ? StreamFrameState.Incomplete : Garbage(rest);
        }

        if (space is 0 or > CookieFrame.MaxCookieLength)
        {
            return Garbage(rest);
        }

        var payload = rest[(space + 1)..];
        var frame = payload.IsEmpty || payload[0] == (byte)'d' ? BencodeFraming.TryFrame(payload, out length) : BencodeFrame.Invalid;
        length += space + 1;
        return frame switch
        {
            BencodeFrame.Complete when length <= maxLength => StreamFrameState.Complete,
            BencodeFrame.Incomplete when rest.Length <= maxLength => StreamFrameState.Incomplete,
            BencodeFrame.Invalid => Garbage(rest),
            _ => StreamFrameState.Broken,
        };
    }

    private static StreamFrameState Garbage(ReadOnlySpan<byte> rest) =>
        rest.Length > MaxGarbage ? StreamFrameState.Broken : StreamFrameState.Incomplete;
}
