using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Printing;

/// <summary>ng sdp-attr: add, remove and substitute while lines are printed.</summary>
public class SdpManipulationTests
{
    private static string[] Print(SdpManipulations manipulations, string type = "audio", bool rejected = false)
    {
        var media = new SdpMediaOutput
        {
            Type = type,
            Port = rejected ? 0 : 30000,
            Rejected = rejected,
            Protocol = "RTP/AVP",
            Address = IpAddress.Parse("203.0.113.1"),
            Codecs = [StaticPayloadTypes.Of(0)!, StaticPayloadTypes.Of(8)!],
            Direction = SdpDirection.SendRecv,
            PacketTime = 20,
        };
        var output = new SdpOutput
        {
            Origin = new SdpOrigin("-", "1", "2", "IN", "IP4", "1.2.3.4"),
            Attributes = [new SdpAttribute("tool", "x y")],
            Medias = [media],
        };
        string[] lines = SdpPrinter.Print(output, manipulations).Split("\r\n");
        return [.. lines.Where(line => line.StartsWith("a=", StringComparison.Ordinal)).Select(line => line[2..])];
    }

    private static SdpManipulations Of(string section, SdpManipulation manipulation) => new() { [section] = manipulation };

    [Theory]
    [InlineData("ptime")]
    [InlineData("PTIME:20")]
    [InlineData("ptime:20")]
    public void Remove_matches_name_and_full_line_without_case(string entry) =>
        Assert.Equal(
            ["tool:x y", "rtpmap:0 PCMU/8000", "rtpmap:8 PCMA/8000", "sendrecv"],
            Print(Of("audio", new SdpManipulation { Remove = [entry] })));

    [Theory]
    [InlineData("rtpmap:8", true)]
    [InlineData("rtpmap:8 PCMA/8000", true)]
    [InlineData("rtpmap:80", false)]
    [InlineData("rtp", false)]
    [InlineData("rtpmap:8 PCMA", false)]
    [InlineData("", false)]
    public void Remove_matches_name_and_tag_but_no_other_part(string entry, bool removed) =>
        Assert.Equal(!removed, Print(Of("audio", new SdpManipulation { Remove = [entry] })).Contains("rtpmap:8 PCMA/8000"));

    [Theory]
    [InlineData("sendrecv", "sendonly", "sendonly")]
    [InlineData("ptime", "maxptime", "maxptime:20")]
    [InlineData("ptime:20", "ptime:40", "ptime:40")]
    [InlineData("rtpmap:8", "rtpmap:108", "rtpmap:108 PCMA/8000")]
    public void Substitute_replaces_what_matched(string from, string to, string line) =>
        Assert.Contains(line, Print(Of("audio", new SdpManipulation { Substitute = [new(from, to)] })));

    [Fact]
    public void Add_appends_to_the_section()
    {
        var manipulations = new SdpManipulations
        {
            ["global"] = new SdpManipulation { Add = ["session:1"] },
            ["audio"] = new SdpManipulation { Add = ["media:1", "media:2"] },
        };

        string[] lines = Print(manipulations);

        Assert.Equal(["tool:x y", "session:1"], lines[..2]);
        Assert.Equal(["ptime:20", "media:1", "media:2"], lines[^3..]);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("global")]
    public void The_session_has_two_names(string section) =>
        Assert.DoesNotContain("tool:x y", Print(Of(section, new SdpManipulation { Remove = ["tool"] })));

    [Theory]
    [InlineData("video", "video", true)]
    [InlineData("video", "audio", false)]
    [InlineData("other", "control", true)]
    [InlineData("other", "image", false)]
    public void A_media_has_the_changes_of_its_type(string section, string type, bool changed) =>
        Assert.Equal(changed, Print(Of(section, new SdpManipulation { Add = ["x"] }), type).Contains("x"));

    [Fact]
    public void A_rejected_media_gets_no_additions() =>
        Assert.Equal(["tool:x y"], Print(Of("audio", new SdpManipulation { Add = ["x"] }), rejected: true));
}
