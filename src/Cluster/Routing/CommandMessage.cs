namespace RtpCluster.Cluster.Routing;

/// <summary>A command on its way to the owner of its call.</summary>
/// <param name="Shard">The call's shard.</param>
/// <param name="Cookie">Its cookie; empty: none.</param>
/// <param name="Client">Who asked.</param>
/// <param name="Body">The dictionary as the client sent it, bencode.</param>
public sealed record CommandMessage(int Shard, string Cookie, string Client, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whoever gets it may send it on to the owner that it knows of: the sender does not reach the store and may not know.</summary>
    public bool Relay { get; init; }
}

/// <summary>What became of it.</summary>
/// <param name="Served">False: that node does not own the shard.</param>
/// <param name="Reply">The answer, bencode.</param>
public sealed record CommandResult(bool Served, ReadOnlyMemory<byte> Reply);
