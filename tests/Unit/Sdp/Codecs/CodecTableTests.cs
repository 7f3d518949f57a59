using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Codecs;

/// <summary>What is known of codecs by payload type and by name.</summary>
public class CodecTableTests
{
    [Theory]
    [InlineData(0, "PCMU", 8000, 1)]
    [InlineData(8, "PCMA", 8000, 1)]
    [InlineData(10, "L16", 44100, 2)]
    [InlineData(11, "L16", 44100, 1)]
    [InlineData(18, "G729", 8000, 1)]
    [InlineData(34, "H263", 90000, 1)]
    public void Static_types_are_found_both_ways(byte payloadType, string name, int clockRate, int channels)
    {
        var codec = StaticPayloadTypes.Of(payloadType)!;

        Assert.Equal((name, clockRate, channels), (codec.Name, codec.ClockRate, codec.Channels));
        Assert.Same(codec, StaticPayloadTypes.Of(name.ToLowerInvariant(), clockRate, channels));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(35)]
    [InlineData(96)]
    public void Other_types_are_not_static(int payloadType) => Assert.Null(StaticPayloadTypes.Of(payloadType));

    [Theory]
    [InlineData(0, 0, 20, 160)]
    [InlineData(8, 30, 30, 240)]
    [InlineData(9, 0, 20, 160)]
    [InlineData(3, 0, 20, 33)]
    [InlineData(18, 0, 20, 20)]
    [InlineData(4, 0, 30, 0)]
    [InlineData(10, 10, 10, 1764)]
    [InlineData(31, 0, 0, 0)]
    public void Fixed_size_codecs_have_nominal_bytes(byte payloadType, int said, int packetTime, int bytes)
    {
        var codec = StaticPayloadTypes.Of(payloadType)! with { PacketTime = said };

        Assert.Equal((packetTime, bytes), (codec.EffectivePacketTime, codec.NominalBytes));
    }

    [Theory]
    [InlineData("pcma", 0xd5)]
    [InlineData("PCMU", 0xff)]
    [InlineData("G722", 0xfa)]
    [InlineData("opus", -1)]
    [InlineData("unheard", -1)]
    public void Some_codecs_can_be_silenced_by_a_byte(string name, short value) => Assert.Equal(value, SdpCodecDefaults.Of(name).SilenceByte);

    [Fact]
    public void Defaults_tell_supplemental_full_band_and_unknown_codecs()
    {
        Assert.True(SdpCodecDefaults.Of("TELEPHONE-EVENT").Supplemental);
        Assert.True(SdpCodecDefaults.Of("opus").FullBand);
        Assert.False(SdpCodecDefaults.Of("PCMA").FullBand);
        Assert.False(SdpCodecDefaults.Of("unheard").IsKnown);
    }

    [Fact]
    public void The_same_encoding_has_the_same_name_clock_and_channels()
    {
        var opus = new SdpCodec { PayloadType = 96, Name = "opus", ClockRate = 48000, Channels = 2 };

        Assert.True(opus.SameEncoding(opus with { PayloadType = 111, Name = "OPUS" }));
        Assert.False(opus.SameEncoding(opus with { Channels = 1 }));
    }
}
