using RtpCluster.CallModel.Exchange;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.CallModel.Verbs;

/// <summary>What every command with an SDP has in common: what it must bring, what we refuse, what it changes on call and monologues.</summary>
public static class SignallingRules
{
    private const int ResetTos = 256;

    /// <summary>Words we know, cannot serve, and must not ignore: the media would not be what the client counts on.</summary>
    private static readonly HashSet<string> Harmful = new(StringComparer.OrdinalIgnoreCase)
    {
        "audio-player", "player", "always-transcode", "force-transcoding", "record-call", "inject-dtmf", "delay-buffer",
        "moh", "frequency", "frequencies", "dtmf-security",
    };

    /// <summary>T.38 words that ask for a gateway; others only tune it.</summary>
    private static readonly HashSet<string> FaxGateway = new(StringComparer.OrdinalIgnoreCase) { "decode", "force" };

    /// <summary>Checks an offer or answer.</summary>
    /// <returns>Why it cannot be served; null: it can.</returns>
    public static string? Check(VerbContext context, bool needsToTag)
    {
        var command = context.Command;
        if (string.IsNullOrEmpty(command.Sdp))
        {
            return "No SDP body in message";
        }

        if (string.IsNullOrEmpty(command.CallId))
        {
            return "No call-id in message";
        }

        if (string.IsNullOrEmpty(command.FromTag))
        {
            return "No from-tag in message";
        }

        if (needsToTag && string.IsNullOrEmpty(command.ToTag))
        {
            return "No to-tag in message";
        }

        return Unsupported(context, isOffer: !needsToTag);
    }

    /// <summary>What the request asks for and this build cannot do; null: nothing. Harmless words become warnings.</summary>
    public static string? Unsupported(VerbContext context, bool isOffer)
    {
        var command = context.Command;
        foreach (string word in command.Unsupported)
        {
            if (Harmful.Contains(word))
            {
                return $"not supported yet: {word}";
            }

            // codec-transcode of a codec that is there anyway restores it after "strip all": CodecNegotiation knows the difference.
            if (word != "transcode")
            {
                context.Warnings.Add($"not supported yet, ignored: {word}");
            }
        }

        if (command.T38.Find(FaxGateway.Contains) is { } fax)
        {
            return $"not supported yet: T.38 {fax}";
        }

        if (command.MediaEcho is not null)
        {
            return "not supported yet: media-echo";
        }

        return command.Flags.HasFlag(NgFlags.Fragment)
            ? "not supported yet: fragment"
            : TransportNegotiation.Refusal(command.Osrtp);
    }

    /// <summary>Applies what a command with an SDP says about the call and the two monologues.</summary>
    public static void Apply(VerbContext context, CallState call, Monologue sender, Monologue receiver)
    {
        var command = context.Command;
        call.LastSignal = context.Now;
        call.DeleteAt = null;
        sender.DeleteAt = null;
        receiver.DeleteAt = null;
        sender.Label = command.Label ?? sender.Label;
        receiver.Label = command.ToLabel ?? receiver.Label;
        call.Metadata = command.Metadata ?? call.Metadata;
        sender.Metadata = command.Metadata ?? sender.Metadata;
        call.DropTraffic = command.DropTraffic ?? call.DropTraffic;
        call.EndpointLearning = command.EndpointLearning ?? call.EndpointLearning;
        sender.BlockDtmf |= command.Flags.HasFlag(NgFlags.BlockDtmf);
        sender.Interface ??= Interface(context, command.FromInterface);
        receiver.Interface ??= Interface(context, command.ToInterface);
        if (command.Verb == NgVerb.Offer)
        {
            ApplyOffer(context, call, sender, receiver);
        }
    }

    private static void ApplyOffer(VerbContext context, CallState call, Monologue sender, Monologue receiver)
    {
        var command = context.Command;
        sender.Interface = Interface(context, command.FromInterface) ?? sender.Interface;
        receiver.Interface = Interface(context, command.ToInterface) ?? receiver.Interface;
        call.Tos = command.Tos switch
        {
            ResetTos => null,
            >= 0 and < ResetTos => (byte)command.Tos.Value,
            _ => call.Tos,
        };
    }

    /// <summary>Resolves an interface name of the request; null: none given, or unknown (then with a warning).</summary>
    public static string? Interface(VerbContext context, string? name)
    {
        if (name is null)
        {
            return null;
        }

        string? resolved = InterfaceSelection.Resolve(context.Config, name);
        if (resolved is null)
        {
            context.Warnings.Add($"unknown interface '{name}': the default one is used");
        }

        return resolved;
    }
}
