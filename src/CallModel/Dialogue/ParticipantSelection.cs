using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Dialogue;

/// <summary>Which participant a command means: by label, else by address, else (only with <c>directional</c>) by from-tag, else none: the call.</summary>
public static class ParticipantSelection
{
    /// <summary>Finds the participant of a block, silence or forwarding command.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">The request.</param>
    /// <param name="participant">Who is meant; null: the whole call.</param>
    /// <returns>Why nobody could be found; null: all is well.</returns>
    public static string? Find(CallState call, NgCommand command, out Monologue? participant)
    {
        participant = null;
        if (command.Label is { } label)
        {
            participant = call.FindByLabel(label);
            return participant is null ? "No monologue matching the given label" : null;
        }

        if (command.Address is { } address)
        {
            participant = ByAddress(call, address);
            return participant is null ? "Failed to match address to any tag" : null;
        }

        if (command.FromTag is { } tag && command.Flags.HasFlag(NgFlags.Directional))
        {
            participant = call.FindByTag(tag);
            return participant is null ? "From-tag given, but no such tag exists" : null;
        }

        return null;
    }

    /// <summary>The participant whose SDP has this media address; null: none.</summary>
    public static Monologue? ByAddress(CallState call, string address) =>
        IpAddress.TryParse(address, out var parsed)
            ? call.Monologues.Find(m => m.Medias.Exists(c => c.SdpAddress == parsed || c.Remote.Address == parsed))
            : null;
}
