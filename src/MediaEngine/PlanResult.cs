namespace RtpCluster.MediaEngine;

/// <summary>What became of a plan.</summary>
public enum PlanResult : byte
{
    /// <summary>In force.</summary>
    Applied,

    /// <summary>This epoch is in force already; nothing changed.</summary>
    Duplicate,

    /// <summary>A newer epoch is in force; refused.</summary>
    Stale,
}
