using System.Text;
using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>Prints a session description in the peer's line order (RFC 8866 syntax, CRLF). Pure and thread-safe.</summary>
public static class SdpPrinter
{
    private static readonly string[] SessionBandwidthOrder = ["AS", "RR", "RS", "CT", "TIAS"];

    /// <summary>Prints the whole body.</summary>
    /// <param name="output">What to say.</param>
    /// <param name="manipulations">Changes applied to each attribute line (ng sdp-attr); null: none.</param>
    public static string Print(SdpOutput output, SdpManipulations? manipulations = null)
    {
        var text = new StringBuilder(1024);
        PrintSession(new SdpLineWriter(text, manipulations?.Session), output);
        foreach (var media in output.Medias)
        {
            SdpMediaPrinter.Print(new SdpLineWriter(text, manipulations?.OfMedia(media.Type)), media);
        }

        return text.ToString();
    }

    private static void PrintSession(SdpLineWriter writer, SdpOutput output)
    {
        var origin = output.Origin;
        writer.Line("v=0");
        writer.Text.Append("o=").Append(origin.Username).Append(' ').Append(origin.SessionId).Append(' ').Append(origin.Version)
            .Append(' ').Append(origin.NetType).Append(' ').Append(origin.Family).Append(' ').Append(origin.Address).Append("\r\n");
        writer.Line("s=", output.Name);
        foreach (string line in output.InfoLines)
        {
            writer.Line(line);
        }

        foreach (string type in SessionBandwidthOrder)
        {
            foreach (var bandwidth in output.Bandwidths)
            {
                if (bandwidth.Type == type)
                {
                    writer.Bandwidth(bandwidth);
                }
            }
        }

        writer.Line("t=", output.Timing);
        writer.Attribute(LoopProtection.AttributeName, output.LoopProtectId);
        writer.Flag("ice-lite", output.IceLite);
        foreach (var group in output.Groups)
        {
            writer.Attribute("group", group.ToString());
        }

        foreach (var attribute in output.Attributes)
        {
            writer.Attribute(attribute);
        }

        writer.Additions();
    }
}
