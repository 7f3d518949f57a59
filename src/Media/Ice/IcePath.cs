using RtpCluster.Contracts;

namespace RtpCluster.Media.Ice;

/// <summary>A pair of addresses that packets can take.</summary>
/// <param name="Local">Index of our address among the stream's locals.</param>
/// <param name="Remote">The remote's address.</param>
public readonly record struct IcePath(int Local, NetEndpoint Remote);

/// <summary>How far an agent is.</summary>
public enum IceState : byte
{
    /// <summary>Nothing valid yet.</summary>
    Checking,

    /// <summary>A valid pair carries media; nomination may be outstanding.</summary>
    Connected,

    /// <summary>A pair is nominated.</summary>
    Completed,

    /// <summary>No pair works and no candidate is to come, or consent was lost. A later check of the remote revives it.</summary>
    Failed,
}

/// <summary>A STUN message to send.</summary>
/// <param name="Path">Between which addresses.</param>
/// <param name="Bytes">The message.</param>
public readonly record struct IceDatagram(IcePath Path, byte[] Bytes);
