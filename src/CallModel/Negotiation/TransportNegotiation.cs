using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>The transport of one media on one side.</summary>
/// <param name="Protocol">The protocol field of the m= line.</param>
/// <param name="Osrtp">Opportunistic SRTP (RFC 8643): the name says RTP/AVP, the attributes bring keys.</param>
public readonly record struct MediaTransport(SdpProtocol Protocol, bool Osrtp = false)
{
    /// <summary>As printed.</summary>
    public string Name => Protocol.Name;

    /// <summary>It carries RTP; else bytes we do not look into.</summary>
    public bool IsRtp => Protocol.IsRtp;

    /// <summary>It is encrypted, by name or opportunistically.</summary>
    public bool Srtp => Osrtp || Protocol.IsSrtp;

    /// <summary>AVPF: RTCP feedback packets are understood (RFC 4585).</summary>
    public bool Feedback => Protocol.HasFeedback;

    /// <summary>The name asks for DTLS-SRTP keys (RFC 5764).</summary>
    public bool Dtls => Protocol.IsDtls;
}

/// <summary>The protocol field of the m= line: what either side speaks and what we print to the other.</summary>
public static class TransportNegotiation
{
    /// <summary>Reads a remote's m= line.</summary>
    /// <param name="protocol">Its protocol field; case does not matter.</param>
    /// <param name="hasKeys">The media has a usable a=crypto or a=fingerprint.</param>
    /// <param name="osrtp">The request's OSRTP words: with accept, keys under a plain name mean SRTP; else they are ignored.</param>
    public static MediaTransport Read(string protocol, bool hasKeys = false, OsrtpFlags osrtp = OsrtpFlags.None)
    {
        var named = SdpProtocol.Of(protocol);
        return new MediaTransport(named, named.IsPlainRtp && hasKeys && osrtp.HasFlag(OsrtpFlags.Accept));
    }

    /// <summary>What the offer toward the other side speaks.</summary>
    /// <param name="offered">The offerer's transport.</param>
    /// <param name="requested"><c>transport-protocol</c>; null: none.</param>
    /// <param name="change">Shorthand words, applied to the offerer's transport.</param>
    /// <param name="osrtp">The request's OSRTP words: with offer, SRTP goes out under the plain name.</param>
    public static MediaTransport Offer(
        MediaTransport offered, string? requested, TransportShorthand change = TransportShorthand.None, OsrtpFlags osrtp = OsrtpFlags.None)
    {
        var result = Change(offered, requested, change);
        if (!result.IsRtp)
        {
            return result;
        }

        if (osrtp.HasFlag(OsrtpFlags.Offer))
        {
            // RFC 8643 3.1: the name stays RTP/AVP(F), the keys are offered all the same.
            return new MediaTransport(SdpProtocol.Of(srtp: false, result.Feedback, dtls: false), Osrtp: true);
        }

        return result;
    }

    /// <summary>What the answer toward the offerer speaks.</summary>
    /// <param name="offered">The offerer's own transport: what it gets back unless told otherwise.</param>
    /// <param name="answered">The answerer's transport.</param>
    /// <param name="requested"><c>transport-protocol</c> of the answer; "accept": whatever the answerer used.</param>
    /// <param name="change">Shorthand words of the answer.</param>
    public static MediaTransport Answer(
        MediaTransport offered, MediaTransport answered, string? requested, TransportShorthand change = TransportShorthand.None) =>
        string.Equals(requested, "accept", StringComparison.OrdinalIgnoreCase)
            ? answered
            : Change(offered, requested, change);

    /// <summary>Why a request's OSRTP words cannot be served; null: they can.</summary>
    public static string? Refusal(OsrtpFlags osrtp) =>
        (osrtp & (OsrtpFlags.OfferLegacy | OsrtpFlags.AcceptLegacy)) != 0 ? "not supported yet: OSRTP legacy" : null;

    private static MediaTransport Change(MediaTransport from, string? requested, TransportShorthand change)
    {
        // Only an RTP media can change its profile; T.38 and the like keep their name.
        if (!from.IsRtp)
        {
            return from;
        }

        var result = from;
        if (requested is not null && Read(requested) is { IsRtp: true } named)
        {
            result = named;
        }

        if (change == TransportShorthand.None)
        {
            return result;
        }

        bool dtls = result.Dtls || change.HasFlag(TransportShorthand.SetDtls);
        bool srtp = result.Srtp || dtls || change.HasFlag(TransportShorthand.SetSrtp);
        bool feedback = result.Feedback || change.HasFlag(TransportShorthand.SetFeedback);
        if (change.HasFlag(TransportShorthand.ClearSrtp))
        {
            srtp = dtls = false;
        }

        if (change.HasFlag(TransportShorthand.ClearFeedback))
        {
            feedback = false;
        }

        return new MediaTransport(SdpProtocol.Of(srtp, feedback, dtls));
    }
}
