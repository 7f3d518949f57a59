using RtpCluster.CallModel.Rooms;
using RtpCluster.Contracts;

namespace RtpCluster.CallModel.Planning;

/// <summary>Compiles who gets the packets of a media, from its subscriptions.</summary>
internal static class OutputCompiler
{
    private const OutputFlags RtcpFlags = OutputFlags.SrtpPassthrough | OutputFlags.StripFeedback;

    /// <summary>The outputs of what arrives at a media.</summary>
    public static (OutputPlan[] Rtp, OutputPlan[] Rtcp) Outputs(CallState state, CallMedia publisher)
    {
        var rtp = new List<OutputPlan>();
        var rtcp = new List<OutputPlan>();
        foreach (var subscription in state.Subscriptions)
        {
            if (subscription.Publisher != publisher.Id || subscription.Egress)
            {
                continue;
            }

            Add(state, publisher, subscription, subscription.PayloadTypeMaps, rtp, rtcp);
            foreach (var tap in state.Subscriptions)
            {
                // An egress subscriber gets what its publisher is sent: the packets of whoever feeds that one.
                if (tap.Egress && tap.Publisher == subscription.Subscriber && !subscription.RtcpOnly)
                {
                    Add(state, publisher, tap, Chain(subscription.PayloadTypeMaps, tap.PayloadTypeMaps), rtp, rtcp);
                }
            }
        }

        return ([.. rtp], publisher.IsRtp ? [.. rtcp] : []);
    }

    private static void Add(
        CallState state, CallMedia publisher, MediaSubscription subscription, PayloadTypeMap[] maps, List<OutputPlan> rtp, List<OutputPlan> rtcp)
    {
        if (state.FindMedia(subscription.Subscriber) is not { Ports: not null } subscriber)
        {
            return;
        }

        var flags = Flags(state, publisher, subscriber, subscription, maps);
        if (!subscription.RtcpOnly)
        {
            rtp.Add(new OutputPlan
            {
                To = subscriber.RtpStream,
                Flags = flags,
                PayloadTypeMaps = maps,
                StripExtensions = [.. subscriber.StripExtensions.Union(ExtensionNegotiation.HopIds(FeedbackCompiler.Extensions(state, publisher)))],
                Layer = subscription.Layer - 1,
            });
        }

        // RTCP that ends here goes on in the receiver's terms, with the media.
        if (!FeedbackCompiler.EndsHere(state, publisher))
        {
            rtcp.Add(new OutputPlan
            {
                To = subscriber.HasRtcpStream ? subscriber.RtcpStream : subscriber.RtpStream,
                Flags = flags & RtcpFlags,
            });
        }
    }

    private static OutputFlags Flags(
        CallState state, CallMedia publisher, CallMedia subscriber, MediaSubscription subscription, PayloadTypeMap[] maps)
    {
        var owner = state.OwnerOf(publisher);
        var flags = OutputFlags.None;
        flags |= When(state.BlockMedia || owner.BlockMedia || subscription.BlockMedia || subscriber.Has(MediaFlags.BlockEgress), OutputFlags.Blocked);
        flags |= When(state.SilenceMedia || owner.SilenceMedia || subscription.SilenceMedia, OutputFlags.Silenced);
        flags |= When(state.BlockDtmf || owner.BlockDtmf || subscription.BlockDtmf, OutputFlags.BlockDtmf);
        flags |= When(publisher.Transport.Feedback && !subscriber.Transport.Feedback, OutputFlags.StripFeedback);
        flags |= When(subscriber.Has(MediaFlags.StripExtmap), OutputFlags.StripAllExtensions);
        bool untouched = flags == OutputFlags.None && maps.Length == 0 && subscriber.StripExtensions.Count == 0
            && FeedbackCompiler.Extensions(state, publisher) == default;
        bool sameKeys = publisher.DecryptKeys is { } keys && keys.Equals(subscriber.EncryptKeys);
        return flags | When(untouched && sameKeys, OutputFlags.SrtpPassthrough);
    }

    private static OutputFlags When(bool condition, OutputFlags flag) => condition ? flag : OutputFlags.None;

    /// <summary>First one map, then the other.</summary>
    private static PayloadTypeMap[] Chain(PayloadTypeMap[] first, PayloadTypeMap[] second)
    {
        var chained = new List<PayloadTypeMap>();
        foreach (var (from, to) in first)
        {
            int next = Array.FindIndex(second, m => m.From == to);
            chained.Add(new PayloadTypeMap(from, next < 0 ? to : second[next].To));
        }

        foreach (var map in second)
        {
            if (!Array.Exists(first, m => m.To == map.From || m.From == map.From))
            {
                chained.Add(map);
            }
        }

        chained.RemoveAll(m => m.From == m.To);
        return [.. chained];
    }
}
