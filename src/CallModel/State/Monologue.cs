using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel;

/// <summary>How a monologue came to be.</summary>
public enum MonologueKind : byte
{
    /// <summary>By offer/answer.</summary>
    OfferAnswer = 0,

    /// <summary>By publish: sends only.</summary>
    Publisher = 1,

    /// <summary>By subscribe request: receives only.</summary>
    Subscriber = 2,
}

/// <summary>One participant's half of the dialogue: a tag (or, before the answer, a via-branch) and the medias we negotiate with it.</summary>
public sealed class Monologue
{
    /// <summary>Unique in the call, never reused.</summary>
    public required int Id { get; set; }

    /// <summary>The SIP tag; null: not known yet (offered to, no answer).</summary>
    public string? Tag { get; set; }

    /// <summary>Tags it had before: still found by them.</summary>
    public List<string> Aliases { get; set; } = [];

    /// <summary>The via-branch that tells forks apart; null: none given.</summary>
    public string? ViaBranch { get; set; }

    /// <summary><c>label</c>.</summary>
    public string? Label { get; set; }

    /// <summary><c>metadata</c> given with this participant's SDP.</summary>
    public string? Metadata { get; set; }

    /// <summary><see cref="Id"/> of the monologue it last negotiated with; 0: none.</summary>
    public int PeerId { get; set; }

    /// <summary>How it came to be.</summary>
    public MonologueKind Kind { get; set; }

    /// <summary>When.</summary>
    public Instant Created { get; set; }

    /// <summary>When this half goes because of a delete; null: not deleted.</summary>
    public Instant? DeleteAt { get; set; }

    /// <summary>It has answered with a final reply (SIP code 200 or more): another tag then means another participant.</summary>
    public bool FinalAnswer { get; set; }

    /// <summary>Our last SDP toward it was an offer with a BUNDLE group: its answer may join the medias.</summary>
    public bool BundleOffered { get; set; }

    /// <summary>As <see cref="BundleOffered"/>, and an answer without a bundle is refused (<c>bundle=require</c>). Default false.</summary>
    public bool BundleRequired { get; set; }

    /// <summary>Its offer had a BUNDLE group of one media: our answers say so too, for it may not leave the group later (RFC 8843 section 7.5).</summary>
    public bool BundleAlone { get; set; }

    /// <summary>Logical interface that faces it; null: the default one.</summary>
    public string? Interface { get; set; }

    /// <summary>Block media from it.</summary>
    public bool BlockMedia { get; set; }

    /// <summary>Silence media from it.</summary>
    public bool SilenceMedia { get; set; }

    /// <summary>Block DTMF from it.</summary>
    public bool BlockDtmf { get; set; }

    /// <summary>Start forwarding: its media is to be copied to the recording daemon.</summary>
    public bool Forwarding { get; set; }

    /// <summary>What we printed into o= and s= of the SDPs we sent it.</summary>
    public OriginState? Printed { get; set; }

    /// <summary>Its medias; position = index - 1.</summary>
    public List<CallMedia> Medias { get; set; } = [];

    /// <summary>A deep copy.</summary>
    public Monologue Clone()
    {
        var copy = (Monologue)MemberwiseClone();
        copy.Aliases = [.. Aliases];
        copy.Medias = Medias.ConvertAll(m => m.Clone());
        return copy;
    }
}
