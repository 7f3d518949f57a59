namespace RtpCluster.Ng.Flags;

/// <summary>The one spelling under which a key, flag or verb stands in the tables.</summary>
internal static class WordForm
{
    /// <summary>Lower case, with '-' for '_' and ' '.</summary>
    public static string Normalise(string word)
    {
        foreach (char c in word)
        {
            if (Fold(c) != c)
            {
                return string.Create(word.Length, word, static (target, source) =>
                {
                    for (int i = 0; i < target.Length; i++)
                    {
                        target[i] = Fold(source[i]);
                    }
                });
            }
        }

        return word;
    }

    private static char Fold(char c) => c switch
    {
        '_' or ' ' => '-',
        >= 'A' and <= 'Z' => (char)(c | 0x20),
        _ => c,
    };
}
