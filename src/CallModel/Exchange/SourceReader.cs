using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Rooms;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Takes over what a remote's SDP says about one media. Codecs are left to the negotiation.</summary>
public static class SourceReader
{
    private static readonly (NgFlags Word, MediaFlags Flag)[] Switches =
    [
        (NgFlags.StrictSource, MediaFlags.StrictSource),
        (NgFlags.MediaHandover, MediaFlags.MediaHandover),
        (NgFlags.Asymmetric, MediaFlags.Asymmetric),
        (NgFlags.Unidirectional, MediaFlags.Unidirectional),
        (NgFlags.NatWait, MediaFlags.NatWait),
        (NgFlags.PierceNat, MediaFlags.PierceNat),
        (NgFlags.BlockShort, MediaFlags.BlockShort),
    ];

    /// <summary>Reads a block into its media.</summary>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Apply(VerbContext context, CallMedia media, SdpMediaView view)
    {
        var address = view.Connection?.Parsed ?? IpAddress.None;
        if (address.Family == IpFamily.None && !view.IsRejected)
        {
            return view.Connection is null ? "Incomplete SDP specification" : "Failed to parse SDP";
        }

        bool isOffer = context.Command.Verb is NgVerb.Offer or NgVerb.Publish;
        media.Transport = ReadTransport(context, media, view);
        IceNegotiation.Read(context, media, view, isOffer);
        DtlsNegotiation.Read(context, media, view, isOffer);
        var transport = media.Transport;
        bool passes = isOffer ? IcePassthrough.IsWanted(context.Command, view) : media.Has(MediaFlags.IcePassthrough);
        if (!view.IsRejected && !passes && media.Dtls is null && (transport.Dtls || (transport.Srtp && view.Attributes.Crypto.Count == 0)))
        {
            return context.Config.Certificate is null ? $"not supported yet: DTLS ({transport.Name})" : "Incomplete SDP specification";
        }

        media.Mid = view.Attributes.Mid;
        media.SdpAddress = address;
        media.SdesReceived = transport.Srtp && media.Dtls is null ? [.. view.Attributes.Crypto] : [];
        media.SourceAttributes = [.. view.ExtMaps.Select(e => $"extmap:{e}"), .. view.Attributes.Generic.Select(a => a.ToString())];
        media.Repairs = transport.Feedback ? RepairNegotiation.Repairs(view) : [];
        media.RawFormats = transport.IsRtp ? null : string.Join(' ', view.Media.Formats);
        media.PacketTime = view.Attributes.PacketTime;
        ReadEndpoints(context, media, view, address);
        ReadFlags(context, media, view, address);
        return null;
    }

    /// <summary>The remote's SDP no longer has this media: disabled both ways.</summary>
    public static void Remove(CallMedia media)
    {
        media.Remote = default;
        media.RemoteRtcp = default;
        media.Set(MediaFlags.Rejected);
        media.Set(MediaFlags.Send | MediaFlags.Recv, false);
    }

    private static MediaTransport ReadTransport(VerbContext context, CallMedia media, SdpMediaView view)
    {
        // Whoever was offered OSRTP may answer with it, whatever the words of the answer.
        var osrtp = context.Command.Osrtp | (media.Transport.Osrtp ? OsrtpFlags.Accept : OsrtpFlags.None);
        return TransportNegotiation.Read(view.Media.Protocol, view.Attributes.Crypto.Count > 0 || view.Fingerprint is not null, osrtp);
    }

    private static void ReadEndpoints(VerbContext context, CallMedia media, SdpMediaView view, IpAddress address)
    {
        var command = context.Command;
        bool useSource = command.Flags.HasFlag(NgFlags.SipSourceAddress)
            || (context.Config.SipSource && !command.Flags.HasFlag(NgFlags.TrustAddress));
        bool replace = useSource && command.ReceivedFrom.Family != IpFamily.None && !address.IsUnspecified;
        var rtp = view.IsRejected ? default : view.Endpoint;
        var rtcp = view.IsRejected || !media.IsRtp ? default : view.RtcpEndpoint;
        if (replace && !rtp.IsNone)
        {
            rtcp = rtcp.Address == rtp.Address ? rtcp with { Address = command.ReceivedFrom } : rtcp;
            rtp = rtp with { Address = command.ReceivedFrom };
        }

        media.Remote = rtp;
        media.RemoteRtcp = view.Attributes.RtcpMux && media.Has(MediaFlags.RtcpMux) ? rtp : rtcp;
        if (media.Ice is null)
        {
            media.LearnedRtp = default;
            media.LearnedRtcp = default;
        }

        if (!media.Remote.Address.IsUnspecified)
        {
            media.Family = media.Remote.Address.Family;
        }
    }

    private static void ReadFlags(VerbContext context, CallMedia media, SdpMediaView view, IpAddress address)
    {
        foreach (var (word, flag) in Switches)
        {
            media.Set(flag, context.Command.Flags.HasFlag(word));
        }

        bool zero = address.IsUnspecified && !view.IsRejected && media.Ice is null;
        var direction = DirectionNegotiation.Read(view.Direction, zero, view.IsRejected);
        media.Set(MediaFlags.Send, direction.Sends);
        media.Set(MediaFlags.Recv, direction.Receives);
        media.Set(MediaFlags.Rejected, view.IsRejected);
        media.Set(MediaFlags.ZeroAddress, zero);
        media.Set(MediaFlags.Filled, !view.IsRejected);
        media.Set(MediaFlags.LoopCheck, InterfaceSelection.IsOurs(context.Config, media.Remote.Address));
    }
}
