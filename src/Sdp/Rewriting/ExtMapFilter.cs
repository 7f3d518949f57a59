namespace RtpCluster.Sdp;

/// <summary>Header extensions that another side may see (ng <c>extmap</c>; RFC 8285).</summary>
public static class ExtMapFilter
{
    /// <summary>Leaves out the extensions that are to be hidden from the other side.</summary>
    /// <param name="extMaps">The source's.</param>
    /// <param name="strip">URIs to leave out of the SDP and out of the packets.</param>
    /// <param name="mask">URIs to leave out of the SDP only.</param>
    /// <param name="strippedIds">Ids the packets lose, in order.</param>
    /// <returns>What to print, in order.</returns>
    public static IReadOnlyList<ExtMapAttribute> Apply(
        IReadOnlyList<ExtMapAttribute> extMaps,
        IReadOnlyList<string> strip,
        IReadOnlyList<string> mask,
        out IReadOnlyList<byte> strippedIds)
    {
        strippedIds = [];
        if (strip.Count == 0 && mask.Count == 0)
        {
            return extMaps;
        }

        var printed = new List<ExtMapAttribute>(extMaps.Count);
        var ids = new List<byte>();
        foreach (var extMap in extMaps)
        {
            if (Contains(strip, extMap.Uri))
            {
                // Ids above 255 are provisional: they never stand in a packet.
                if (extMap.Id <= byte.MaxValue)
                {
                    ids.Add((byte)extMap.Id);
                }
            }
            else if (!Contains(mask, extMap.Uri))
            {
                printed.Add(extMap);
            }
        }

        strippedIds = ids;
        return printed;
    }

    private static bool Contains(IReadOnlyList<string> uris, string uri)
    {
        for (int i = 0; i < uris.Count; i++)
        {
            if (uris[i] == uri)
            {
                return true;
            }
        }

        return false;
    }
}
