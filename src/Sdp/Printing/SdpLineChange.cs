using System.Text;

namespace RtpCluster.Sdp;

/// <summary>Applies the removals and substitutions of an <see cref="SdpManipulation"/> to one attribute line.</summary>
internal static class SdpLineChange
{
    /// <summary>Changes the line at the end of the body.</summary>
    /// <param name="text">The body.</param>
    /// <param name="start">Where "a=" of the line stands.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="manipulation">The changes.</param>
    /// <returns>False: the line is to be removed.</returns>
    public static bool Apply(StringBuilder text, int start, string name, SdpManipulation manipulation)
    {
        if (manipulation.Remove.Count == 0 && manipulation.Substitute.Count == 0)
        {
            return true;
        }

        string line = text.ToString(start + 2, text.Length - start - 2);
        foreach (string entry in manipulation.Remove)
        {
            if (Matched(line, name, entry) > 0)
            {
                return false;
            }
        }

        foreach (var (from, to) in manipulation.Substitute)
        {
            int matched = Matched(line, name, from);
            if (matched > 0)
            {
                text.Length = start + 2;
                text.Append(to).Append(line, matched, line.Length - matched);
                break;
            }
        }

        return true;
    }

    /// <summary>How many characters of the line an entry stands for: the full line, the name, or "name:first word"; 0: no match.</summary>
    private static int Matched(string line, string name, string entry)
    {
        if (entry.Length == 0 || !line.StartsWith(entry, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        bool whole = entry.Length == line.Length || entry.Length == name.Length;
        return whole || (entry.Length > name.Length && entry.IndexOf(' ', StringComparison.Ordinal) < 0 && line[entry.Length] == ' ')
            ? entry.Length
            : 0;
    }
}
