using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Rewriting;

/// <summary>Loop marks, header extensions, and cutting medias out.</summary>
public class RewritingTests
{
    private static readonly ExtMapAttribute[] ExtMaps = [new(1, null, "urn:a", null), new(4096, null, "urn:b", null), new(3, null, "urn:c", null)];

    private static SdpSession Marked(string attribute) => Samples.Parse($"v=0\no=- 1 2 IN IP4 1.2.3.4\ns=-\n{attribute}\n");

    [Fact]
    public void A_body_is_ours_when_every_session_carries_our_mark()
    {
        var ours = Marked("a=rtpengine:0123456789ab");
        var other = Marked("a=rtpengine:ffffffffffff");

        Assert.True(LoopProtection.IsOurs([ours, ours], "0123456789ab"));
        Assert.False(LoopProtection.IsOurs([ours, other], "0123456789ab"));
        Assert.False(LoopProtection.IsOurs([Marked("a=x")], "0123456789ab"));
        Assert.False(LoopProtection.IsOurs([], "0123456789ab"));
    }

    [Fact]
    public void Stripped_extensions_leave_sdp_and_packets_masked_ones_the_sdp()
    {
        var printed = ExtMapFilter.Apply(ExtMaps, ["urn:a", "urn:b"], ["urn:c"], out var ids);

        Assert.Empty(printed);
        Assert.Equal([1], ids.Select(id => (int)id));
    }

    [Fact]
    public void Without_lists_all_extensions_pass()
    {
        Assert.Same(ExtMaps, ExtMapFilter.Apply(ExtMaps, [], [], out var ids));
        Assert.Empty(ids);
    }

    [Fact]
    public void Media_types_are_removed_without_case()
    {
        Assert.True(SdpTransit.IsRemoved("Video", ["image", "video"]));
        Assert.False(SdpTransit.IsRemoved("audio", ["image", "video"]));
    }
}
