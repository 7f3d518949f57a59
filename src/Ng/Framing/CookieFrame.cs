namespace RtpCluster.Ng.Framing;

/// <summary>The frame of a request or reply: a cookie (a run of bytes without spaces), one space, the payload.</summary>
public static class CookieFrame
{
    /// <summary>Longer cookies are refused: nobody sends them, and the cookie cache keeps them for a minute.</summary>
    public const int MaxCookieLength = 256;

    /// <summary>Splits a message; false when it has no cookie, no space or an over-long cookie. Such a message gets no reply.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> message, out string cookie, out ReadOnlySpan<byte> payload)
    {
        int space = message.IndexOf((byte)' ');
        if (space is <= 0 or > MaxCookieLength)
        {
            cookie = string.Empty;
            payload = default;
            return false;
        }

        cookie = NgCodec.FromBytes(message[..space]);
        payload = message[(space + 1)..];
        return true;
    }

    /// <summary>Puts a payload into its frame.</summary>
    public static byte[] Join(string cookie, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[cookie.Length + 1 + payload.Length];
        System.Text.Encoding.Latin1.GetBytes(cookie, frame);
        frame[cookie.Length] = (byte)' ';
        payload.CopyTo(frame.AsSpan(cookie.Length + 1));
        return frame;
    }
}
