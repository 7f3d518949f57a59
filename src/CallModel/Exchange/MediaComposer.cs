using RtpCluster.CallModel.Negotiation;
using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Composes one m= block that we print toward a remote.</summary>
public static class MediaComposer
{
    private const string MessageType = "message";

    /// <summary>Composes the block of a media.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="receiver">The media whose remote gets the SDP.</param>
    /// <param name="source">The other side's block that it is made from; null: none (rejected).</param>
    /// <param name="isOffer">The SDP is an offer.</param>
    public static SdpMediaOutput Compose(VerbContext context, CallMedia receiver, SdpMediaView? source, bool isOffer)
    {
        if (source is null)
        {
            return Rejected(receiver);
        }

        if (IsMessage(receiver))
        {
            return SdpTransit.Verbatim(source, source.Endpoint.Address, source.Media.Port) with { Mid = receiver.Mid };
        }

        if (receiver.Has(MediaFlags.Rejected) || receiver.Ports is not { } ports)
        {
            return SdpTransit.Media(source, IpAddress.Any(FamilyOf(receiver)), 0) with
            {
                Protocol = string.IsNullOrEmpty(receiver.Transport.Name) ? source.Media.Protocol : receiver.Transport.Name,
                Mid = receiver.Mid,
            };
        }

        if (receiver.Has(MediaFlags.IcePassthrough))
        {
            return IcePassthrough.Compose(context, receiver, source);
        }

        var address = Address(context, receiver, source, ports);
        return receiver.IsRtp
            ? Rtp(context, receiver, source, address, isOffer)
            : SdpTransit.Verbatim(source, address, ports.Rtp) with { Mid = receiver.Mid };
    }

    /// <summary>True for m=message, which we never relay.</summary>
    public static bool IsMessage(CallMedia media) => media.Type.Equals(MessageType, StringComparison.OrdinalIgnoreCase);

    private static SdpMediaOutput Rejected(CallMedia receiver) => new()
    {
        Type = receiver.Type,
        Port = 0,
        Protocol = string.IsNullOrEmpty(receiver.Transport.Name) ? "RTP/AVP" : receiver.Transport.Name,
        Address = IpAddress.Any(FamilyOf(receiver)),
        Mid = receiver.Mid,
        Codecs = receiver.PrintedCodecs.Count > 0 ? receiver.PrintedCodecs : receiver.Codecs,
        Formats = (receiver.RawFormats ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Rejected = true,
    };

    private static SdpMediaOutput Rtp(VerbContext context, CallMedia receiver, SdpMediaView source, IpAddress address, bool isOffer)
    {
        var command = context.Command;
        var ports = receiver.Ports!;
        bool strip = receiver.Has(MediaFlags.StripExtmap);
        bool single = RtcpMuxNegotiation.PrintsSinglePort(isOffer, receiver.MuxOffer, receiver.Has(MediaFlags.RtcpMux)) || ports.Rtcp == 0;
        var extensions = ExtMapFilter.Apply(source.ExtMaps, command.ExtmapStrip, command.ExtmapMask, out var stripped);
        receiver.StripExtensions = [.. stripped];
        var output = SdpTransit.Media(source, address, ports.Rtp, command.Flags.HasFlag(NgFlags.OriginalSendrecv));
        output = output with
        {
            Protocol = receiver.Transport.Name,
            Mid = receiver.Mid,
            Codecs = receiver.PrintedCodecs,
            ExtMapAllowMixed = output.ExtMapAllowMixed && !strip,
            ExtMaps = strip ? [] : extensions,
            RtcpForm = RtcpForm(command),
            RtcpPort = single ? ports.Rtp : ports.Rtcp,
            RtcpMux = isOffer ? receiver.MuxOffer.Offered : receiver.Has(MediaFlags.RtcpMux),
            Crypto = receiver.SdesSent,
            PadCrypto = command.Sdes.Pad || command.Flags.HasFlag(NgFlags.PadCrypto),
            PacketTime = receiver.PtimeOverride > 0 ? receiver.PtimeOverride : output.PacketTime,
        };
        return output.WithPeerTransport(context, receiver, isOffer, rtcp: !single).Bundled(receiver, isOffer);
    }

    /// <summary>How a=rtcp is printed.</summary>
    public static RtcpForm RtcpForm(NgCommand command)
    {
        if (command.Flags.HasFlag(NgFlags.NoRtcpAttribute))
        {
            return Sdp.RtcpForm.None;
        }

        return command.Flags.HasFlag(NgFlags.FullRtcpAttribute) ? Sdp.RtcpForm.Full : Sdp.RtcpForm.Port;
    }

    private static IpAddress Address(VerbContext context, CallMedia receiver, SdpMediaView source, PortPair ports)
    {
        var command = context.Command;
        bool zero = source.Connection is { Parsed.IsUnspecified: true };
        bool held = DirectionNegotiation.PrintsZeroAddress(zero, command.Replace.HasFlag(ReplaceFlags.ZeroAddress), ice: receiver.Ice is not null)
            || source.Direction == SdpDirection.Inactive;
        if (held)
        {
            return IpAddress.Any(ports.Address.Family);
        }

        return command.MediaAddress.Family != IpFamily.None ? command.MediaAddress : ports.Advertised;
    }

    private static IpFamily FamilyOf(CallMedia media) => media.Family == IpFamily.None ? IpFamily.V4 : media.Family;
}
