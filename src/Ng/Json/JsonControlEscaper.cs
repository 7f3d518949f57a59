namespace RtpCluster.Ng.Json;

/// <summary>
/// Escapes raw control characters within JSON strings. RFC 8259 section 7 forbids them, but people paste SDP bodies with their line breaks
/// into requests, and the meaning is plain.
/// </summary>
internal static class JsonControlEscaper
{
    /// <summary>The text with raw control characters of strings as <c>\u00xx</c>; the same bytes when there are none.</summary>
    public static ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> json)
    {
        int raw = CountRaw(json);
        if (raw == 0)
        {
            return json;
        }

        var escaped = new byte[json.Length + (raw * 5)];
        int to = 0;
        var state = default(StringScanner);
        foreach (byte b in json)
        {
            if (state.IsInside(b) && b < 0x20)
            {
                "\\u00"u8.CopyTo(escaped.AsSpan(to));
                escaped[to + 4] = Hex(b >> 4);
                escaped[to + 5] = Hex(b & 15);
                to += 6;
            }
            else
            {
                escaped[to++] = b;
            }
        }

        return escaped.AsSpan(0, to);
    }

    private static int CountRaw(ReadOnlySpan<byte> json)
    {
        if (json.IndexOfAnyInRange((byte)0, (byte)0x1f) < 0)
        {
            return 0;
        }

        int count = 0;
        var state = default(StringScanner);
        foreach (byte b in json)
        {
            if (state.IsInside(b) && b < 0x20)
            {
                count++;
            }
        }

        return count;
    }

    private static byte Hex(int nibble) => (byte)"0123456789abcdef"[nibble];

    private struct StringScanner
    {
        private bool _inside;
        private bool _escaped;

        /// <summary>Takes the next byte; true when it is part of a string.</summary>
        public bool IsInside(byte b)
        {
            bool wasInside = _inside;
            if (_escaped)
            {
                // A control character right after a backslash cannot become a valid escape: leave it for the reader to refuse.
                _escaped = false;
                return false;
            }

            _escaped = _inside && b == (byte)'\\';
            _inside ^= b == (byte)'"';
            return wasInside;
        }
    }
}
