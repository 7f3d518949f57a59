namespace RtpCluster.Ng.Flags;

/// <summary>One token of a flag string: a bare word (<paramref name="Value"/> is null) or <c>key=value</c>.</summary>
internal readonly record struct FlagToken(string Name, NgValue? Value);

/// <summary>
/// Reads the <c>rtpp-flags</c> grammar: tokens separated by spaces; <c>word</c>, <c>key=value</c>, <c>key=[a b c]</c> (list) or
/// <c>key=[k1=v k2=[x y]]</c> (dictionary), nested at will. A bracket that never closes ends with the string.
/// </summary>
internal static class FlagString
{
    /// <summary>The tokens in order.</summary>
    public static List<FlagToken> Read(string text) => Read(text, 0);

    private static List<FlagToken> Read(ReadOnlySpan<char> text, int depth)
    {
        var tokens = new List<FlagToken>();
        while (!(text = text.TrimStart(" \t\r\n")).IsEmpty)
        {
            int end = TokenEnd(text);
            tokens.Add(ReadToken(text[..end], depth));
            text = text[end..];
        }

        return tokens;
    }

    private static FlagToken ReadToken(ReadOnlySpan<char> token, int depth)
    {
        int equals = token.IndexOf('=');
        if (equals <= 0)
        {
            return new FlagToken(token.ToString(), null);
        }

        var value = token[(equals + 1)..];
        return new FlagToken(
            token[..equals].ToString(),
            value.StartsWith("[") && depth < NgCodec.MaxDepth ? ReadGroup(value, depth) : new NgString(value.ToString()));
    }

    private static NgValue ReadGroup(ReadOnlySpan<char> value, int depth)
    {
        var tokens = Read(value.EndsWith("]") ? value[1..^1] : value[1..], depth + 1);
        if (tokens.Count > 0 && tokens.TrueForAll(token => token.Value is not null))
        {
            var dictionary = new NgDictionary();
            foreach (var token in tokens)
            {
                dictionary.Add(token.Name, token.Value!);
            }

            return dictionary;
        }

        var list = new NgList();
        foreach (var token in tokens)
        {
            list.Items.Add(Item(token, depth));
        }

        return list;
    }

    private static NgValue Item(FlagToken token, int depth)
    {
        if (token.Value is not null)
        {
            return new NgString($"{token.Name}={ValueForm.Text(token.Value)}");
        }

        return token.Name.StartsWith('[') && depth + 1 < NgCodec.MaxDepth ? ReadGroup(token.Name, depth + 1) : new NgString(token.Name);
    }

    /// <summary>Where the first token ends: at a space outside of brackets.</summary>
    private static int TokenEnd(ReadOnlySpan<char> text)
    {
        int open = 0;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '[' when open > 0 || i == 0 || text[i - 1] == '=':
                    open++;
                    break;
                case ']' when open > 0:
                    open--;
                    break;
                case ' ' or '\t' or '\r' or '\n' when open == 0:
                    return i;
            }
        }

        return text.Length;
    }
}
