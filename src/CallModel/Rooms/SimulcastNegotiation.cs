using System.Buffers.Binary;
using System.Globalization;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtp.Video;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Rooms;

/// <summary>Simulcast (RFC 8853): a publisher's layers are taken, its subscribers get one stream under an SSRC of ours.</summary>
public static class SimulcastNegotiation
{
    private const int MaxLayers = 8;

    /// <summary>
    /// The layers that we take of a publisher's offer: by RTP stream id, or by SSRC. Only of codecs whose key frames we can tell, because
    /// receivers change at those.
    /// </summary>
    public static List<LayerPlan> Layers(SdpMediaView view, IReadOnlyList<SdpCodec> chosen)
    {
        if (!chosen.Any(c => VideoCodecs.Of(c.Name) != VideoCodec.None))
        {
            return [];
        }

        bool named = ExtensionNegotiation.Ids(view.ExtMaps).Rid > 0;
        foreach (var attribute in view.Attributes.Generic)
        {
            List<LayerPlan> layers = (attribute.Name, attribute.Value) switch
            {
                ("simulcast", { } value) when named => [.. SimulcastAttribute.SentRids(value).Select(rid => new LayerPlan(rid, 0))],
                ("ssrc-group", { } value) => [.. SimulcastAttribute.GroupedSsrcs(value).Select(ssrc => new LayerPlan("", ssrc))],
                _ => [],
            };
            if (layers.Count is > 1 and <= MaxLayers)
            {
                return layers;
            }
        }

        return [];
    }

    /// <summary>The lines of our answer that take a publisher's layers.</summary>
    public static IReadOnlyList<SdpAttribute> Answer(CallMedia media)
    {
        var rids = media.Layers.FindAll(l => l.Rid.Length > 0).ConvertAll(l => l.Rid);
        return rids.Count == 0
            ? []
            : [.. rids.Select(rid => new SdpAttribute("rid", $"{rid} recv")), new SdpAttribute("simulcast", $"recv {string.Join(';', rids)}")];
    }

    /// <summary>A subscriber's attributes: the publisher's, without its layers and what belongs to its own hop.</summary>
    public static List<string> SubscriberAttributes(CallMedia publisher, CallMedia subscriber, IEntropy entropy)
    {
        bool isVideo = publisher.Type.Equals("video", StringComparison.OrdinalIgnoreCase);
        var attributes = new List<string>();
        foreach (string text in publisher.SourceAttributes)
        {
            string name = text.Split(':', 2)[0];
            bool kept = name == "extmap"
                ? ExtMapAttribute.TryParse(text.AsSpan(name.Length + 1), out var extension) && ExtensionNegotiation.IsOffered(extension.Uri, isVideo)
                : publisher.Layers.Count == 0 || !SimulcastAttribute.Names.Contains(name);
            if (kept)
            {
                attributes.Add(text);
            }
        }

        if (publisher.Layers.Count > 0)
        {
            subscriber.SendSsrc = subscriber.SendSsrc != 0 ? subscriber.SendSsrc : Ssrc(entropy);
            attributes.Add(string.Create(CultureInfo.InvariantCulture, $"ssrc:{subscriber.SendSsrc} cname:{subscriber.SendSsrc:x8}"));
        }

        return attributes;
    }

    /// <summary>The position of a layer that a request names by <c>rid</c> or <c>layer</c>, plus one; 0: any. False: there is none such.</summary>
    public static bool TryFindLayer(CallMedia publisher, string? rid, int? layer, out int found)
    {
        found = rid is not null ? publisher.Layers.FindIndex(l => l.Rid == rid) + 1 : layer is { } number ? number + 1 : 0;
        return publisher.Layers.Count == 0 || (rid is null && layer is null) || (found >= 1 && found <= publisher.Layers.Count);
    }

    /// <summary>A random SSRC.</summary>
    internal static uint Ssrc(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[4];
        entropy.Fill(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes) | 1;
    }
}
