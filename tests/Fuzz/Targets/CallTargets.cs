using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Fuzz.Targets;

/// <summary>A call from its first offer to its end, with damaged session descriptions.</summary>
internal static class CallTargets
{
    private static readonly CallConfig Config = new()
    {
        Interfaces =
        [
            new("default", IpAddress.Parse("203.0.113.1"), IpAddress.Parse("203.0.113.1")),
            new("default", IpAddress.Parse("2001:db8::1"), IpAddress.Parse("2001:db8::1")),
        ],
    };

    private static readonly string[] Good = [.. Corpus.Sdp.Select(sdp => NgCodec.FromBytes(sdp))];

    private static readonly string[] Flags =
        ["", "ICE=remove RTP/AVP rtcp-mux-demux", "RTP/SAVP SDES-lifetime replace-origin", "codec-strip-all codec-except-PCMA", "WebRTC", "address-family=IP6"];

    /// <summary>Offer, answer, re-offer the other way, publish, subscribe, query, delete; every command is answered.</summary>
    public static void Dialogue(byte[] input)
    {
        string sdp = NgCodec.FromBytes(input);
        string good = Good[input.Length % Good.Length];
        string flags = Flags[input.Length % Flags.Length];
        var call = new CallDriver(Config);
        call.Send(Command("offer", "a", null, sdp, flags));
        call.Send(Command("answer", "a", "b", good, string.Empty));
        call.Send(Command("offer", "b", "a", good, flags));
        call.Send(Command("answer", "b", "a", sdp, string.Empty));
        call.Send(Command("publish", "p", null, sdp, "codec-accept-any"));
        call.Send(Command("subscribe request", "p", null, null, flags));
        call.Send(Command("query", "a", "b", null, string.Empty));
        call.Restore();
        call.Send(Command("delete", "a", null, null, "delete-delay=0"));
    }

    /// <summary>A command as the parser makes it.</summary>
    public static NgCommand Command(string verb, string from, string? to, string? sdp, string flags)
    {
        var dictionary = new NgDictionary().Add("command", verb).Add("call-id", "c").Add("from-tag", from);
        if (to is not null)
        {
            dictionary.Add("to-tag", to);
        }

        if (sdp is not null)
        {
            dictionary.Add("sdp", sdp);
        }

        dictionary.Add("rtpp-flags", flags);
        FuzzFailure.Unless(NgCommandParser.TryParse(dictionary, NgTemplates.Empty, out var command, out string error), error);
        return command;
    }
}
