using RtpCluster.Contracts;

namespace RtpCluster.CallModel.Planning;

/// <summary>Compiles who gets the packets of a media, from its subscriptions.</summary>
internal static class OutputCompiler
{
    /// <summary>The outputs of what arrives at a media.</summary>
    public static (OutputPlan[] Rtp, OutputPlan[] Rtcp) Outputs(CallState state, CallMedia publisher)
    {
        var rtp = new List<OutputPlan>();
        var rtcp = new List<OutputPlan>();
        foreach (var subscription in state.Subscriptions)
        {
            if (subscription.Publisher != publisher.Id || state.FindMedia(subscription.Subscriber) is not { Ports: not null } subscriber)
            {
                continue;
            }

            var flags = Flags(state, publisher, subscriber, subscription);
            if (!subscription.RtcpOnly)
            {
                rtp.Add(new OutputPlan
                {
                    To = subscriber.RtpStream,
                    Flags = flags,
                    PayloadTypeMaps = subscription.PayloadTypeMaps,
                    StripExtensions = [.. subscriber.StripExtensions],
                });
            }

            rtcp.Add(new OutputPlan
            {
                To = subscriber.HasRtcpStream ? subscriber.RtcpStream : subscriber.RtpStream,
                Flags = flags & (OutputFlags.SrtpPassthrough | OutputFlags.StripFeedback),
            });
        }

        return ([.. rtp], publisher.IsRtp ? [.. rtcp] : []);
    }

    private static OutputFlags Flags(CallState state, CallMedia publisher, CallMedia subscriber, MediaSubscription subscription)
    {
        var owner = state.OwnerOf(publisher);
        var flags = OutputFlags.None;
        flags |= When(state.BlockMedia || owner.BlockMedia || subscription.BlockMedia || subscriber.Has(MediaFlags.BlockEgress), OutputFlags.Blocked);
        flags |= When(state.SilenceMedia || owner.SilenceMedia || subscription.SilenceMedia, OutputFlags.Silenced);
        flags |= When(state.BlockDtmf || owner.BlockDtmf || subscription.BlockDtmf, OutputFlags.BlockDtmf);
        flags |= When(publisher.Transport.Feedback && !subscriber.Transport.Feedback, OutputFlags.StripFeedback);
        flags |= When(subscriber.Has(MediaFlags.StripExtmap), OutputFlags.StripAllExtensions);
        bool sameKeys = publisher.DecryptKeys is { } keys && keys.Equals(subscriber.EncryptKeys);
        return flags | When(sameKeys && flags == OutputFlags.None, OutputFlags.SrtpPassthrough);
    }

    private static OutputFlags When(bool condition, OutputFlags flag) => condition ? flag : OutputFlags.None;
}
