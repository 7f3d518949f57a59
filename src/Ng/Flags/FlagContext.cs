namespace RtpCluster.Ng.Flags;

/// <summary>What a setter of the key table works on: the command being built and where its templates come from.</summary>
internal sealed class FlagContext(NgCommand command, NgTemplates templates)
{
    /// <summary>More unknown or unserved words than this are not worth keeping: they are for a log line.</summary>
    private const int MaxKeptWords = 64;

    /// <summary>Longer unknown words are cut.</summary>
    private const int MaxKeptLength = 80;

    /// <summary>The command being built.</summary>
    public NgCommand Command { get; } = command;

    /// <summary>Where <c>template=</c> looks.</summary>
    public NgTemplates Templates { get; } = templates;

    /// <summary>How many flag strings and templates enclose the current word; 0: a key of the request itself.</summary>
    public int FlagStringDepth { get; set; }

    /// <summary>The request has an <c>rtpp-flags</c> key: its tags come from SIP headers, not from the operator's flags.</summary>
    public bool HasFlagString { get; set; }

    /// <summary>The current word is an element of a dictionary's list and has no escapes.</summary>
    public bool IsVerbatim { get; set; }

    /// <summary>Notes a word nobody knows.</summary>
    public void Unknown(string word)
    {
        if (Command.UnknownWords.Count < MaxKeptWords)
        {
            Command.UnknownWords.Add(word.Length > MaxKeptLength ? word[..MaxKeptLength] : word);
        }
    }

    /// <summary>Notes a word of <paramref name="key"/> nobody knows.</summary>
    public void Unknown(string key, string word) => Unknown($"{key}={(word.Length > MaxKeptLength ? word[..MaxKeptLength] : word)}");

    /// <summary>Notes a known word that is not served yet.</summary>
    public void Unserved(string word)
    {
        if (!Command.Unsupported.Contains(word) && Command.Unsupported.Count < MaxKeptWords)
        {
            Command.Unsupported.Add(word);
        }
    }
}

/// <summary>Applies the value of a key to the command.</summary>
internal delegate void KeySetter(FlagContext context, NgValue value);

/// <summary>Applies a bare word, or what follows a prefix, to the command.</summary>
internal delegate void WordSetter(FlagContext context, string word);
