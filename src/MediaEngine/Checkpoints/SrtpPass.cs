namespace RtpCluster.MediaEngine.Checkpoints;

/// <summary>How many of a stream's outputs take its protected packets as they are.</summary>
internal enum SrtpPass : byte
{
    /// <summary>None: decrypt.</summary>
    None,

    /// <summary>Some: decrypt, but keep the protected bytes.</summary>
    Some,

    /// <summary>All: do not decrypt.</summary>
    All,
}
