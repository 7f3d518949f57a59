using RtpCluster.NodeAgent.MediaProcess;

namespace RtpCluster.NodeAgent.Packets;

/// <summary>Opens the packet tier that the options ask for, or the best one that works.</summary>
internal static class TierSelector
{
    private const string Auto = "auto";

    /// <summary>Every tier, the best one first. AF_XDP and the kernel's own forwarding go in front when they come.</summary>
    private static readonly (string Name, Func<MediaProcessOptions, int, PacketTier> Open)[] s_tiers =
    [
        ("sk_lookup", (options, reactors) => new SkLookupTier(options, reactors)),
        ("sockets", (options, _) => new SocketTier(options)),
    ];

    /// <summary>Opens a tier; <paramref name="reason"/> says why it is not a better one, empty when it is the best or what was asked for.</summary>
    /// <exception cref="InvalidOperationException">The tier that was asked for by name cannot be had, or is unknown.</exception>
    public static PacketTier Open(MediaProcessOptions options, int reactors, out string reason)
    {
        reason = "";
        foreach (var (name, open) in s_tiers.Where(t => options.Tier == Auto || options.Tier == t.Name))
        {
            try
            {
                return open(options, reactors);
            }
            catch (TierUnavailableException e)
            {
                reason = $"{name} cannot be used: {e.Message}";
            }
        }

        throw new InvalidOperationException(
            reason.Length > 0 ? reason : $"unknown packet tier '{options.Tier}', known: auto, {string.Join(", ", s_tiers.Select(t => t.Name))}");
    }
}
