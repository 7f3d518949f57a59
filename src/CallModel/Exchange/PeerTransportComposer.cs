using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Adds the ICE and DTLS lines of a media to its m= block.</summary>
public static class PeerTransportComposer
{
    private static readonly string[] NeverCopied = ["extmap-allow-mixed"];

    /// <summary>Adds them.</summary>
    /// <param name="output">The block so far.</param>
    /// <param name="context">The verb's context.</param>
    /// <param name="media">The media whose remote gets it; it has ports.</param>
    /// <param name="isOffer">The SDP is an offer.</param>
    /// <param name="rtcp">Candidates of an RTCP port of its own are printed too.</param>
    public static SdpMediaOutput WithPeerTransport(
        this SdpMediaOutput output, VerbContext context, CallMedia media, bool isOffer, bool rtcp)
    {
        if (media.Dtls is { } dtls)
        {
            string hash = dtls.Hash;
            output = output with
            {
                Setup = isOffer && dtls.RemoteHash.Length > 0 && context.Command.Dtls == DtlsOption.Default ? SdpSetup.ActPass : dtls.Setup,
                Fingerprint = new FingerprintAttribute(hash, Media.Dtls.DtlsCertificates.Fingerprint(context.Call!.Certificate!.Certificate, hash)),
                TlsId = context.Command.Flags.HasFlag(NgFlags.NoTlsId) ? null : dtls.TlsId,
            };
        }

        if (media.Ice is not { } ice)
        {
            return output;
        }

        return output with
        {
            IceUfrag = ice.LocalUfrag,
            IcePassword = ice.LocalPassword,
            IceOptions = ice.Options,
            Candidates = IceNegotiation.Print(context.Config, media.Ports!, rtcp),
            EndOfCandidates = (ice.Options & IceOptionsAttribute.Trickle) != 0,
        };
    }

    /// <summary>A publisher's header extensions and unknown attributes (msid, ssrc, rtcp-rsize), as its subscribers see them.</summary>
    public static IReadOnlyList<SdpAttribute> SourceAttributes(NgCommand command, CallMedia media)
    {
        var attributes = new List<SdpAttribute>();
        foreach (string text in media.SourceAttributes)
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            var attribute = colon < 0 ? new SdpAttribute(text, null) : new SdpAttribute(text[..colon], text[(colon + 1)..]);
            bool isExtension = attribute.Name == "extmap";
            bool dropped = Array.IndexOf(NeverCopied, attribute.Name) >= 0 || (isExtension && IsStripped(command, attribute.Value ?? ""));
            if (!dropped)
            {
                attributes.Add(attribute);
            }
        }

        return attributes;
    }

    private static bool IsStripped(NgCommand command, string extension) =>
        command.Flags.HasFlag(NgFlags.StripExtmap) || command.ExtmapStrip.Exists(extension.Contains) || command.ExtmapMask.Exists(extension.Contains);
}
