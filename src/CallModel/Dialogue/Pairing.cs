using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Dialogue;

/// <summary>Which media of one monologue belongs to which media of the other, and which SDP block is which media.</summary>
public static class Pairing
{
    /// <summary>The monologues this one has negotiated with, in order of creation.</summary>
    public static List<Monologue> Peers(CallState call, Monologue monologue) =>
        call.Monologues.FindAll(m => m != monologue && (m.PeerId == monologue.Id || monologue.PeerId == m.Id));

    /// <summary>Finds the medias of the blocks of a monologue's SDP; makes those that are new. Position = block.</summary>
    public static List<CallMedia> Blocks(CallState call, Monologue monologue, IReadOnlyList<SdpMediaView> views)
    {
        var medias = new List<CallMedia>(views.Count);
        for (int i = 0; i < views.Count; i++)
        {
            medias.Add(ByMid(monologue, views, i) ?? ByIndex(call, monologue, views[i], i));
        }

        return medias;
    }

    /// <summary>The receiver's media for one of the sender's; makes it when there is none.</summary>
    public static CallMedia Partner(CallState call, CallMedia media, Monologue receiver)
    {
        var partner = Find(media, receiver) ?? Free(call, media, receiver) ?? call.AddMedia(receiver, media.Type);
        Join(media, partner);
        return partner;
    }

    /// <summary>The receiver's media for one of the sender's; null: none yet.</summary>
    public static CallMedia? Find(CallMedia media, Monologue receiver) =>
        receiver.Medias.Find(m => m.Id == media.PeerId) ?? receiver.Medias.Find(m => m.PeerId == media.Id);

    /// <summary>Notes that two medias belong together.</summary>
    public static void Join(CallMedia a, CallMedia b)
    {
        a.PeerId = b.Id;
        b.PeerId = a.Id;
    }

    /// <summary>Makes each of two monologues receive the other's medias, and nobody else's of that kind any more.</summary>
    public static void Associate(CallState call, Monologue a, Monologue b, bool exclusive)
    {
        a.PeerId = b.Id;
        b.PeerId = a.Id;
        foreach (var media in a.Medias)
        {
            if (Find(media, b) is not { } partner)
            {
                continue;
            }

            if (exclusive)
            {
                call.Subscriptions.RemoveAll(s => s.OfferAnswer && IsForeign(s, media, partner));
            }

            call.Subscribe(media, partner, offerAnswer: true);
            call.Subscribe(partner, media, offerAnswer: true);
        }
    }

    /// <summary>Hands the subscriptions of one media to another.</summary>
    public static void Move(CallState call, CallMedia from, CallMedia to)
    {
        foreach (var subscription in call.Subscriptions)
        {
            subscription.Publisher = subscription.Publisher == from.Id ? to.Id : subscription.Publisher;
            subscription.Subscriber = subscription.Subscriber == from.Id ? to.Id : subscription.Subscriber;
        }
    }

    private static bool IsForeign(MediaSubscription s, CallMedia a, CallMedia b)
    {
        bool touches = s.Publisher == a.Id || s.Subscriber == a.Id || s.Publisher == b.Id || s.Subscriber == b.Id;
        bool between = (s.Publisher == a.Id && s.Subscriber == b.Id) || (s.Publisher == b.Id && s.Subscriber == a.Id);
        return touches && !between;
    }

    private static CallMedia? ByMid(Monologue monologue, IReadOnlyList<SdpMediaView> views, int index)
    {
        string? mid = views[index].Attributes.Mid;
        return mid is null
            ? null
            : monologue.Medias.Find(m => m.Mid == mid && m.Type.Equals(views[index].Media.Type, StringComparison.OrdinalIgnoreCase));
    }

    private static CallMedia ByIndex(CallState call, Monologue monologue, SdpMediaView view, int index)
    {
        while (monologue.Medias.Count <= index)
        {
            call.AddMedia(monologue, view.Media.Type);
        }

        var media = monologue.Medias[index];
        if (!media.Type.Equals(view.Media.Type, StringComparison.OrdinalIgnoreCase))
        {
            media.Reset(view.Media.Type);
        }

        return media;
    }

    /// <summary>A media of the receiver that nothing is paired with: the one at the same index, of the same type.</summary>
    private static CallMedia? Free(CallState call, CallMedia media, Monologue receiver)
    {
        if (receiver.Medias.Count < media.Index)
        {
            return null;
        }

        var candidate = receiver.Medias[media.Index - 1];
        bool taken = candidate.PeerId != 0 && call.FindMedia(candidate.PeerId)?.MonologueId == media.MonologueId;
        return taken || !candidate.Type.Equals(media.Type, StringComparison.OrdinalIgnoreCase) ? null : candidate;
    }
}
