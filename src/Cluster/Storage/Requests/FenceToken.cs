using System.Globalization;

namespace RtpCluster.Cluster.Storage;

/// <summary>
/// What an owner of a shard shows with every effect. A higher token fences off every lower one. The incarnation decides between two owners
/// that a store which lost writes gave the same epoch.
/// </summary>
/// <param name="Epoch">Counts up with each change of owner, from 1; 0: no token.</param>
/// <param name="Incarnation">When the owner's process began, microseconds since the Unix epoch.</param>
public readonly record struct FenceToken(long Epoch, long Incarnation) : IComparable<FenceToken>
{
    /// <inheritdoc/>
    public int CompareTo(FenceToken other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Incarnation.CompareTo(other.Incarnation);

    /// <summary>Fenced off by <paramref name="b"/>.</summary>
    public static bool operator <(FenceToken a, FenceToken b) => a.CompareTo(b) < 0;

    /// <summary>Fences off <paramref name="b"/>.</summary>
    public static bool operator >(FenceToken a, FenceToken b) => a.CompareTo(b) > 0;

    /// <summary>Not above.</summary>
    public static bool operator <=(FenceToken a, FenceToken b) => a.CompareTo(b) <= 0;

    /// <summary>Not below.</summary>
    public static bool operator >=(FenceToken a, FenceToken b) => a.CompareTo(b) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Incarnation}");
}

/// <summary>Orders every state that a call ever had, over all owners: by the token it was written under, then the call's life, then its version.</summary>
/// <param name="Token">The writer's token.</param>
/// <param name="Generation">When this life of the call-id began, microseconds: a call-id may be used again after its call ended.</param>
/// <param name="Version">Counts up with each save of that life.</param>
public readonly record struct CallStamp(FenceToken Token, long Generation, long Version) : IComparable<CallStamp>
{
    /// <inheritdoc/>
    public int CompareTo(CallStamp other)
    {
        int order = Token.CompareTo(other.Token);
        order = order != 0 ? order : Generation.CompareTo(other.Generation);
        return order != 0 ? order : Version.CompareTo(other.Version);
    }

    /// <summary>Older.</summary>
    public static bool operator <(CallStamp a, CallStamp b) => a.CompareTo(b) < 0;

    /// <summary>Newer.</summary>
    public static bool operator >(CallStamp a, CallStamp b) => a.CompareTo(b) > 0;

    /// <summary>Not newer.</summary>
    public static bool operator <=(CallStamp a, CallStamp b) => a.CompareTo(b) <= 0;

    /// <summary>Not older.</summary>
    public static bool operator >=(CallStamp a, CallStamp b) => a.CompareTo(b) >= 0;
}

/// <summary>One life of one node's process.</summary>
/// <param name="Node">The node's configured name.</param>
/// <param name="Incarnation">When the process began, microseconds since the Unix epoch.</param>
public readonly record struct NodeRef(string Node, long Incarnation)
{
    /// <summary>Nobody.</summary>
    public static readonly NodeRef None = new(string.Empty, 0);

    /// <summary>It is nobody.</summary>
    public bool IsNone => string.IsNullOrEmpty(Node);

    /// <summary>Reads <c>node@incarnation</c>.</summary>
    public static bool TryParse(string text, out NodeRef node)
    {
        int at = text.LastIndexOf('@');
        bool ok = at > 0 && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        node = ok ? new(text[..at], long.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture)) : None;
        return ok;
    }

    /// <summary><c>node@incarnation</c>.</summary>
    public override string ToString() => IsNone ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{Node}@{Incarnation}");
}
