using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>Opens the packet tier that the options ask for, or the best one that works.</summary>
internal static class TierSelector
{
    /// <summary>The names that options may give.</summary>
    public static readonly IReadOnlyList<string> Names = ["auto", "sockets"];

    /// <summary>Opens a tier; <paramref name="reason"/> says why it is not a better one, empty when it is the best or what was asked for.</summary>
    /// <exception cref="InvalidOperationException">The tier that was asked for by name cannot be had.</exception>
    public static PacketTier Open(MediaProcessOptions options, int reactors, out string reason)
    {
        reason = "";
        if (!Names.Contains(options.Tier))
        {
            throw new InvalidOperationException($"unknown packet tier '{options.Tier}', known: {string.Join(", ", Names)}");
        }

        return new SocketTier(options);
    }
}
