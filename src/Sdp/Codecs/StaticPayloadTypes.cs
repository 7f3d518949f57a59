namespace RtpCluster.Sdp;

/// <summary>The payload types that mean something without rtpmap (RFC 3551 section 6, tables 4 and 5).</summary>
public static class StaticPayloadTypes
{
    private static readonly SdpCodec?[] Table = Build(
        Row(0, "PCMU"), Row(3, "GSM"), Row(4, "G723"), Row(5, "DVI4"), Row(6, "DVI4", 16000), Row(7, "LPC"), Row(8, "PCMA"),
        Row(9, "G722"), Row(10, "L16", 44100, 2), Row(11, "L16", 44100), Row(12, "QCELP"), Row(13, "CN"), Row(14, "MPA", 90000),
        Row(15, "G728"), Row(16, "DVI4", 11025), Row(17, "DVI4", 22050), Row(18, "G729"), Row(25, "CelB", 90000),
        Row(26, "JPEG", 90000), Row(28, "nv", 90000), Row(31, "H261", 90000), Row(32, "MPV", 90000), Row(33, "MP2T", 90000),
        Row(34, "H263", 90000));

    /// <summary>The codec of a static payload type; null for every other number.</summary>
    public static SdpCodec? Of(int payloadType) => (uint)payloadType < (uint)Table.Length ? Table[payloadType] : null;

    /// <summary>The static type of an encoding; null: it has none and needs a dynamic one.</summary>
    public static SdpCodec? Of(string name, int clockRate, int channels)
    {
        foreach (var row in Table)
        {
            if (row is not null && row.ClockRate == clockRate && row.Channels == channels
                && row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return row;
            }
        }

        return null;
    }

    private static SdpCodec Row(byte payloadType, string name, int clockRate = 8000, int channels = 1) => new()
    {
        PayloadType = payloadType,
        Name = name,
        ClockRate = clockRate,
        Channels = channels,
        Parameters = channels > 1 ? "2" : null,
    };

    private static SdpCodec?[] Build(params ReadOnlySpan<SdpCodec> rows)
    {
        var table = new SdpCodec?[35];
        foreach (var row in rows)
        {
            table[row.PayloadType] = row;
        }

        return table;
    }
}
