namespace RtpCluster.MediaEngine;

/// <summary>
/// Names a (stream, local port) pair of one <see cref="ReactorEngine"/>. Stays valid until the port leaves the call's plan; a handle that
/// outlived its port is recognised and its packets are dropped as <see cref="DropReason.UnknownPort"/>.
/// </summary>
/// <param name="Index">Slot number, small and dense: good as an array index for the shell's own per-port data. Reused.</param>
/// <param name="Generation">Tells the users of a reused slot apart; 0 is never valid.</param>
public readonly record struct PortHandle(int Index, int Generation)
{
    /// <summary>True for a handle that came from an engine.</summary>
    public bool IsValid => Generation != 0;
}
