using RtpCluster.Contracts;

namespace RtpCluster.CallModel;

/// <summary>Directed: the subscriber's media receives the publisher's media. Offer/answer makes one in each direction.</summary>
public sealed class MediaSubscription
{
    /// <summary><see cref="CallMedia.Id"/> of the source.</summary>
    public required int Publisher { get; set; }

    /// <summary><see cref="CallMedia.Id"/> of the sink.</summary>
    public required int Subscriber { get; set; }

    /// <summary>Made by offer/answer (or connect); false: by subscribe request.</summary>
    public bool OfferAnswer { get; set; }

    /// <summary>Only RTCP flows: a subscriber's feedback toward its publisher.</summary>
    public bool RtcpOnly { get; set; }

    /// <summary>The subscriber gets what the source is sent rather than what it sends.</summary>
    public bool Egress { get; set; }

    /// <summary>Block media on this flow.</summary>
    public bool BlockMedia { get; set; }

    /// <summary>Silence media on this flow.</summary>
    public bool SilenceMedia { get; set; }

    /// <summary>Block DTMF on this flow.</summary>
    public bool BlockDtmf { get; set; }

    /// <summary>The best simulcast layer that the subscriber may get, as its position plus one; 0: any.</summary>
    public int Layer { get; set; }

    /// <summary>Payload types to rename on this flow. Replaced, never changed in place.</summary>
    public PayloadTypeMap[] PayloadTypeMaps { get; set; } = [];

    /// <summary>A copy.</summary>
    public MediaSubscription Clone() => (MediaSubscription)MemberwiseClone();
}
