using System.Text;
using RtpCluster.Ng;

namespace RtpCluster.Golden;

/// <summary>
/// The readable form of ng messages: one <c>key: value</c> a line; a value that begins with [ or { or " is JSON, all else is text; an SDP
/// (or another text of several lines) is a key with nothing behind the colon, followed by lines that begin with a bar.
/// </summary>
public static class TranscriptMessage
{
    /// <summary>Reads a message.</summary>
    public static NgDictionary Parse(IReadOnlyList<string> lines)
    {
        var message = new NgDictionary();
        for (int i = 0; i < lines.Count; i++)
        {
            int colon = lines[i].IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0)
            {
                message.Add(lines[i][..colon], Value(lines[i][(colon + 2)..]));
                continue;
            }

            string key = lines[i].TrimEnd(':');
            var body = new StringBuilder();
            while (i + 1 < lines.Count && lines[i + 1].StartsWith('|'))
            {
                body.Append(lines[++i].AsSpan(1)).Append("\r\n");
            }

            message.Add(key, body.ToString());
        }

        return message;
    }

    /// <summary>Writes a message.</summary>
    public static void Print(NgDictionary message, string indent, List<string> lines)
    {
        foreach (var (key, value) in message.Entries)
        {
            switch (value)
            {
                case NgDictionary inner:
                    lines.Add($"{indent}{key}: {{");
                    Print(inner, indent + "  ", lines);
                    lines.Add($"{indent}}}");
                    break;
                case NgList list:
                    PrintList(key, list, indent, lines);
                    break;
                case NgString { Text: var text } when text.Contains('\n', StringComparison.Ordinal):
                    lines.Add($"{indent}{key}:");
                    lines.AddRange(text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => $"{indent}|{line}"));
                    break;
                default:
                    lines.Add($"{indent}{key}: {Scalar(value)}");
                    break;
            }
        }
    }

    private static void PrintList(string key, NgList list, string indent, List<string> lines)
    {
        if (!list.Items.Exists(i => i is NgDictionary))
        {
            lines.Add($"{indent}{key}: [{string.Join(", ", list.Items.Select(Scalar))}]");
            return;
        }

        foreach (var item in list.Items)
        {
            lines.Add($"{indent}{key}[]: {{");
            Print((NgDictionary)item, indent + "  ", lines);
            lines.Add($"{indent}}}");
        }
    }

    private static string Scalar(NgValue value) => value switch
    {
        NgString text => text.Text,
        NgInteger number => number.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static NgValue Value(string text)
    {
        if (text[0] is not ('[' or '{' or '"'))
        {
            return text;
        }

        byte[] json = Encoding.UTF8.GetBytes($"{{\"v\":{text}}}");
        return NgCodec.TryDecode(json, out var wrapped, out _, out string error) ? wrapped["v"]! : throw new FormatException(error);
    }
}
