using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>Prints one m= block, line by line in the peer's order.</summary>
internal static class SdpMediaPrinter
{
    public static void Print(SdpLineWriter writer, SdpMediaOutput media)
    {
        PrintHead(writer, media);
        if (media.Verbatim && !media.Rejected)
        {
            PrintAttributes(writer, media);
            PrintCandidates(writer, media);
            writer.Additions();
            return;
        }

        writer.Attribute("mid", media.Mid);
        writer.Attribute("label", media.Label);
        writer.Flag("bundle-only", media.BundleOnly);
        if (media.Rejected)
        {
            return;
        }

        PrintCodecs(writer, media);
        writer.Flag("extmap-allow-mixed", media.ExtMapAllowMixed);
        foreach (var extMap in media.ExtMaps)
        {
            writer.Attribute("extmap", extMap.ToString());
        }

        PrintAttributes(writer, media);
        if (media.Direction is { } direction)
        {
            writer.Flag(DirectionAttribute.Print(direction), true);
        }

        PrintRtcp(writer, media);
        PrintKeying(writer, media);
        writer.Number("ptime", media.PacketTime);
        writer.Number("maxptime", media.MaxPacketTime);
        PrintIce(writer, media);
        writer.Additions();
    }

    private static void PrintHead(SdpLineWriter writer, SdpMediaOutput media)
    {
        var text = writer.Text;
        text.Append("m=").Append(media.Type).Append(' ').Append(media.Port).Append(' ').Append(media.Protocol);
        foreach (var codec in media.Codecs)
        {
            text.Append(' ').Append(codec.PayloadType);
        }

        if (media.Codecs.Count == 0)
        {
            foreach (string format in media.Formats)
            {
                text.Append(' ').Append(format);
            }

            text.Append(media.Formats.Count == 0 ? " 0" : string.Empty);
        }

        text.Append("\r\n");
        if (media.Info is not null)
        {
            writer.Line("i=", media.Info);
        }

        text.Append("c=");
        AppendAddress(writer, media.Address);
        text.Append("\r\n");
        foreach (var bandwidth in media.Bandwidths)
        {
            writer.Bandwidth(bandwidth);
        }
    }

    private static void AppendAddress(SdpLineWriter writer, IpAddress address) =>
        writer.Text.Append("IN ").Append(SdpText.FamilyName(address.Family)).Append(' ').Append(address.ToString());

    private static void PrintCodecs(SdpLineWriter writer, SdpMediaOutput media)
    {
        foreach (var codec in media.Codecs)
        {
            if (codec.Name.Length > 0)
            {
                var line = writer.Begin("rtpmap").Append(codec.PayloadType).Append(' ');
                line.Append(codec.Name).Append('/').Append(codec.ClockRate);
                if (codec.Parameters is not null)
                {
                    line.Append('/').Append(codec.Parameters);
                }

                writer.End("rtpmap");
            }

            PrintPerCodec(writer, "fmtp", codec.PayloadType, codec.FormatParameters);
            PrintPerCodec(writer, "rtcp-fb", codec.PayloadType, codec.Feedback);
        }
    }

    private static void PrintPerCodec(SdpLineWriter writer, string name, byte payloadType, IReadOnlyList<string> texts)
    {
        foreach (string text in texts)
        {
            writer.Begin(name).Append(payloadType).Append(' ').Append(text);
            writer.End(name);
        }
    }

    private static void PrintAttributes(SdpLineWriter writer, SdpMediaOutput media)
    {
        foreach (var attribute in media.Attributes)
        {
            writer.Attribute(attribute);
        }
    }

    private static void PrintRtcp(SdpLineWriter writer, SdpMediaOutput media)
    {
        if (media.RtcpForm != RtcpForm.None)
        {
            writer.Begin("rtcp").Append(media.RtcpPort);
            if (media.RtcpForm == RtcpForm.Full)
            {
                writer.Text.Append(' ');
                AppendAddress(writer, media.Address);
            }

            writer.End("rtcp");
        }

        writer.Flag("rtcp-mux", media.RtcpMux);
    }

    private static void PrintKeying(SdpLineWriter writer, SdpMediaOutput media)
    {
        foreach (var crypto in media.Crypto)
        {
            crypto.AppendTo(writer.Begin("crypto"), media.PadCrypto);
            writer.End("crypto");
        }

        writer.Attribute("setup", media.Setup == SdpSetup.None ? null : SetupAttribute.Print(media.Setup));
        writer.Attribute("fingerprint", media.Fingerprint?.ToString());
        writer.Attribute("tls-id", media.TlsId);
    }

    private static void PrintIce(SdpLineWriter writer, SdpMediaOutput media)
    {
        writer.Attribute("ice-ufrag", media.IceUfrag);
        writer.Attribute("ice-pwd", media.IcePassword);
        writer.Attribute("ice-options", media.IceOptions == IceOptionsAttribute.None ? null : IceOptions.Print(media.IceOptions));
        PrintCandidates(writer, media);
    }

    private static void PrintCandidates(SdpLineWriter writer, SdpMediaOutput media)
    {
        foreach (var candidate in media.Candidates)
        {
            writer.Attribute("candidate", candidate.ToString());
        }

        writer.Attribute("remote-candidates", media.RemoteCandidates);
        writer.Flag("end-of-candidates", media.EndOfCandidates);
    }
}
