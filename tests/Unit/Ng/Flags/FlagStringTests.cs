using RtpCluster.Ng;
using static RtpCluster.Unit.Ng.Commands.NgCommandParserTests;

namespace RtpCluster.Unit.Ng.Flags;

public class FlagStringTests
{
    [Theory]
    [InlineData("RTP", TransportShorthand.ClearSrtp)]
    [InlineData("SRTP AVPF", TransportShorthand.SetSrtp | TransportShorthand.SetFeedback)]
    [InlineData("SRTP AVPF RTP AVP", TransportShorthand.ClearSrtp | TransportShorthand.ClearFeedback)]
    [InlineData("DTLS", TransportShorthand.SetDtls)]
    public void Transport_shorthand_changes_bits_of_the_senders_protocol(string flags, TransportShorthand expected) =>
        Assert.Equal(expected, Flags(flags).TransportChange);

    [Theory]
    [InlineData("RTP/SAVPF")]
    [InlineData("UDP/TLS/RTP/SAVP")]
    [InlineData("transport-protocol=RTP/SAVPF")]
    public void A_full_protocol_name_is_a_word_of_its_own(string flags) =>
        Assert.Equal(flags.Split('=')[^1], Flags(flags).TransportProtocol);

    [Fact]
    public void Kamailios_usual_flags_are_understood()
    {
        var command = Flags("replace-origin replace-session-connection ICE=remove RTP/AVP via-branch=auto  from-tag=me to-tag=you  delete-delay=0 trust-address");
        Assert.Equal((IceOption.Remove, "RTP/AVP", "auto"), (command.Ice, command.TransportProtocol, command.ViaBranch));
        Assert.Equal(("me", "you", 0), (command.FromTag, command.ToTag, command.DeleteDelay));
        Assert.True(command.HonourToTag);
        Assert.True(command.Flags.HasFlag(NgFlags.Directional));
        Assert.Empty(command.UnknownWords);
    }

    [Theory]
    [InlineData("to-tag", true)]
    [InlineData("directional", false)]
    public void A_bare_to_tag_sets_the_flag_only(string flags, bool honoured)
    {
        var command = Flags(flags);
        Assert.Equal(honoured, command.HonourToTag);
        Assert.Null(command.ToTag);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("to-tag", "sip")]
    [InlineData("to-tag=mine", "mine")]
    public void A_subscriber_is_named_only_on_purpose(string flags, string? expected) =>
        Assert.Equal(expected, Parse($"{{\"command\":\"subscribe request\",\"to-tag\":\"sip\",\"rtpp-flags\":\"{flags}\"}}").ToTag);

    [Fact]
    public void Without_a_flag_string_the_subscribers_name_counts() =>
        Assert.Equal("me", Parse("{\"command\":\"subscribe request\",\"to-tag\":\"me\"}").ToTag);

    [Theory]
    [InlineData("[")]
    [InlineData("codec=[")]
    [InlineData("codec=[strip=[a b")]
    [InlineData("=x = ] [[[]]] a=[]]")]
    public void Broken_brackets_do_no_harm(string flags) => Assert.True(Flags(flags + " fast").Flags is NgFlags.Fast or NgFlags.None);

    [Fact]
    public void Brackets_nested_without_end_do_no_harm() => Assert.NotNull(Flags("codec=" + new string('[', 50_000)));

    [Fact]
    public void Templates_come_first_default_before_the_verbs_own_before_the_request()
    {
        var templates = new NgTemplates(new Dictionary<string, string>
        {
            ["default"] = "ICE=force label=default SRTP",
            ["offer"] = "ICE=remove replace-origin",
            ["subscribe_request"] = "inactive",
            ["extra"] = "strict-source template=nested",
            ["nested"] = "media-handover",
        });
        var command = Offer("\"label\":\"mine\",\"template\":\"extra\"", templates);
        Assert.Equal((IceOption.Remove, "mine", ReplaceFlags.Origin), (command.Ice, command.Label, command.Replace));
        Assert.Equal(TransportShorthand.SetSrtp, command.TransportChange);
        Assert.Equal(NgFlags.StrictSource | NgFlags.MediaHandover, command.Flags);
        Assert.Equal(NgFlags.Inactive, Parse("{\"command\":\"subscribe request\"}", templates).Flags);
    }

    [Fact]
    public void A_template_that_names_itself_ends()
    {
        var templates = new NgTemplates(new Dictionary<string, string> { ["default"] = "template=default fast" });
        Assert.Equal(NgFlags.Fast, Offer("\"template\":\"missing\"", templates).Flags);
    }

    private static NgCommand Flags(string flags) => Offer($"\"rtpp-flags\":\"{flags}\"");
}
