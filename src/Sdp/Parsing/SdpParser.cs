namespace RtpCluster.Sdp;

/// <summary>
/// Parses session descriptions (RFC 8866) as peers really send them: LF or CRLF, indented lines, several sessions in one body. Never
/// throws; what is known of an attribute is judged later (<see cref="SdpSessionView"/>), so nothing is lost here.
/// </summary>
public static class SdpParser
{
    /// <summary>More ports than this in "m=audio 1000/n" is an error.</summary>
    public const int MaxPortCount = 10;

    private const int QuotedLength = 40;

    /// <summary>Parses a body.</summary>
    /// <param name="text">The body; one char is one byte.</param>
    /// <param name="strict">Also refuse unknown letters, malformed o=, c=, b= lines and text behind a blank line (reject-invalid-sdp).</param>
    /// <param name="sessions">The sessions, at least one on success; empty on failure.</param>
    /// <param name="error">On failure: the line's number and what is wrong with it.</param>
    public static bool TryParse(string text, bool strict, out IReadOnlyList<SdpSession> sessions, out string error)
    {
        var rest = text.AsSpan();
        var builder = new SdpBuilder(strict);
        int number = 0;
        bool ended = false;
        sessions = [];
        while (!rest.IsEmpty)
        {
            var line = SdpText.ReadUntil(ref rest, '\n').TrimEnd('\r').TrimStart(" \t");
            number++;
            if (line.IsEmpty)
            {
                if (!strict)
                {
                    break;
                }

                ended = true;
                continue;
            }

            string? problem = ended ? "text behind a blank line" : Read(builder, line);
            if (problem is not null)
            {
                error = Describe(number, line, problem);
                return false;
            }
        }

        sessions = builder.Finish();
        error = sessions.Count > 0 ? string.Empty : "the body is empty: an SDP begins with v=0";
        return sessions.Count > 0;
    }

    private static string? Read(SdpBuilder builder, ReadOnlySpan<char> line)
    {
        if (line.Length < 2 || line[1] != '=')
        {
            return "not of the form letter=value";
        }

        char letter = line[0];
        var value = line[2..];
        var trimmed = value.TrimEnd(" \t");
        if (letter == 'v')
        {
            return trimmed.SequenceEqual("0") ? builder.BeginSession() : "the version must be 0";
        }

        if (!builder.HasSession)
        {
            return "an SDP begins with v=0";
        }

        // "s= " is how RFC 4566 told people to leave the name empty: its blank stays.
        return letter switch
        {
            'm' => builder.BeginMedia(trimmed),
            'a' => builder.Attribute(trimmed),
            _ => builder.Line(letter, trimmed.IsEmpty ? value : trimmed),
        };
    }

    private static string Describe(int number, ReadOnlySpan<char> line, string problem)
    {
        var quoted = line.Length > QuotedLength ? line[..QuotedLength] : line;
        // A crypto or password attribute must not reach a log: the name says enough.
        int colon = line[0] == 'a' ? quoted.IndexOf(':') : -1;
        return $"line {number} ('{(colon < 0 ? quoted : quoted[..colon])}'): {problem}";
    }
}
