namespace RtpCluster.Contracts;

/// <summary>Says for which calls this node may act right now. Safe for concurrent use.</summary>
public interface ICallGate
{
    /// <summary>Begins to act for a call; false: it is another node's. <see cref="Exit"/> must follow when the result is true.</summary>
    bool TryEnter(CallId callId);

    /// <summary>Ends what <see cref="TryEnter"/> began.</summary>
    void Exit(CallId callId);
}

/// <summary>The answer of the command that leads to a state: kept with it, so that a retry at any node gets the same answer.</summary>
/// <param name="Cookie">The command's cookie.</param>
/// <param name="Reply">The answer, bencode.</param>
public sealed record CommandAnswer(string Cookie, ReadOnlyMemory<byte> Reply);
