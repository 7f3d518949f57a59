namespace RtpCluster.Ng;

/// <summary>A value of the ng protocol, whatever its wire format. Strings are byte-transparent: each char is one byte (Latin-1).</summary>
public abstract record NgValue
{
    /// <summary>Wraps text.</summary>
    public static implicit operator NgValue(string text) => new NgString(text);

    /// <summary>Wraps an integer.</summary>
    public static implicit operator NgValue(long number) => new NgInteger(number);
}

/// <summary>A byte string.</summary>
public sealed record NgString(string Text) : NgValue;

/// <summary>An integer.</summary>
public sealed record NgInteger(long Number) : NgValue;

/// <summary>A list.</summary>
public sealed record NgList(List<NgValue> Items) : NgValue
{
    /// <summary>An empty list.</summary>
    public NgList()
        : this([])
    {
    }
}

/// <summary>A dictionary that keeps the order of its keys, as the wire does.</summary>
public sealed record NgDictionary : NgValue
{
    /// <summary>Keys and values in wire order.</summary>
    public List<KeyValuePair<string, NgValue>> Entries { get; } = [];

    /// <summary>The value of a key, or null.</summary>
    public NgValue? this[string key]
    {
        get
        {
            foreach (var (name, value) in Entries)
            {
                if (name == key)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>Appends a key; for building replies.</summary>
    public NgDictionary Add(string key, NgValue value)
    {
        Entries.Add(new(key, value));
        return this;
    }
}
