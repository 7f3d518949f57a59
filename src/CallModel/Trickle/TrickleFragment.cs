using RtpCluster.CallModel.Negotiation;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Trickle;

/// <summary>Candidates that a participant sent after its SDP (RFC 8838, RFC 8840).</summary>
/// <param name="Tag">Whose they are.</param>
/// <param name="View">The fragment.</param>
public sealed record TrickleFragment(string Tag, SdpSessionView View)
{
    /// <summary>Adds the candidates to the medias they belong to. False, and nothing has changed: they belong to an SDP that has not come yet.</summary>
    public bool TryApply(CallState call)
    {
        if (call.FindByTag(Tag) is not { } owner)
        {
            return false;
        }

        var targets = new List<(CallMedia Media, SdpMediaView View)>();
        for (int i = 0; i < View.Medias.Count; i++)
        {
            if (Find(call, owner, View.Medias[i], i) is not { } media)
            {
                return false;
            }

            targets.Add((media, View.Medias[i]));
        }

        targets.ForEach(target => Add(call, target.Media, target.View));
        return true;
    }

    /// <summary>By mid, else by position; the user fragment says which generation of ICE is meant.</summary>
    private static CallMedia? Find(CallState call, Monologue owner, SdpMediaView view, int position)
    {
        var media = view.Attributes.Mid is { } mid ? owner.Medias.Find(m => m.Mid == mid) : owner.Medias.ElementAtOrDefault(position);
        media = media is null ? null : call.FindMedia(media.BundleOwner) ?? media;
        bool current = media?.Ice is { RemoteUfrag: var ufrag } && (view.IceUfrag is null || view.IceUfrag == ufrag);
        return current ? media : null;
    }

    private void Add(CallState call, CallMedia media, SdpMediaView view)
    {
        var ice = media.Ice!;
        var added = IceNegotiation.Candidates(view.Attributes.Candidates).Where(c => !ice.Candidates.Any(o => o.Component == c.Component && o.Endpoint == c.Endpoint));
        ice = ice with
        {
            Candidates = [.. ice.Candidates.Concat(added).Take(IceNegotiation.MaxCandidates)],
            EndOfCandidates = ice.EndOfCandidates || view.Attributes.EndOfCandidates || View.Attributes.EndOfCandidates,
        };
        media.Ice = ice;
        foreach (var bundled in call.Medias().Where(m => m.BundleOwner == media.Id))
        {
            bundled.Ice = ice;
        }
    }
}
