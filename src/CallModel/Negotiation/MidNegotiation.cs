using System.Globalization;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>Media identification tags (a=mid, RFC 5888) and labels (a=label, RFC 4574) of SDPs that we print.</summary>
public static class MidNegotiation
{
    /// <summary>Fills in missing mids: each becomes its media's index, counted from 1, or the next number nobody uses.</summary>
    /// <param name="mids">The mids in m-line order; null: none.</param>
    public static string[] Generate(IReadOnlyList<string?> mids)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (string? mid in mids)
        {
            if (mid is not null)
            {
                used.Add(mid);
            }
        }

        var result = new string[mids.Count];
        for (int i = 0; i < mids.Count; i++)
        {
            result[i] = mids[i] ?? NextFree(used, i + 1);
        }

        return result;
    }

    /// <summary>The labels of a SIPREC offer: counted from 1 over all its medias (RFC 7866 section 7.1.1 asks for uniqueness only).</summary>
    /// <param name="count">How many medias the offer has.</param>
    public static string[] GenerateLabels(int count)
    {
        var result = new string[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = (i + 1).ToString(CultureInfo.InvariantCulture);
        }

        return result;
    }

    private static string NextFree(HashSet<string> used, int from)
    {
        for (int n = from; ; n++)
        {
            string candidate = n.ToString(CultureInfo.InvariantCulture);
            if (used.Add(candidate))
            {
                return candidate;
            }
        }
    }
}
