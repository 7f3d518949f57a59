using RtpCluster.Ng;

namespace RtpCluster.CallModel.Negotiation;

/// <summary>What the answer toward the offerer says about rtcp-mux; fixed when the offer is made (the "override").</summary>
public enum RtcpMuxAnswer : byte
{
    /// <summary>What the answerer says.</summary>
    Follow = 0,

    /// <summary>Accepted, whatever the answerer says.</summary>
    Accept = 1,

    /// <summary>Not accepted, whatever the answerer says.</summary>
    Refuse = 2,
}

/// <summary>What an offer decided about rtcp-mux (RFC 5761) of one media. Kept until the answer.</summary>
/// <param name="Offered">The offer toward the answerer carries a=rtcp-mux.</param>
/// <param name="Required">No RTCP port of its own is advertised to or bound for the answerer.</param>
/// <param name="TowardOfferer">What the answer will say.</param>
public readonly record struct RtcpMuxOffer(bool Offered, bool Required, RtcpMuxAnswer TowardOfferer)
{
    /// <summary>Ports that one media toward the answerer needs: 1 or 2.</summary>
    public int PortCount => Required ? 1 : 2;
}

/// <summary>What an answer decided about rtcp-mux of one media.</summary>
/// <param name="TowardOfferer">RTP and RTCP share one port on the offerer's side; the answer carries a=rtcp-mux.</param>
/// <param name="TowardAnswerer">RTP and RTCP share one port on the answerer's side.</param>
public readonly record struct RtcpMuxResult(bool TowardOfferer, bool TowardAnswerer);

/// <summary>The rtcp-mux rules of the peer: pass-through by default, five flags that change what either side sees.</summary>
public static class RtcpMuxNegotiation
{
    /// <summary>Decides an offer.</summary>
    /// <param name="offered">The offerer's SDP has a=rtcp-mux.</param>
    /// <param name="running">The answerer's media already runs mux: its RTCP port may be closed, so the re-offer must not need it.</param>
    /// <param name="flags">The <c>rtcp-mux</c> words of the offer.</param>
    public static RtcpMuxOffer Offer(bool offered, bool running, RtcpMuxFlags flags)
    {
        bool require = running || flags.HasFlag(RtcpMuxFlags.Require);
        bool toAnswerer = require || offered;
        if (flags.HasFlag(RtcpMuxFlags.Demux))
        {
            toAnswerer = require = false;
        }

        if ((flags & (RtcpMuxFlags.Offer | RtcpMuxFlags.Require)) != 0)
        {
            toAnswerer = true;
            require = running || flags.HasFlag(RtcpMuxFlags.Require);
        }

        return new RtcpMuxOffer(toAnswerer, require, TowardOfferer(offered, toAnswerer, flags));
    }

    /// <summary>Decides an answer. The flags of the answer itself have no say.</summary>
    /// <param name="offer">What the offer decided.</param>
    /// <param name="answered">The answerer's SDP has a=rtcp-mux.</param>
    public static RtcpMuxResult Answer(RtcpMuxOffer offer, bool answered)
    {
        // A required mux was presented as agreed: there is no second port to fall back to.
        bool toAnswerer = offer.Required || (offer.Offered && answered);
        return new RtcpMuxResult(
            offer.TowardOfferer switch
            {
                RtcpMuxAnswer.Accept => true,
                RtcpMuxAnswer.Refuse => false,
                _ => toAnswerer,
            },
            toAnswerer);
    }

    /// <summary>Decides our own answer to an offer without a second party (publish).</summary>
    /// <param name="offered">The offerer's SDP has a=rtcp-mux.</param>
    /// <param name="flags">The <c>rtcp-mux</c> words.</param>
    public static bool AcceptAlone(bool offered, RtcpMuxFlags flags) => offered && !flags.HasFlag(RtcpMuxFlags.Reject);

    /// <summary>Decides our own offer without a first party (subscribe request).</summary>
    /// <param name="running">The subscriber's media already runs mux.</param>
    /// <param name="flags">The <c>rtcp-mux</c> words.</param>
    public static RtcpMuxOffer OfferAlone(bool running, RtcpMuxFlags flags) => Offer(false, running, flags);

    /// <summary>Whether an SDP that we print shows the RTP port in a=rtcp (mux in force), not the RTCP port.</summary>
    /// <param name="isOffer">The SDP is an offer (offer, subscribe request).</param>
    /// <param name="offer">The decision behind an offer.</param>
    /// <param name="muxed">The decision behind an answer.</param>
    public static bool PrintsSinglePort(bool isOffer, RtcpMuxOffer offer, bool muxed) => isOffer ? offer.Required : muxed;

    private static RtcpMuxAnswer TowardOfferer(bool offered, bool toAnswerer, RtcpMuxFlags flags)
    {
        if (!offered || flags.HasFlag(RtcpMuxFlags.Reject))
        {
            // Not offered: it cannot be accepted. "Follow" when both sides have none, so that nothing looks overridden.
            return !offered && !toAnswerer ? RtcpMuxAnswer.Follow : RtcpMuxAnswer.Refuse;
        }

        bool explicitly = (flags & (RtcpMuxFlags.Accept | RtcpMuxFlags.Demux)) != 0;
        return explicitly || !toAnswerer ? RtcpMuxAnswer.Accept : RtcpMuxAnswer.Follow;
    }
}
