using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>What a remote may do with one media, as its SDP says.</summary>
/// <param name="Sends">It sends to us.</param>
/// <param name="Receives">It wants to receive from us.</param>
public readonly record struct MediaDirection(bool Sends, bool Receives)
{
    /// <summary>Both ways.</summary>
    public static readonly MediaDirection Both = new(true, true);

    /// <summary>The same as the remote would print it.</summary>
    public SdpDirection AsPrintedByRemote => (Sends, Receives) switch
    {
        (true, true) => SdpDirection.SendRecv,
        (true, false) => SdpDirection.SendOnly,
        (false, true) => SdpDirection.RecvOnly,
        _ => SdpDirection.Inactive,
    };

    /// <summary>The same as we print it when we answer or offer by ourselves: the mirror image.</summary>
    public SdpDirection AsPrintedByUs => new MediaDirection(Receives, Sends).AsPrintedByRemote;
}

/// <summary>Directions, hold and rejection (RFC 3264 sections 5.1, 6.1, 8.4).</summary>
public static class DirectionNegotiation
{
    /// <summary>Reads a remote's media.</summary>
    /// <param name="direction">Its direction attribute.</param>
    /// <param name="zeroAddress">Its address is 0.0.0.0 or :: (old-style hold) and it does not trickle ICE: it does not receive.</param>
    /// <param name="rejected">Its port is 0.</param>
    public static MediaDirection Read(SdpDirection direction, bool zeroAddress, bool rejected) =>
        rejected
            ? default
            : new MediaDirection(
                direction is SdpDirection.SendRecv or SdpDirection.SendOnly,
                direction is SdpDirection.SendRecv or SdpDirection.RecvOnly && !zeroAddress);

    /// <summary>Whether the SDP toward the other side has a zero connection address too.</summary>
    /// <param name="zeroAddress">The source's address is zero.</param>
    /// <param name="replaceZeroAddress">Flag <c>replace: zero-address</c>.</param>
    /// <param name="ice">ICE is in use toward the receiver.</param>
    public static bool PrintsZeroAddress(bool zeroAddress, bool replaceZeroAddress, bool ice) =>
        zeroAddress && !replaceZeroAddress && !ice;

    /// <summary>Our answer to a published media: we receive what it sends; only with <c>bidirectional</c> do we send as well.</summary>
    /// <param name="published">The publisher's media.</param>
    /// <param name="bidirectional">Flag <c>bidirectional</c>.</param>
    public static SdpDirection PublishAnswer(MediaDirection published, bool bidirectional) =>
        new MediaDirection(published.Sends, published.Receives && bidirectional).AsPrintedByUs;

    /// <summary>Our offer to a subscriber.</summary>
    /// <param name="bidirectional">Flag <c>bidirectional</c>.</param>
    /// <param name="inactive">Flag <c>inactive</c>.</param>
    public static SdpDirection SubscribeOffer(bool bidirectional, bool inactive) =>
        inactive ? SdpDirection.Inactive : bidirectional ? SdpDirection.SendRecv : SdpDirection.SendOnly;
}
