using RtpCluster.CallModel.Dialogue;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Composes and prints the SDP that one monologue's remote gets, made from the other's SDP.</summary>
public static class SessionComposer
{
    /// <summary>Composes, prints, and remembers what was printed.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="request">The other side's SDP.</param>
    /// <param name="sources">The other side's media of each block.</param>
    /// <param name="receiver">Who gets the SDP.</param>
    /// <param name="isOffer">The SDP is an offer.</param>
    public static string Print(
        VerbContext context, SdpRequest request, List<CallMedia> sources, Monologue receiver, bool isOffer)
    {
        var command = context.Command;
        if (command.Flags.HasFlag(NgFlags.GenerateMid) && isOffer)
        {
            GenerateMids(receiver);
        }

        var medias = new List<SdpMediaOutput>(receiver.Medias.Count);
        foreach (var media in receiver.Medias)
        {
            int block = sources.FindIndex(s => Pairing.Find(s, receiver) == media);
            medias.Add(MediaComposer.Compose(context, media, block < 0 ? null : request.Medias[block], isOffer));
            media.Set(MediaFlags.Public, media.Ports is not null);
        }

        bool passes = receiver.Medias.Exists(m => m.Has(MediaFlags.IcePassthrough));
        var groups = BundleNegotiation.Groups(context, receiver, isOffer);
        var output = SdpTransit.Session(request.Session, medias) with
        {
            Groups = passes ? [] : groups,
            Attributes = passes ? request.Session.Session.Attributes : request.Session.Attributes.Generic,
            IceLite = IceNegotiation.PrintsLite(receiver.Medias),
            LoopProtectId = command.Flags.HasFlag(NgFlags.LoopProtect) ? context.Config.InstanceId : null,
        };
        return OriginComposer.Print(context, receiver, output);
    }

    private static void GenerateMids(Monologue receiver)
    {
        var mids = MidNegotiation.Generate(receiver.Medias.ConvertAll(m => m.Mid));
        for (int i = 0; i < mids.Length; i++)
        {
            receiver.Medias[i].Mid = mids[i];
        }
    }
}
