namespace RtpCluster.Cluster.Agents;

/// <summary>What a media address is good for at a node.</summary>
public enum AddressUse
{
    /// <summary>Nothing: another node has it, or none.</summary>
    None,

    /// <summary>Plans of calls that have their ports: it is on its way here. Which ports its calls use is not known yet, and it may never come.</summary>
    Plans,

    /// <summary>Plans and new ports.</summary>
    All,
}
