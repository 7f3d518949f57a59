using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Gives medias their local ports and decides when they keep the ones they have.</summary>
public static class PortAssignment
{
    /// <summary>Makes sure that a media has ports on the right interface.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="media">The media; its Interface and Family are set.</param>
    /// <param name="count">1 (mux from the start, raw) or 2.</param>
    public static void Ensure(VerbContext context, CallMedia media, int count)
    {
        if (Negotiation.BundleNegotiation.Owner(context, media) is { } owner)
        {
            media.Ports = owner.Ports;
            return;
        }

        var local = InterfaceSelection.Select(context.Config, media.Interface, media.Family);
        if (media.Ports is { } ports && Fits(ports, media, local, count, KeepsPorts(context, media)))
        {
            media.Ports = ports.For.IsNone ? ports with { For = Key(media) } : ports;
        }
        else
        {
            media.Ports = Reserve(context, local, count, Key(media));
            media.LearnedRtp = default;
            media.LearnedRtcp = default;
        }

        media.Ports = media.Ports with { More = media.Ice is null ? [] : [.. Others(context, media.Ports, local.Name, count)] };
    }

    /// <summary>With ICE every address of the interface is a candidate; those that have ports keep them.</summary>
    private static IEnumerable<PortPair> Others(VerbContext context, PortPair first, string name, int count)
    {
        foreach (var other in context.Config.Interfaces)
        {
            if (other.Name == name && other.Address != first.Address)
            {
                var kept = Array.Find(first.More, p => p.Address == other.Address && (count == 1 || p.Rtcp != 0));
                yield return kept ?? Reserve(context, other, count, key: default);
            }
        }
    }

    private static PortPair Reserve(VerbContext context, LocalInterface local, int count, NetEndpoint key)
    {
        ushort first = context.ReservePorts(local.Address, count);
        return new PortPair(local.Address, local.Advertised, first, count > 1 ? (ushort)(first + 1) : (ushort)0, key);
    }

    private static bool Fits(PortPair ports, CallMedia media, LocalInterface local, int count, bool keep)
    {
        if (ports.Address != local.Address || (count > 1 && ports.Rtcp == 0))
        {
            return false;
        }

        var key = Key(media);
        return keep || ports.For.IsNone || key.IsNone || ports.For == key;
    }

    /// <summary>The remote moved: new ports tell its old packets from its new ones, unless told otherwise or it does not receive.</summary>
    private static bool KeepsPorts(VerbContext context, CallMedia media)
    {
        var flags = context.Command.Flags;
        if (flags.HasFlag(Ng.NgFlags.NoPortLatching))
        {
            return false;
        }

        return media.Ice is not null || context.Config.PortLatching || flags.HasFlag(Ng.NgFlags.PortLatching) || !media.Has(MediaFlags.Recv);
    }

    private static NetEndpoint Key(CallMedia media) => media.Remote.IsUsable ? media.Remote : default;
}
