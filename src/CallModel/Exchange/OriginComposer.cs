using RtpCluster.CallModel.Verbs;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Exchange;

/// <summary>Prints an SDP toward a monologue's remote, with the request's replace and sdp-attr words, and remembers its o= and s= lines.</summary>
public static class OriginComposer
{
    private const ReplaceFlags OriginWords = ReplaceFlags.Origin | ReplaceFlags.SessionName | ReplaceFlags.SdpVersion
        | ReplaceFlags.Username | ReplaceFlags.OriginFull | ReplaceFlags.ForceIncrementSdpVersion;

    /// <summary>Prints it.</summary>
    /// <param name="context">The verb's context.</param>
    /// <param name="receiver">Who gets it.</param>
    /// <param name="output">The SDP with the source's (or our own) origin and session name.</param>
    public static string Print(VerbContext context, Monologue receiver, SdpOutput output)
    {
        var command = context.Command;
        var replace = (SdpReplace)(int)(command.Replace & OriginWords);
        string text = OriginRewriter.Print(
            output, Manipulations(command), replace, FirstAddress(receiver, command), receiver.Printed, out var printed);
        receiver.Printed = printed;
        return text;
    }

    /// <summary>The sdp-attr changes of a request; null: none.</summary>
    public static SdpManipulations? Manipulations(NgCommand command)
    {
        if (command.SdpAttr.Count == 0)
        {
            return null;
        }

        var manipulations = new SdpManipulations();
        foreach (var (section, options) in command.SdpAttr)
        {
            manipulations[section] = new SdpManipulation { Add = options.Add, Remove = options.Remove, Substitute = options.Substitute };
        }

        return manipulations;
    }

    private static IpAddress FirstAddress(Monologue receiver, NgCommand command)
    {
        if (command.MediaAddress.Family != IpFamily.None)
        {
            return command.MediaAddress;
        }

        return receiver.Medias.Find(m => m.Ports is not null)?.Ports!.Advertised ?? IpAddress.None;
    }
}
