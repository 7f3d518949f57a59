using RtpCluster.Contracts;

namespace RtpCluster.Sdp;

/// <summary>What of a source's description passes to another side unchanged, as a start: the call model then sets what is ours.</summary>
public static class SdpTransit
{
    /// <summary>The session part: origin, name, information, bandwidths, timing, generic attributes. No groups, no marks.</summary>
    public static SdpOutput Session(SdpSessionView source, IReadOnlyList<SdpMediaOutput> medias) => new()
    {
        Origin = source.Session.Origin,
        Name = source.Session.Name,
        InfoLines = source.Session.InfoLines,
        Bandwidths = source.Session.Bandwidths,
        Timing = source.Session.Timing,
        Attributes = source.Attributes.Generic,
        Medias = medias,
    };

    /// <summary>
    /// An m= block: type, protocol, formats, information, bandwidths, mid, label, codecs, header extensions, generic attributes, direction,
    /// packet times. No RTCP, keys, DTLS, ICE: those are ours.
    /// </summary>
    /// <param name="source">The source's block.</param>
    /// <param name="address">Our advertised address.</param>
    /// <param name="port">Our port; 0: rejected.</param>
    /// <param name="originalDirection">Leave the source's direction line where it stands (original-sendrecv).</param>
    public static SdpMediaOutput Media(SdpMediaView source, IpAddress address, int port, bool originalDirection = false) => new()
    {
        Type = source.Media.Type,
        Port = port,
        Rejected = port == 0,
        Protocol = source.Media.Protocol,
        Formats = source.Media.Formats,
        Info = source.Media.Info,
        Address = port == 0 ? IpAddress.Any(address.Family) : address,
        Bandwidths = source.Media.Bandwidths,
        Mid = source.Attributes.Mid,
        Label = source.Attributes.Label,
        Codecs = source.Codecs,
        ExtMapAllowMixed = source.ExtMapAllowMixed,
        ExtMaps = source.ExtMaps,
        Attributes = originalDirection ? WithDirection(source) : source.Attributes.Generic,
        Direction = originalDirection ? null : source.Direction,
        PacketTime = source.Attributes.PacketTime,
        MaxPacketTime = source.Attributes.MaxPacketTime,
    };

    /// <summary>An m= block whose own lines pass verbatim: no RTP, message, force-relay, passthrough.</summary>
    public static SdpMediaOutput Verbatim(SdpMediaView source, IpAddress address, int port) => new()
    {
        Type = source.Media.Type,
        Port = port,
        Rejected = port == 0,
        Protocol = source.Media.Protocol,
        Formats = source.Media.Formats,
        Info = source.Media.Info,
        Address = port == 0 ? IpAddress.Any(address.Family) : address,
        Bandwidths = source.Media.Bandwidths,
        Mid = source.Attributes.Mid,
        Label = source.Attributes.Label,
        Attributes = source.Media.Attributes,
        Verbatim = true,
    };

    /// <summary>True when ng <c>sdp-media-remove</c> cuts this type of media out.</summary>
    public static bool IsRemoved(string mediaType, IReadOnlyList<string> removedTypes)
    {
        for (int i = 0; i < removedTypes.Count; i++)
        {
            if (removedTypes[i].Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static List<SdpAttribute> WithDirection(SdpMediaView source)
    {
        var attributes = new List<SdpAttribute>(source.Attributes.Generic.Count + 1);
        foreach (var attribute in source.Media.Attributes)
        {
            if (DirectionAttribute.TryParse(attribute.Name, out _) || !SdpAttributeTable.IsConsumed(attribute))
            {
                attributes.Add(attribute);
            }
        }

        return attributes;
    }
}
