using System.Collections.Frozen;

namespace RtpCluster.Sdp;

/// <summary>What is known about an encoding by its name alone.</summary>
/// <param name="Name">Encoding name.</param>
/// <param name="ClockRate">Default RTP clock in Hz.</param>
/// <param name="Channels">Default channels.</param>
/// <param name="PacketTime">Default packet time in ms.</param>
/// <param name="BitRate">Bits per second of a fixed-size codec; 0: variable; -1: 16 bit per sample and channel.</param>
/// <param name="SilenceByte">The byte a silenced payload is filled with; -1: cannot be silenced that way.</param>
/// <param name="Supplemental">Accompanies a main codec (telephone-event, CN, red).</param>
public sealed record SdpCodecDefaults(
    string Name,
    int ClockRate = 8000,
    int Channels = 1,
    int PacketTime = 20,
    int BitRate = 0,
    short SilenceByte = -1,
    bool Supplemental = false)
{
    private static readonly SdpCodecDefaults[] Table =
    [
        new("PCMU", BitRate: 64000, SilenceByte: 0xff),
        new("PCMA", BitRate: 64000, SilenceByte: 0xd5),
        new("G722", BitRate: 64000, SilenceByte: 0xfa),
        new("G723", PacketTime: 30),
        new("G726-16", BitRate: 16000),
        new("G726-24", BitRate: 24000),
        new("G726-32", BitRate: 32000),
        new("G726-40", BitRate: 40000),
        new("G728", BitRate: 16000),
        new("G729", BitRate: 8000),
        new("G729a", BitRate: 8000),
        new("GSM", BitRate: 13200),
        new("iLBC", PacketTime: 30),
        new("DVI4"),
        new("LPC"),
        new("L16", ClockRate: 44100, BitRate: -1, SilenceByte: 0),
        new("X-L16", ClockRate: 44100, BitRate: -1, SilenceByte: 0),
        new("opus", ClockRate: 48000, Channels: 2),
        new("speex", ClockRate: 16000),
        new("AMR"),
        new("AMR-WB", ClockRate: 16000),
        new("EVS", ClockRate: 16000),
        new("QCELP"),
        new("telephone-event", Supplemental: true),
        new("CN", Supplemental: true),
        new("red", Supplemental: true),
    ];

    private static readonly FrozenDictionary<string, SdpCodecDefaults> ByName =
        Table.ToFrozenDictionary(row => row.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly SdpCodecDefaults Unknown = new(string.Empty, ClockRate: 0, PacketTime: 0);

    /// <summary>True when the encoding has a row in the table.</summary>
    public bool IsKnown => Name.Length > 0;

    /// <summary>The default clock is 48 kHz: MOS counts full band (ITU-T G.107.2).</summary>
    public bool FullBand => ClockRate == 48000;

    /// <summary>The row of an encoding name, without case; a row full of zeros when unknown.</summary>
    public static SdpCodecDefaults Of(string name) => ByName.TryGetValue(name, out var row) ? row : Unknown;

    /// <summary>Payload bytes of a packet of <paramref name="packetTime"/> ms; 0: variable.</summary>
    public int NominalBytes(int clockRate, int channels, int packetTime)
    {
        long bitRate = BitRate >= 0 ? BitRate : 16L * clockRate * channels;
        return (int)Math.Min(bitRate * packetTime / 8000, int.MaxValue);
    }
}
