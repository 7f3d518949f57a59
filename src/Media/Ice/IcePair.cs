using RtpCluster.Contracts;

namespace RtpCluster.Media.Ice;

/// <summary>State of a candidate pair, RFC 8445 section 6.1.2.6. Frozen is not used: the one component of an agent has nothing to wait for.</summary>
internal enum PairState : byte
{
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}

/// <summary>One local and one remote candidate, and the check between them.</summary>
internal sealed class IcePair(IcePath path, uint localPriority, uint remotePriority)
{
    /// <summary>Between which addresses.</summary>
    public readonly IcePath Path = path;

    /// <summary>Priority of our candidate.</summary>
    public readonly uint LocalPriority = localPriority;

    /// <summary>Priority of the remote's candidate.</summary>
    public uint RemotePriority = remotePriority;

    /// <summary>How far the check is.</summary>
    public PairState State;

    /// <summary>A check went through: media may take this pair.</summary>
    public bool Valid;

    /// <summary>The remote has sent an authentic check here: it may send media too, though our own check is still on its way.</summary>
    public bool Heard;

    /// <summary>The controlling agent chose it.</summary>
    public bool Nominated;

    /// <summary>The next (or running) check carries USE-CANDIDATE; on the controlled side: the remote asked for it and our own check is out.</summary>
    public bool NominateOnSuccess;

    /// <summary>The running check.</summary>
    public IceTransaction Transaction;
}

/// <summary>One running check: its id, how often it was sent and what it said.</summary>
internal struct IceTransaction
{
    /// <summary>Twelve bytes; null: none runs.</summary>
    public byte[]? Id;

    /// <summary>Times sent.</summary>
    public int Sent;

    /// <summary>When it is sent again, or given up.</summary>
    public Instant Next;

    /// <summary>The role it claimed.</summary>
    public bool AsControlling;

    /// <summary>It carried USE-CANDIDATE.</summary>
    public bool UseCandidate;
}
