using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Decides what the answer toward the offerer says about one media, and what is then in force on both sides.</summary>
public static class AnswerNegotiation
{
    /// <summary>Negotiates one media of an answer.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="answerer">The answerer's media, read.</param>
    /// <param name="offerer">The offerer's media.</param>
    /// <param name="view">The answerer's block.</param>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Apply(VerbContext context, CallMedia answerer, CallMedia offerer, SdpMediaView view)
    {
        var command = context.Command;
        offerer.Set(MediaFlags.Rejected, answerer.Has(MediaFlags.Rejected) || !offerer.Has(MediaFlags.Filled));
        if (offerer.Has(MediaFlags.Rejected))
        {
            return null;
        }

        if (IcePassthrough.Answer(context.Call!, answerer, offerer, view))
        {
            Mux(answerer, offerer, view);
            return null;
        }

        var transport = TransportNegotiation.Answer(
            offerer.Transport, answerer.Transport, command.TransportProtocol, command.TransportChange);
        if (transport.Dtls && offerer.Dtls is null)
        {
            return $"DTLS was not offered ({transport.Name})";
        }

        // The offerer's transport stays what it offered when the answer only takes the other side's name.
        offerer.Transport = transport.IsRtp == offerer.IsRtp ? transport : offerer.Transport;
        if (context.Command.Ice == IceOption.Remove || context.Command.Flags.HasFlag(NgFlags.RejectIce))
        {
            offerer.Ice = null;
        }

        Mux(answerer, offerer, view);
        Codecs(context, answerer, offerer, view);
        Keys(context, answerer, offerer);
        return null;
    }

    private static void Mux(CallMedia answerer, CallMedia offerer, SdpMediaView view)
    {
        var mux = RtcpMuxNegotiation.Answer(answerer.MuxOffer, view.Attributes.RtcpMux);
        SetMux(offerer, mux.TowardOfferer);
        SetMux(answerer, mux.TowardAnswerer);
    }

    /// <summary>Puts rtcp-mux toward a remote in force or ends it.</summary>
    public static void SetMux(CallMedia media, bool muxed)
    {
        media.Set(MediaFlags.RtcpMux, muxed);
        if (muxed)
        {
            media.RemoteRtcp = media.Remote;
        }
    }

    private static void Codecs(VerbContext context, CallMedia answerer, CallMedia offerer, SdpMediaView view)
    {
        if (!offerer.IsRtp || !answerer.IsRtp)
        {
            return;
        }

        var codecs = CodecNegotiation.Answer(new CodecAnswerInput
        {
            Offered = offerer.Codecs,
            Printed = answerer.PrintedCodecs,
            Answered = view.Codecs,
            Previous = offerer.PrintedCodecs,
            Flags = context.Command.Flags,
        });
        answerer.Codecs = [.. view.Codecs];
        offerer.PrintedCodecs = [.. codecs.Printed];
        offerer.Set(MediaFlags.Rejected, codecs.Rejected);
        var call = context.Call!;
        call.Subscribe(offerer, answerer, offerAnswer: true).PayloadTypeMaps = codecs.ToAnswerer;
        call.Subscribe(answerer, offerer, offerAnswer: true).PayloadTypeMaps = codecs.ToOfferer;
    }

    private static void Keys(VerbContext context, CallMedia answerer, CallMedia offerer)
    {
        var command = context.Command;
        var keys = SdesNegotiation.Answer(
            new SdesAnswerInput
            {
                Offerer = offerer.Transport.Srtp ? offerer.SdesReceived : [],
                Offered = answerer.Transport.Srtp ? answerer.SdesSent : [],
                Answered = answerer.SdesReceived,
                Previous = offerer.SdesSent.Count > 0 ? offerer.SdesSent[0] : null,
                NoMatching = command.Flags.HasFlag(NgFlags.Recrypt) || offerer.Has(MediaFlags.SdesReordered),
                Options = command.Sdes,
            },
            context.Entropy);
        Put(offerer, keys.Offerer);
        Put(answerer, keys.Answerer);
    }

    /// <summary>DTLS brings its own keys; what SDES says does not count then.</summary>
    private static void Put(CallMedia media, SdesSide side)
    {
        if (!media.Transport.Srtp)
        {
            DtlsNegotiation.Stop(media);
        }

        if (media.Dtls is null)
        {
            Take(media, side);
        }
        else
        {
            media.SdesSent = [];
        }
    }

    /// <summary>Puts the keys of one side in force; SRTP state of keys that changed is forgotten.</summary>
    public static void Take(CallMedia media, SdesSide side)
    {
        if (!Equals(media.DecryptKeys, side.Decrypt))
        {
            media.RtpCheckpoints.RemoveAll(c => !c.Outbound);
            media.RtcpCheckpoints.RemoveAll(c => !c.Outbound);
        }

        if (!Equals(media.EncryptKeys, side.Encrypt))
        {
            media.RtpCheckpoints.RemoveAll(c => c.Outbound);
            media.RtcpCheckpoints.RemoveAll(c => c.Outbound);
        }

        media.SdesSent = [.. side.Printed];
        media.SdesAcceptedTag = side.Printed.Count > 0 ? side.Printed[0].Tag : 0;
        media.DecryptKeys = side.Decrypt;
        media.EncryptKeys = side.Encrypt;
        media.Set(MediaFlags.NoKeys, media.Transport.Srtp && side.Encrypt is null);
    }
}
