namespace RtpCluster.Cluster.Sharding;

/// <summary>Which shard a call belongs to and which member should own a shard. Stable over versions and machines: both are persisted by what they decide.</summary>
public static class Placement
{
    /// <summary>The shard of a call-id: FNV-1a over its bytes, mixed.</summary>
    public static int ShardOf(string callId, int shards) => (int)(Mix(Hash(callId)) % (ulong)shards);

    /// <summary>The member with the highest weight for the shard (rendezvous hashing); null: there is none.</summary>
    public static string? OwnerOf(int shard, IEnumerable<string> members)
    {
        string? best = null;
        ulong weight = 0;
        foreach (string member in members)
        {
            ulong candidate = Mix(Hash(member) ^ Mix((ulong)shard + 1));
            if (best is null || candidate > weight || (candidate == weight && string.CompareOrdinal(member, best) < 0))
            {
                (best, weight) = (member, candidate);
            }
        }

        return best;
    }

    private static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char one in text)
        {
            hash = (hash ^ one) * 1099511628211;
        }

        return hash;
    }

    // The finalizer of SplitMix64: close inputs land far apart.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
