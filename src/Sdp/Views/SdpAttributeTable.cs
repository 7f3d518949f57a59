using System.Collections.Frozen;

namespace RtpCluster.Sdp;

/// <summary>The attributes we consume, by name: each with the setter that understands its value.</summary>
internal static class SdpAttributeTable
{
    private const string T38Prefix = "T38";

    private static readonly FrozenDictionary<string, Setter> Setters = new Dictionary<string, Setter>
    {
        ["rtpmap"] = RtpMap,
        ["fmtp"] = FormatParameters,
        ["rtcp-fb"] = Feedback,
        ["rtcp"] = Rtcp,
        ["crypto"] = Crypto,
        ["extmap"] = ExtMap,
        ["group"] = Group,
        ["candidate"] = Candidate,
        ["fingerprint"] = Fingerprint,
        ["setup"] = Setup,
        ["tls-id"] = TlsId,
        ["ptime"] = PacketTime,
        ["maxptime"] = MaxPacketTime,
        ["mid"] = Always(static (t, v) => t.Mid = v),
        ["label"] = Always(static (t, v) => t.Label = v),
        ["rtcp-mux"] = Always(static (t, _) => t.RtcpMux = true),
        ["bundle-only"] = Always(static (t, _) => t.BundleOnly = true),
        ["extmap-allow-mixed"] = Always(static (t, _) => t.ExtMapAllowMixed = true),
        ["ice-ufrag"] = Always(static (t, v) => t.IceUfrag = v),
        ["ice-pwd"] = Always(static (t, v) => t.IcePassword = v),
        ["ice-options"] = Always(static (t, v) => t.IceOptions = IceOptions.Parse(v)),
        ["ice-lite"] = Always(static (t, _) => t.IceLite = true),
        ["remote-candidates"] = Always(static (t, v) => t.RemoteCandidates = v),
        ["end-of-candidates"] = Always(static (t, _) => t.EndOfCandidates = true),
        ["sendrecv"] = Always(static (t, _) => t.Direction = SdpDirection.SendRecv),
        ["sendonly"] = Always(static (t, _) => t.Direction = SdpDirection.SendOnly),
        ["recvonly"] = Always(static (t, _) => t.Direction = SdpDirection.RecvOnly),
        ["inactive"] = Always(static (t, _) => t.Direction = SdpDirection.Inactive),
        [LoopProtection.AttributeName] = Always(static (t, v) => t.LoopProtectId = v),
    }.ToFrozenDictionary();

    /// <summary>Takes the value into the target; returns null, or what is wrong with it.</summary>
    private delegate string? Setter(SdpAttributes target, string value);

    /// <summary>True when the attribute is ours to understand and is never copied to another side.</summary>
    public static bool IsConsumed(SdpAttribute attribute) =>
        Setters.ContainsKey(attribute.Name)
            ? attribute.Name != "rtcp-fb" || attribute.Value?.StartsWith('*') != true
            : attribute.Name.StartsWith(T38Prefix, StringComparison.Ordinal);

    /// <summary>Takes a consumed attribute into the target; returns null, or what is wrong with it.</summary>
    public static string? Set(SdpAttributes target, SdpAttribute attribute) =>
        Setters.TryGetValue(attribute.Name, out var setter) ? setter(target, attribute.Value?.Trim() ?? string.Empty) : null;

    private static Setter Always(Action<SdpAttributes, string> set) => (target, value) =>
    {
        set(target, value);
        return null;
    };

    private static string? RtpMap(SdpAttributes target, string value)
    {
        if (!RtpMapAttribute.TryParse(value, out var map))
        {
            return "not 'payload-type encoding/clock'";
        }

        target.Add(map);
        return null;
    }

    private static string? FormatParameters(SdpAttributes target, string value)
    {
        if (!PayloadTypeAttribute.TryParse(value, out var line))
        {
            return "not 'payload-type parameters'";
        }

        target.AddFormatParameters(line);
        return null;
    }

    private static string? Feedback(SdpAttributes target, string value)
    {
        if (!PayloadTypeAttribute.TryParse(value, out var line))
        {
            return "not 'payload-type feedback'";
        }

        target.AddFeedback(line);
        return null;
    }

    private static string? Rtcp(SdpAttributes target, string value)
    {
        if (!RtcpAttribute.TryParse(value, out var rtcp))
        {
            return "not 'port' or 'port IN family address'";
        }

        target.Rtcp = rtcp;
        return null;
    }

    private static string? Crypto(SdpAttributes target, string value)
    {
        if (!SdpCrypto.TryParse(value, out var crypto, out string error))
        {
            return error;
        }

        target.Add(crypto!);
        return null;
    }

    private static string? ExtMap(SdpAttributes target, string value)
    {
        if (!ExtMapAttribute.TryParse(value, out var map))
        {
            return "not 'id uri'";
        }

        target.Add(map);
        return null;
    }

    private static string? Group(SdpAttributes target, string value)
    {
        if (!GroupAttribute.TryParse(value, out var group))
        {
            return "no semantics";
        }

        target.Add(group!);
        return null;
    }

    private static string? Candidate(SdpAttributes target, string value)
    {
        if (!CandidateAttribute.TryParse(value, out var candidate))
        {
            return "malformed";
        }

        target.Add(candidate!);
        return null;
    }

    private static string? Fingerprint(SdpAttributes target, string value)
    {
        if (!FingerprintAttribute.TryParse(value, out var fingerprint))
        {
            return "unknown hash or malformed digest";
        }

        target.Fingerprint ??= fingerprint;
        return null;
    }

    private static string? Setup(SdpAttributes target, string value)
    {
        if (!SetupAttribute.TryParse(value, out var setup))
        {
            return "unknown role";
        }

        target.Setup = setup;
        return null;
    }

    private static string? TlsId(SdpAttributes target, string value)
    {
        if (!TlsIdAttribute.IsValid(value))
        {
            return "not 20 to 255 characters of its alphabet";
        }

        target.TlsId = value;
        return null;
    }

    private static string? PacketTime(SdpAttributes target, string value)
    {
        if (!PacketTimeAttribute.TryParse(value, out int milliseconds))
        {
            return "not a number of ms";
        }

        target.PacketTime = milliseconds;
        return null;
    }

    private static string? MaxPacketTime(SdpAttributes target, string value)
    {
        if (!PacketTimeAttribute.TryParse(value, out int milliseconds))
        {
            return "not a number of ms";
        }

        target.MaxPacketTime = milliseconds;
        return null;
    }
}
