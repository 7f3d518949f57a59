namespace RtpCluster.Sdp;

/// <summary>One payload type of an RTP m= line with everything that was said about it (rtpmap, fmtp, rtcp-fb, ptime). Immutable.</summary>
public sealed record SdpCodec
{
    /// <summary>RTP payload type, 0 to 127.</summary>
    public required byte PayloadType { get; init; }

    /// <summary>Encoding name as received, or of the static table (RFC 3551) without rtpmap; empty: a dynamic type nobody described.</summary>
    public required string Name { get; init; }

    /// <summary>RTP clock in Hz; 0: unknown.</summary>
    public int ClockRate { get; init; }

    /// <summary>Channels; 1 by default.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>The rtpmap text after the clock rate's slash, as received ("2"); null: none.</summary>
    public string? Parameters { get; init; }

    /// <summary>Texts of <c>a=fmtp</c> after the payload type, in order.</summary>
    public IReadOnlyList<string> FormatParameters { get; init; } = [];

    /// <summary>Texts of <c>a=rtcp-fb</c> after the payload type, in order (RFC 4585).</summary>
    public IReadOnlyList<string> Feedback { get; init; } = [];

    /// <summary>Packet time in ms as the m= block's <c>a=ptime</c> says; 0: not said.</summary>
    public int PacketTime { get; init; }

    /// <summary>True for telephone-event, CN and red: they accompany a main codec and are none themselves.</summary>
    public bool IsSupplemental => SdpCodecDefaults.Of(Name).Supplemental;

    /// <summary>Payload type of the codec whose packets it repeats (RFC 4588, <c>rtx</c> with <c>apt</c>); -1: it is a codec of its own.</summary>
    public int RepairedType
    {
        get
        {
            if (Name.Equals("rtx", StringComparison.OrdinalIgnoreCase))
            {
                foreach (string text in FormatParameters)
                {
                    foreach (string parameter in text.Split(';', StringSplitOptions.TrimEntries))
                    {
                        if (parameter.StartsWith("apt=", StringComparison.OrdinalIgnoreCase)
                            && SdpText.TryReadNumber(parameter.AsSpan(4), out int number) && number <= 127)
                        {
                            return number;
                        }
                    }
                }
            }

            return -1;
        }
    }

    /// <summary>Packet time in ms: the one said, else the codec's default.</summary>
    public int EffectivePacketTime => PacketTime > 0 ? PacketTime : SdpCodecDefaults.Of(Name).PacketTime;

    /// <summary>Payload bytes of one packet; 0: variable or unknown.</summary>
    public int NominalBytes => SdpCodecDefaults.Of(Name).NominalBytes(ClockRate, Channels, EffectivePacketTime);

    /// <summary>Same encoding: name without case, clock and channels; payload type and parameters do not matter.</summary>
    public bool SameEncoding(SdpCodec other) =>
        ClockRate == other.ClockRate && Channels == other.Channels && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);
}
