using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Decides what the offer toward the receiver says about one media.</summary>
public static class OfferNegotiation
{
    /// <summary>Negotiates one media of an offer.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="sender">The offerer's media, read.</param>
    /// <param name="receiver">The media it is offered to.</param>
    /// <param name="view">The offerer's block.</param>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Apply(VerbContext context, CallMedia sender, CallMedia receiver, SdpMediaView view)
    {
        var command = context.Command;
        if (!receiver.Type.Equals(sender.Type, StringComparison.OrdinalIgnoreCase))
        {
            receiver.Reset(sender.Type);
        }

        receiver.Mid ??= sender.Mid;
        receiver.ReceiveFamily(command, sender);
        receiver.PtimeOverride = command.Ptime;
        sender.PtimeOverride = command.PtimeReverse > 0 ? command.PtimeReverse : sender.PtimeOverride;
        receiver.Set(MediaFlags.StripExtmap, command.Flags.HasFlag(NgFlags.StripExtmap));
        bool wasRejected = receiver.Has(MediaFlags.Rejected);
        receiver.Set(MediaFlags.Rejected, sender.Has(MediaFlags.Rejected));
        if (sender.Has(MediaFlags.Rejected))
        {
            receiver.Transport = receiver.Transport.Name.Length > 0 ? receiver.Transport : sender.Transport;
            receiver.PrintedCodecs = [.. view.Codecs];
            return null;
        }

        if (wasRejected)
        {
            receiver.Set(MediaFlags.Send | MediaFlags.Recv);
        }

        if (IcePassthrough.Offer(context, sender, receiver, view))
        {
            return null;
        }

        if (Codecs(command, sender, receiver, view) is { } refusal)
        {
            return refusal;
        }

        var transport = TransportNegotiation.Offer(sender.Transport, command.TransportProtocol, command.TransportChange, command.Osrtp);
        if (transport.Dtls && context.Config.Certificate is null)
        {
            return $"not supported yet: DTLS ({transport.Name})";
        }

        receiver.Transport = transport;
        IceNegotiation.Offer(context, receiver, view.HasIce, isNew: !receiver.Has(MediaFlags.Public));
        DtlsNegotiation.Offer(context, receiver, sourceHasSdes: sender.SdesReceived.Count > 0);
        receiver.RawFormats = sender.RawFormats;
        receiver.MuxOffer = RtcpMuxNegotiation.Offer(view.Attributes.RtcpMux, receiver.Has(MediaFlags.RtcpMux), command.RtcpMux);
        return Keys(context, sender, receiver);
    }

    private static string? Codecs(NgCommand command, CallMedia sender, CallMedia receiver, SdpMediaView view)
    {
        if (!sender.IsRtp)
        {
            return null;
        }

        var codecs = CodecNegotiation.Offer(view.Codecs, command.Codec, command.Flags);
        if (codecs.Refusal is { } refusal)
        {
            return refusal;
        }

        sender.Codecs = [.. codecs.Offered];
        receiver.PrintedCodecs = [.. codecs.Printed];
        receiver.Set(MediaFlags.Rejected, codecs.Rejected);
        return null;
    }

    private static string? Keys(VerbContext context, CallMedia sender, CallMedia receiver)
    {
        var options = context.Command.Sdes;
        sender.SdesReceived = [.. SdesNegotiation.OffererList(sender.SdesReceived, options)];
        sender.Set(MediaFlags.SdesReordered, options.OffererPreference.Count > 0);
        if (!receiver.Transport.Srtp || receiver.Transport.Dtls || options.Off)
        {
            receiver.SdesSent = [];
            return receiver.Transport.Srtp && receiver.Dtls is null ? "SRTP without SDES and DTLS" : null;
        }

        var offer = new SdesOfferInput
        {
            Source = sender.SdesReceived,
            Previous = receiver.SdesSent,
            AcceptedTag = receiver.SdesAcceptedTag,
            Options = options,
        };
        receiver.SdesSent = [.. SdesNegotiation.Offer(offer, context.Entropy)];
        return receiver.SdesSent.Count == 0 && receiver.Dtls is null ? "SRTP without SDES and DTLS" : null;
    }

    private static void ReceiveFamily(this CallMedia receiver, NgCommand command, CallMedia sender)
    {
        if (command.AddressFamily != IpFamily.None)
        {
            receiver.Family = command.AddressFamily;
        }
        else if (receiver.Family == IpFamily.None)
        {
            receiver.Family = sender.Family;
        }
    }
}
