using RtpCluster.CallModel.Verbs;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>
/// BUNDLE (RFC 8843). Our own offers use a port for each media and join them when the answer does; a remote's bundle is taken when the request
/// says so (<c>bundle</c> accept, offer, require) or when the remote knows nothing else (bundle-only medias).
/// </summary>
public static class BundleNegotiation
{
    /// <summary>Joins the medias of a remote's SDP, or parts them. Before anything else is read from it.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="remote">Whose SDP it is.</param>
    /// <param name="request">The SDP.</param>
    /// <param name="medias">Its medias by block.</param>
    /// <param name="isOffer">The SDP is an offer.</param>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Read(VerbContext context, Monologue remote, SdpRequest request, IReadOnlyList<CallMedia> medias, bool isOffer)
    {
        var group = request.Session.Attributes.Groups.FirstOrDefault(g => g.IsBundle);
        if (!isOffer && remote.BundleRequired && group is null)
        {
            return "BUNDLE is required and the remote's answer has none";
        }

        var wish = context.Command.Bundle;
        bool accepted = group is not null && (isOffer
            ? !wish.HasFlag(BundleFlags.Reject) && (wish != BundleFlags.None || IsUnavoidable(request.Medias, group!))
            : remote.BundleOffered);
        remote.BundleAlone = isOffer ? group is { Mids.Count: 1 } && medias.Count == 1 && !wish.HasFlag(BundleFlags.Reject) : remote.BundleAlone;
        CallMedia? owner = null;
        for (int i = 0; i < medias.Count; i++)
        {
            var view = request.Medias[i];
            bool passes = isOffer ? IcePassthrough.IsWanted(context.Command, view) : medias[i].Has(MediaFlags.IcePassthrough);
            bool joins = accepted && !passes && view is { IsRejected: false, Protocol.IsRtp: true } && view.Attributes.Mid is { } mid
                && group!.Mids.Contains(mid) && (view.Attributes.RtcpMux || view.Attributes.BundleOnly);
            if (!joins && !passes && view.Attributes.BundleOnly)
            {
                return "BUNDLE is required by the remote and was refused";
            }

            Join(medias[i], joins ? owner : null, isOffer);
            owner = joins ? owner ?? medias[i] : owner;
        }

        return null;
    }

    /// <summary><c>bundle=strict</c>: our offer has one port from the start, every further media is bundle-only. Before the media is offered.</summary>
    public static void Offer(VerbContext context, Monologue receiver, CallMedia media)
    {
        if (context.Command.Bundle.HasFlag(BundleFlags.Strict) && media.IsRtp && !media.Has(MediaFlags.Public))
        {
            Join(media, receiver.Medias.Find(m => m.Index < media.Index && m.BundleOwner == 0 && m is { IsRtp: true, Ports: not null }), isOffer: true);
        }
    }

    /// <summary>A media that exists only within the bundle has no port of its own until the remote has taken the bundle (RFC 8843 section 6).</summary>
    public static SdpMediaOutput Bundled(this SdpMediaOutput output, CallMedia media, bool isOffer) =>
        isOffer && media.BundleOwner != 0 && !media.Has(MediaFlags.Filled)
            ? output with { Port = 0, BundleOnly = true, RtcpForm = RtcpForm.None, Candidates = [], EndOfCandidates = false }
            : output;

    /// <summary>The groups that an SDP of ours shows.</summary>
    public static IReadOnlyList<GroupAttribute> Groups(VerbContext context, Monologue receiver, bool isOffer)
    {
        receiver.BundleOffered = isOffer && context.Command.Bundle.HasFlag(BundleFlags.Offer);
        receiver.BundleRequired = isOffer && context.Command.Bundle.HasFlag(BundleFlags.Require);
        var mids = new List<string>();
        foreach (var media in receiver.Medias)
        {
            bool bundled = receiver.BundleOffered || receiver.BundleAlone || media.BundleOwner != 0 || receiver.Medias.Exists(m => m.BundleOwner == media.Id);
            if (bundled && media is { Mid: { } mid, Ports: not null, IsRtp: true })
            {
                mids.Add(mid);
            }
        }

        return mids.Count == 0 ? [] : [new GroupAttribute("BUNDLE", mids)];
    }

    /// <summary>The media whose port, ICE and DTLS a media uses; null: its own.</summary>
    public static CallMedia? Owner(VerbContext context, CallMedia media) =>
        media.BundleOwner == 0 ? null : context.Call!.FindMedia(media.BundleOwner);

    /// <summary>The media shares its port with others: its own, or another's.</summary>
    public static bool IsShared(CallState call, CallMedia media) =>
        media.BundleOwner != 0 || call.OwnerOf(media).Medias.Exists(m => m.BundleOwner == media.Id);

    /// <summary>A media of the group is bundle-only, or has no address of its own (max-bundle browsers).</summary>
    private static bool IsUnavoidable(IReadOnlyList<SdpMediaView> medias, GroupAttribute group)
    {
        SdpMediaView? first = null;
        foreach (var media in medias)
        {
            if (media.Attributes.Mid is not { } mid || !group.Mids.Contains(mid))
            {
                continue;
            }

            bool homeless = first is not null && first.Attributes.Candidates.Count > 0
                && (media.Attributes.Candidates.Count == 0 || media.Media.Port == first.Media.Port) && media.Attributes.RtcpMux;
            if (media.Attributes.BundleOnly || homeless)
            {
                return true;
            }

            first ??= media;
        }

        return false;
    }

    private static void Join(CallMedia media, CallMedia? owner, bool isOffer)
    {
        int id = owner?.Id ?? 0;
        if (media.BundleOwner != id)
        {
            // Its old port goes, or was never its own. The answer to an offer gets no further ports.
            media.BundleOwner = id;
            media.Ports = isOffer ? null : owner?.Ports;
            media.Ice = null;
            DtlsNegotiation.Stop(media);
        }
    }
}
