namespace RtpCluster.Sdp;

/// <summary>Puts the codecs of an RTP m= block together from its formats and its rtpmap, fmtp and rtcp-fb lines.</summary>
internal static class SdpCodecReader
{
    private static readonly IReadOnlyList<string> None = [];

    /// <summary>The codecs in the order of the formats; a format that is no payload type, or a repeated one, is left out.</summary>
    public static IReadOnlyList<SdpCodec> Read(SdpMedia media, SdpAttributes attributes)
    {
        var codecs = new List<SdpCodec>(Math.Min(media.Formats.Count, 128));
        UInt128 seen = 0;
        foreach (string format in media.Formats)
        {
            if (!SdpText.TryReadNumber(format, out int number) || number > 127 || (seen >> number & 1) != 0)
            {
                continue;
            }

            seen |= UInt128.One << number;
            codecs.Add(Named((byte)number, attributes.RtpMaps) with
            {
                FormatParameters = TextsOf(number, attributes.FormatParameters) ?? None,
                Feedback = TextsOf(number, attributes.Feedback) ?? None,
                PacketTime = attributes.PacketTime,
            });
        }

        return codecs;
    }

    private static SdpCodec Named(byte payloadType, IReadOnlyList<RtpMapAttribute> maps)
    {
        for (int i = 0; i < maps.Count; i++)
        {
            var map = maps[i];
            if (map.PayloadType == payloadType)
            {
                return new SdpCodec
                {
                    PayloadType = payloadType,
                    Name = map.Encoding,
                    ClockRate = map.ClockRate,
                    Channels = map.Channels,
                    Parameters = map.Parameters,
                };
            }
        }

        return StaticPayloadTypes.Of(payloadType) ?? new SdpCodec { PayloadType = payloadType, Name = string.Empty };
    }

    private static List<string>? TextsOf(int payloadType, IReadOnlyList<PayloadTypeAttribute> lines)
    {
        List<string>? texts = null;
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].PayloadType == payloadType)
            {
                (texts ??= []).Add(lines[i].Text);
            }
        }

        return texts;
    }
}
