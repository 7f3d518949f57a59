using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Ng.Commands;

public class NgCommandParserTests
{
    [Theory]
    [InlineData("{}", "Dictionary contains no key \"command\"")]
    [InlineData("{\"command\":[\"ping\"]}", "Dictionary contains no key \"command\"")]
    [InlineData("{\"command\":\"dance\"}", "Unrecognized command")]
    [InlineData("{\"command\":\"unknown\"}", "Unrecognized command")]
    public void A_dictionary_without_a_known_verb_gets_its_exact_reason(string json, string reason)
    {
        Assert.True(NgCodec.TryDecode(System.Text.Encoding.UTF8.GetBytes(json), out var dictionary, out _, out _));
        Assert.False(NgCommandParser.TryParse(dictionary, NgTemplates.Empty, out _, out string error));
        Assert.Equal(reason, error);
    }

    [Theory]
    [InlineData("ping", NgVerb.Ping)]
    [InlineData("subscribe request", NgVerb.SubscribeRequest)]
    [InlineData("Subscribe-Request", NgVerb.SubscribeRequest)]
    [InlineData("subscribe_request", NgVerb.SubscribeRequest)]
    [InlineData("block DTMF", NgVerb.BlockDtmf)]
    [InlineData("CLI", NgVerb.Cli)]
    public void Any_spelling_of_a_verb_is_understood(string command, NgVerb verb) =>
        Assert.Equal(verb, Parse($"{{\"command\":\"{command}\"}}").Verb);

    [Fact]
    public void Every_verb_has_a_name_that_finds_it_and_a_short_name()
    {
        foreach (var verb in Enum.GetValues<NgVerb>())
        {
            Assert.NotEmpty(NgVerbs.Of(verb).ShortName);
            Assert.Equal(verb, NgVerbs.Find(NgVerbs.Of(verb).Name));
        }
    }

    [Theory]
    [InlineData("transport-protocol")]
    [InlineData("transport protocol")]
    [InlineData("transport_protocol")]
    [InlineData("Transport-Protocol")]
    public void Any_spelling_of_a_key_is_understood(string key) =>
        Assert.Equal("RTP/SAVP", Offer($"\"{key}\":\"RTP/SAVP\"").TransportProtocol);

    [Theory]
    [InlineData("\"delete delay\":5")]
    [InlineData("\"delete-delay\":\"5\"")]
    public void An_integer_may_come_as_text(string entry) => Assert.Equal(5, Offer(entry).DeleteDelay);

    [Theory]
    [InlineData("\"replace\":[\"origin\",\"username\"]")]
    [InlineData("\"replace\":\"origin,username\"")]
    [InlineData("\"rtpp-flags\":\"replace-origin replace=username\"")]
    [InlineData("\"rtpp-flags\":\"replace=[origin username]\"")]
    [InlineData("\"flags\":[\"replace-origin\",\"replace-username\"]")]
    public void A_list_may_come_in_any_form(string entry) =>
        Assert.Equal(ReplaceFlags.Origin | ReplaceFlags.Username, Offer(entry).Replace);

    [Fact]
    public void Dialogue_keys_are_taken_as_they_are()
    {
        var command = Offer(
            "\"call-id\":\"a b\",\"from-tag\":1234,\"to-tag\":\"t\",\"via-branch\":\"z9\",\"label\":\"A\",\"to-label\":\"B\",\"to-call-id\":\"c2\","
            + "\"from-tags\":[\"x\",\"y\"],\"address\":\"192.0.2.1\",\"metadata\":\"k:v\",\"xmlrpc-callback\":\"192.0.2.9\",\"SIP-code\":\"183\","
            + "\"sip-message-type\":\"sip_reply\",\"limit\":7,\"body\":\"list\",\"sdp\":\"v=0\"");
        Assert.Equal("a b", command.CallId);
        Assert.Equal("1234", command.FromTag);
        Assert.Equal("t", command.ToTag);
        Assert.False(command.HonourToTag);
        Assert.Equal("z9", command.ViaBranch);
        Assert.Equal(("A", "B"), (command.Label, command.ToLabel));
        Assert.Equal("c2", command.ToCallId);
        Assert.Equal(["x", "y"], command.FromTags);
        Assert.Equal("192.0.2.1", command.Address);
        Assert.Equal(("k:v", "192.0.2.9"), (command.Metadata, command.XmlrpcCallback));
        Assert.Equal((183, false), (command.SipCode, command.SipRequest));
        Assert.Equal((7, "list", "v=0"), (command.Limit, command.Body, command.Sdp));
        Assert.Empty(command.UnknownWords);
    }

    [Theory]
    [InlineData("\"received-from\":[\"IP4\",\"192.0.2.1\"]", "192.0.2.1")]
    [InlineData("\"received from\":[\"IP6\",\"2001:db8::1\"]", "2001:db8::1")]
    [InlineData("\"received-from\":\"192.0.2.1\"", "192.0.2.1")]
    public void The_source_of_the_sip_message_is_read_in_both_forms(string entry, string address) =>
        Assert.Equal(IpAddress.Parse(address), Offer(entry).ReceivedFrom);

    [Theory]
    [InlineData("\"direction\":[\"int\",\"ext\"]", "int", "ext")]
    [InlineData("\"direction\":\"int,ext\"", "int", "ext")]
    [InlineData("\"interface\":\"both\"", "both", "both")]
    [InlineData("\"from-interface\":\"a\",\"to-interface\":\"b\"", "a", "b")]
    [InlineData("\"rtpp-flags\":\"internal external\"", "internal", "external")]
    [InlineData("\"rtpp-flags\":\"direction=pub direction=priv\"", "pub", "priv")]
    public void Interfaces_are_chosen_by_direction(string entry, string from, string to)
    {
        var command = Offer(entry);
        Assert.Equal((from, to), (command.FromInterface, command.ToInterface));
    }

    [Theory]
    [InlineData("\"TOS\":184", 184)]
    [InlineData("\"TOS\":256", 256)]
    [InlineData("\"TOS\":-1", null)]
    public void Tos_is_a_byte_a_reset_or_no_change(string entry, int? tos) => Assert.Equal(tos, Offer(entry).Tos);

    [Fact]
    public void Media_keys_set_what_they_name()
    {
        var command = Offer(
            "\"ICE\":\"remove\",\"DTLS\":\"off\",\"rtcp-mux\":[\"demux\",\"accept\"],\"OSRTP\":[\"offer-RFC\",\"accept-legacy\"],"
            + "\"endpoint-learning\":\"delayed\",\"address family\":\"IP6\",\"media address\":\"2001:db8::9\",\"ptime\":40,\"ptime-reverse\":\"20\","
            + "\"drop-traffic\":\"start\",\"all\":\"not-offer-answer\",\"media echo\":\"both\",\"sdp-media-remove\":[\"video\"],"
            + "\"T.38\":[\"decode\",\"no-ECM\"],\"generate RTCP\":\"on\",\"passthrough\":\"off\",\"extmap\":{\"strip\":[\"urn:a\"],\"mask\":[\"urn:b\"]}");
        Assert.Equal((IceOption.Remove, DtlsOption.Off), (command.Ice, command.Dtls));
        Assert.Equal(RtcpMuxFlags.Demux | RtcpMuxFlags.Accept, command.RtcpMux);
        Assert.Equal(OsrtpFlags.Offer | OsrtpFlags.AcceptLegacy, command.Osrtp);
        Assert.Equal(LearningMode.Delayed, command.EndpointLearning);
        Assert.Equal((IpFamily.V6, IpAddress.Parse("2001:db8::9")), (command.AddressFamily, command.MediaAddress));
        Assert.Equal((40, 20), (command.Ptime, command.PtimeReverse));
        Assert.True(command.DropTraffic);
        Assert.Equal((AllOption.ExceptOfferAnswer, "both"), (command.All, command.MediaEcho));
        Assert.Equal(["video"], command.SdpMediaRemove);
        Assert.Equal(["decode", "no-ecm"], command.T38);
        Assert.Equal(NgFlags.GenerateRtcp | NgFlags.NoPassthrough, command.Flags);
        Assert.Equal(["urn:a"], command.ExtmapStrip);
        Assert.Equal(["urn:b"], command.ExtmapMask);
        Assert.Empty(command.UnknownWords);
    }

    [Fact]
    public void Unknown_keys_words_and_values_are_noted_and_fail_nothing()
    {
        var command = Offer("\"colour\":\"red\",\"flags\":[\"fly\",\"fast\"],\"ICE\":\"hot\",\"SDES\":[\"no-SUCH\"],\"delete delay\":\"soon\"");
        Assert.Equal(["colour", "fly", "ICE=hot", "SDES=no-SUCH", "delete-delay=soon"], command.UnknownWords, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(NgFlags.Fast, command.Flags);
    }

    [Fact]
    public void Known_but_unserved_keys_and_words_are_listed_once_by_their_canonical_name()
    {
        var command = Offer("\"record call\":\"on\",\"flags\":[\"record_call\",\"inject-DTMF\"],\"DTMF-security\":\"drop\",\"codec\":{\"transcode\":[\"PCMA\",\"PCMU\"]}");
        Assert.Equal(["record-call", "inject-dtmf", "dtmf-security", "transcode"], command.Unsupported);
        Assert.Empty(command.UnknownWords);
    }

    [Fact]
    public void A_flood_of_unknown_words_is_cut()
    {
        var command = Offer($"\"flags\":[{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{new string('x', 500)}{i}\""))}]");
        Assert.Equal(64, command.UnknownWords.Count);
        Assert.All(command.UnknownWords, word => Assert.Equal(80, word.Length));
    }

    internal static NgCommand Offer(string entries, NgTemplates? templates = null) =>
        Parse($"{{\"command\":\"offer\",{entries}}}", templates);

    internal static NgCommand Parse(string json, NgTemplates? templates = null)
    {
        Assert.True(NgCodec.TryDecode(System.Text.Encoding.UTF8.GetBytes(json), out var dictionary, out _, out string error), error);
        Assert.True(NgCommandParser.TryParse(dictionary, templates ?? NgTemplates.Empty, out var command, out error), error);
        return command;
    }
}
