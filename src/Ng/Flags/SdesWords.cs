using System.Collections.Frozen;
using RtpCluster.Contracts;

namespace RtpCluster.Ng.Flags;

/// <summary>The words of the <c>SDES</c> key: switches, and lists of crypto suites behind a prefix.</summary>
internal static class SdesWords
{
    private static readonly FrozenDictionary<string, Action<SdesOptions>> Switches = new Dictionary<string, Action<SdesOptions>>
    {
        ["off"] = sdes => sdes.Off = true,
        ["no"] = sdes => sdes.Off = true,
        ["disable"] = sdes => sdes.Off = true,
        ["disabled"] = sdes => sdes.Off = true,
        ["unencrypted-srtp"] = sdes => sdes.UnencryptedSrtp = true,
        ["encrypted-srtp"] = sdes => sdes.UnencryptedSrtp = false,
        ["unencrypted-srtcp"] = sdes => sdes.UnencryptedSrtcp = true,
        ["encrypted-srtcp"] = sdes => sdes.UnencryptedSrtcp = false,
        ["unauthenticated-srtp"] = sdes => sdes.UnauthenticatedSrtp = true,
        ["authenticated-srtp"] = sdes => sdes.UnauthenticatedSrtp = false,
        ["lifetime"] = sdes => sdes.Lifetime = true,
        ["pad"] = sdes => sdes.Pad = true,
        ["static"] = sdes => sdes.Static = true,
        ["nonew"] = sdes => sdes.NoNew = true,
        ["prefer"] = sdes => sdes.Prefer = true,
    }.ToFrozenDictionary();

    private static readonly (string Prefix, Action<SdesOptions, SrtpSuite> Add)[] SuiteLists =
    [
        ("no-", (sdes, suite) => sdes.No.Add(suite)),
        ("only-", (sdes, suite) => sdes.Only.Add(suite)),
        ("order:", (sdes, suite) => sdes.Order.Add(suite)),
        ("offerer-pref:", (sdes, suite) => sdes.OffererPreference.Add(suite)),
    ];

    /// <summary>Applies one word.</summary>
    public static void Apply(FlagContext context, string word)
    {
        string folded = WordForm.Normalise(word);
        if (Switches.TryGetValue(folded, out var set))
        {
            set(context.Command.Sdes);
            return;
        }

        foreach (var (prefix, add) in SuiteLists)
        {
            if (folded.StartsWith(prefix, StringComparison.Ordinal))
            {
                AddSuites(context, word, prefix.Length, add);
                return;
            }
        }

        context.Unknown("SDES", word);
    }

    private static void AddSuites(FlagContext context, string word, int start, Action<SdesOptions, SrtpSuite> add)
    {
        foreach (string name in word[start..].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (SrtpSuiteInfo.ByName(name) is { } info)
            {
                add(context.Command.Sdes, info.Suite);
            }
            else
            {
                context.Unknown("SDES", word);
            }
        }
    }
}
