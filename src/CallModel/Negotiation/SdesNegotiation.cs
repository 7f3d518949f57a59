using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>
/// Chooses SDES suites and keys (RFC 4568 section 5.1) so that SRTP between two SDES parties can pass untouched: the offerer's lines go to the
/// answerer with tag and key as they are, and the answerer's key comes back in the answer.
/// </summary>
public static class SdesNegotiation
{
    /// <summary>Makes the crypto lines of an offer.</summary>
    public static IReadOnlyList<SdpCrypto> Offer(SdesOfferInput input, IEntropy entropy)
    {
        var options = input.Options;
        if (options.Off)
        {
            return [];
        }

        var lines = new List<SdpCrypto>(SrtpSuiteInfo.All.Count);
        foreach (var line in OffererList(input.Source, options))
        {
            lines.Add(line);
        }

        AddPrevious(lines, input, entropy);
        if (!options.NoNew)
        {
            AddFresh(lines, input.Previous, options, entropy);
        }

        return Finish(Reorder(lines, options.Order), options);
    }

    /// <summary>Chooses what both sides use once the answer is known (or, without an answerer, alone).</summary>
    public static SdesAnswer Answer(SdesAnswerInput input, IEntropy entropy)
    {
        var answerer = AnswererSide(input.Offered, input.Answered);
        var list = OffererList(input.Offerer, input.Options);
        if (input.Options.Off || list.Count == 0)
        {
            return new SdesAnswer(SdesSide.None, answerer);
        }

        var (accepted, keys) = Choose(input, list, entropy);
        var printed = Finish([new SdpCrypto { Tag = accepted.Tag, Keys = keys }], input.Options);
        return new SdesAnswer(new SdesSide(printed, accepted.Keys, printed[0].Keys), answerer);
    }

    /// <summary>
    /// What the answerer accepted: its first line, and of ours those with the same suite and tag. A foreign tag leaves us without a key.
    /// </summary>
    public static SdesSide AnswererSide(IReadOnlyList<SdpCrypto> offered, IReadOnlyList<SdpCrypto> answered)
    {
        if (offered.Count == 0 || answered.Count == 0)
        {
            return SdesSide.None;
        }

        var first = answered[0];
        var kept = new List<SdpCrypto>(1);
        foreach (var line in offered)
        {
            if (line.Keys.Suite == first.Keys.Suite && line.Tag == first.Tag)
            {
                kept.Add(line);
            }
        }

        return new SdesSide(kept, first.Keys, kept.Count > 0 ? kept[0].Keys : null);
    }

    /// <summary>The offerer's lines as far as <c>only-</c> and <c>no-</c> let them, never fewer than one, in the order of <c>offerer_pref</c>.</summary>
    public static IReadOnlyList<SdpCrypto> OffererList(IReadOnlyList<SdpCrypto> lines, SdesOptions options)
    {
        var kept = new List<SdpCrypto>(lines);
        for (int i = 0; i < kept.Count && kept.Count > 1;)
        {
            if (IsEnabled(kept[i].Keys.Suite, options))
            {
                i++;
            }
            else
            {
                kept.RemoveAt(i);
            }
        }

        return Reorder(kept, options.OffererPreference);
    }

    private static (SdpCrypto Accepted, SrtpKeys Keys) Choose(SdesAnswerInput input, IReadOnlyList<SdpCrypto> list, IEntropy entropy)
    {
        var previous = input.Previous?.Keys;
        if (input.Options.Static && previous is not null && BySuite(list, previous.Suite) is { } before)
        {
            return (before, previous);
        }

        bool matching = !input.NoMatching && input.Options.OffererPreference.Count == 0;
        if (matching && input.Answered.Count > 0 && input.Offered.Count > 0 && BySuite(list, input.Answered[0].Keys.Suite) is { } common)
        {
            return (common, input.Answered[0].Keys);
        }

        // The session parameters are negotiated (RFC 4568 6.3): an accepted line repeats the offered ones.
        var first = list[0];
        var keys = previous?.Suite == first.Keys.Suite ? previous : Fresh(first.Keys.Suite, entropy);
        return (first, keys with
        {
            UnencryptedSrtp = first.Keys.UnencryptedSrtp,
            UnencryptedSrtcp = first.Keys.UnencryptedSrtcp,
            UnauthenticatedSrtp = first.Keys.UnauthenticatedSrtp,
        });
    }

    private static void AddPrevious(List<SdpCrypto> lines, SdesOfferInput input, IEntropy entropy)
    {
        foreach (var line in input.Previous)
        {
            var suite = line.Keys.Suite;
            if (BySuite(lines, suite) is null && IsEnabled(suite, input.Options))
            {
                bool taken = lines.Exists(l => l.Tag == line.Tag);
                bool accepted = input.AcceptedTag != 0 && line.Tag == input.AcceptedTag;
                lines.Add(new SdpCrypto
                {
                    Tag = taken ? NextTag(lines, input.Previous) : line.Tag,
                    Keys = accepted ? line.Keys : Fresh(suite, entropy),
                });
            }
        }
    }

    private static void AddFresh(List<SdpCrypto> lines, IReadOnlyList<SdpCrypto> previous, SdesOptions options, IEntropy entropy)
    {
        foreach (var info in SrtpSuiteInfo.All)
        {
            if (BySuite(lines, info.Suite) is null && IsEnabled(info.Suite, options))
            {
                lines.Add(new SdpCrypto { Tag = NextTag(lines, previous), Keys = Fresh(info.Suite, entropy) });
            }
        }
    }

    private static bool IsEnabled(SrtpSuite suite, SdesOptions options) =>
        !options.No.Contains(suite) && (options.Only.Count == 0 || options.Only.Contains(suite));

    private static SdpCrypto? BySuite(IReadOnlyList<SdpCrypto> lines, SrtpSuite suite)
    {
        foreach (var line in lines)
        {
            if (line.Keys.Suite == suite)
            {
                return line;
            }
        }

        return null;
    }

    private static int NextTag(List<SdpCrypto> lines, IReadOnlyList<SdpCrypto> previous)
    {
        int highest = 0;
        foreach (var line in lines)
        {
            highest = Math.Max(highest, line.Tag);
        }

        foreach (var line in previous)
        {
            highest = Math.Max(highest, line.Tag);
        }

        return highest + 1;
    }

    private static SrtpKeys Fresh(SrtpSuite suite, IEntropy entropy)
    {
        var info = SrtpSuiteInfo.Of(suite);
        var keys = new SrtpKeys { Suite = suite, MasterKey = new byte[info.KeyLength], MasterSalt = new byte[info.SaltLength] };
        entropy.Fill(keys.MasterKey);
        entropy.Fill(keys.MasterSalt);
        return keys;
    }

    // Stable: listed suites first, in the order of the list; tags stay.
    private static List<SdpCrypto> Reorder(List<SdpCrypto> lines, List<SrtpSuite> order)
    {
        if (order.Count == 0)
        {
            return lines;
        }

        var sorted = new List<SdpCrypto>(lines.Count);
        foreach (var suite in order)
        {
            sorted.AddRange(lines.FindAll(l => l.Keys.Suite == suite && !sorted.Contains(l)));
        }

        sorted.AddRange(lines.FindAll(l => !order.Contains(l.Keys.Suite)));
        return sorted;
    }

    private static List<SdpCrypto> Finish(List<SdpCrypto> lines, SdesOptions options) => lines.ConvertAll(line => line with
    {
        Lifetime = options.Lifetime ? "2^31" : null,
        Keys = line.Keys with
        {
            UnencryptedSrtp = options.UnencryptedSrtp ?? line.Keys.UnencryptedSrtp,
            UnencryptedSrtcp = options.UnencryptedSrtcp ?? line.Keys.UnencryptedSrtcp,
            UnauthenticatedSrtp = options.UnauthenticatedSrtp ?? line.Keys.UnauthenticatedSrtp,
        },
    });
}
