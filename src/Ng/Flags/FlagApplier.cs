namespace RtpCluster.Ng.Flags;

/// <summary>Applies keys, words and flag strings to a command by means of the tables. The only reader of the tables.</summary>
internal static class FlagApplier
{
    /// <summary>Templates that name templates, and flag strings in flag strings, end here.</summary>
    private const int MaxFlagStringDepth = 8;

    /// <summary>Applies one key with its value.</summary>
    public static void Key(FlagContext context, string name, NgValue value)
    {
        string key = WordForm.Normalise(name);
        if (KeyTable.ByName.TryGetValue(key, out var setter))
        {
            setter(context, value);
            return;
        }

        // "codec-strip=[PCMU PCMA]" and "replace=..." style: the key is a prefix of words.
        bool known = false;
        foreach (string word in ValueForm.Words(value))
        {
            known |= PrefixTable.TryApply(context, $"{name}-{word}");
        }

        if (!known)
        {
            context.Unknown(name);
        }
    }

    /// <summary>Applies one element of the <c>flags</c> list, or a bare word of a flag string.</summary>
    public static void Word(FlagContext context, string word)
    {
        if (FlagWords.ByName.TryGetValue(WordForm.Normalise(word), out var setter))
        {
            setter(context, word);
        }
        else if (!PrefixTable.TryApply(context, word))
        {
            context.Unknown(word);
        }
    }

    /// <summary>Applies a flag string: an <c>rtpp-flags</c> value or a template.</summary>
    public static void String(FlagContext context, string flags)
    {
        if (context.FlagStringDepth >= MaxFlagStringDepth)
        {
            context.Unknown("template", "nested too deeply");
            return;
        }

        context.FlagStringDepth++;
        foreach (var token in FlagString.Read(flags))
        {
            string key = WordForm.Normalise(token.Name);
            if (token.Value is null)
            {
                if (FlagWords.OnlyInFlagStrings.TryGetValue(key, out var setter))
                {
                    setter(context, token.Name);
                }
                else
                {
                    Word(context, token.Name);
                }
            }
            else if (KeyTable.OnlyInFlagStrings.TryGetValue(key, out var setter))
            {
                setter(context, token.Value);
            }
            else
            {
                Key(context, token.Name, token.Value);
            }
        }

        context.FlagStringDepth--;
    }

    /// <summary>Applies the template of that name, if there is one.</summary>
    public static bool Template(FlagContext context, string name)
    {
        if (context.Templates.Find(name) is not { } flags)
        {
            return false;
        }

        String(context, flags);
        return true;
    }
}
