using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Parsing;

/// <summary>What is accepted as a session description, and what is said about the rest.</summary>
public class SdpParserTests
{
    private const string Head = "v=0\r\no=- 1 2 IN IP4 198.51.100.1\r\ns=-\r\nt=0 0\r\n";

    public static TheoryData<string> Names => [.. Samples.Names];

    private static string Error(string text, bool strict = false)
    {
        Assert.False(SdpParser.TryParse(text, strict, out var sessions, out string error));
        Assert.Empty(sessions);
        return error;
    }

    [Fact]
    public void Reads_every_line_of_a_full_description()
    {
        var session = Samples.Parse(
            "v=0\r\no=alice 1 2 IN IP6 2001:db8::1\r\ns=call\r\ni=info\r\nu=http://a\r\ne=a@b\r\np=+1\r\nc=IN IP6 2001:db8::2\r\n"
            + "b=AS:64\r\nb=X-YZ:1\r\nt=10 20\r\nr=1 2\r\nz=0 1\r\nk=clear\r\na=tool:x y\r\na=flag\r\n"
            + "m=audio 4000/2 RTP/AVP 0 8\r\ni=left\r\nc=IN IP4 192.0.2.1\r\nb=TIAS:64000\r\na=sendonly\r\nm=image 4002 udptl t38\r\n");

        Assert.Equal(new SdpOrigin("alice", "1", "2", "IN", "IP6", "2001:db8::1"), session.Origin);
        Assert.Equal("call", session.Name);
        Assert.Equal(["i=info", "u=http://a", "e=a@b", "p=+1"], session.InfoLines);
        Assert.Equal(IpAddress.Parse("2001:db8::2"), session.Connection!.Parsed);
        Assert.Equal([new SdpBandwidth("AS", 64)], session.Bandwidths);
        Assert.Equal("10 20", session.Timing);
        Assert.Equal(["b=X-YZ:1", "r=1 2", "z=0 1", "k=clear"], session.OtherLines);
        Assert.Equal([new SdpAttribute("tool", "x y"), new SdpAttribute("flag", null)], session.Attributes);
        Assert.Equal(2, session.Medias.Count);
        var audio = session.Medias[0];
        Assert.Equal(("audio", 4000, 2, "RTP/AVP", "left"), (audio.Type, audio.Port, audio.PortCount, audio.Protocol, audio.Info));
        Assert.Equal(["0", "8"], audio.Formats);
        Assert.Equal("IN IP4 192.0.2.1", audio.Connection!.Raw);
        Assert.Equal([new SdpBandwidth("TIAS", 64000)], audio.Bandwidths);
        Assert.Null(session.Medias[1].Connection);
        Assert.Equal(["t38"], session.Medias[1].Formats);
    }

    [Fact]
    public void Reads_a_body_indented_and_with_bare_line_feeds()
    {
        var session = Samples.Parse(
            """
            v=0  
                    o=x 1 1 IN IP4 192.168.1.87  
                    s=-  
                    c=IN IP4 192.168.1.87  
                    t=0 0  
                    m=audio 49120 RTP/AVP 96 8 0  
                    a=sendonly  
                    a=rtpmap:96 opus/48000  
            """);

        Assert.Equal("-", session.Name);
        Assert.Equal("0 0", session.Timing);
        Assert.Equal(["96", "8", "0"], session.Medias[0].Formats);
        Assert.Equal([new SdpAttribute("sendonly", null), new SdpAttribute("rtpmap", "96 opus/48000")], session.Medias[0].Attributes);
    }

    [Fact]
    public void Keeps_a_blank_or_empty_session_name()
    {
        Assert.Equal(" ", Samples.Parse("v=0\r\no=- 1 2 IN IP4 1.2.3.4\r\ns= \r\nt=0 0\r\n").Name);
        Assert.Equal("", Samples.Parse("v=0\r\no=- 1 2 IN IP4 1.2.3.4\r\ns=\r\nt=0 0\r\n").Name);
    }

    [Fact]
    public void Reads_several_sessions_in_one_body()
    {
        Assert.True(SdpParser.TryParse(Head + "m=audio 1 RTP/AVP 0\r\n" + Head, false, out var sessions, out _));

        Assert.Equal(2, sessions.Count);
        Assert.Single(sessions[0].Medias);
        Assert.Empty(sessions[1].Medias);
    }

    [Fact]
    public void A_blank_line_ends_the_body_unless_strict()
    {
        const string Body = Head + "m=audio 1 RTP/AVP 0\r\n\r\nm=video 2 RTP/AVP 31\r\n";

        Assert.Single(Samples.Parse(Body).Medias);
        Assert.Contains("behind a blank line", Error(Body, strict: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Tolerates_an_origin_without_a_usable_address()
    {
        Assert.Equal("host.example", Samples.Parse("v=0\no=x 1 2 IN IP4 host.example\ns=-\n").Origin.Address);
        Assert.Equal("0.0.0.0", Samples.Parse("v=0\no=x 1 2\ns=-\n").Origin.Address);
    }

    [Fact]
    public void A_host_name_in_c_is_kept_but_no_address()
    {
        var connection = Samples.Parse(Head + "c=IN IP4 media.example\r\n").Connection!;

        Assert.Equal((IpAddress.None, "IN IP4 media.example"), (connection.Parsed, connection.Raw));
        Assert.Equal("line 5 ('c=IN IP4 media.example'): c= needs IN, address family and address", Error(Head + "c=IN IP4 media.example", true));
    }

    [Theory]
    [InlineData("", "the body is empty: an SDP begins with v=0")]
    [InlineData("o=- 1 2 IN IP4 1.2.3.4", "line 1 ('o=- 1 2 IN IP4 1.2.3.4'): an SDP begins with v=0")]
    [InlineData("v=1", "line 1 ('v=1'): the version must be 0")]
    [InlineData("v=0\r\no=-", "line 2 ('o=-'): o= needs username, session id, version, IN, address family and address")]
    [InlineData("v=0\r\nnonsense", "line 2 ('nonsense'): not of the form letter=value")]
    [InlineData("v=0\r\nm=audio 1 RTP/AVP", "line 2 ('m=audio 1 RTP/AVP'): m= needs type, port, protocol and formats")]
    [InlineData("v=0\r\nm=audio x RTP/AVP 0", "line 2 ('m=audio x RTP/AVP 0'): the port is not a number from 0 to 65535")]
    [InlineData("v=0\r\nm=audio 65536 RTP/AVP 0", "line 2 ('m=audio 65536 RTP/AVP 0'): the port is not a number from 0 to 65535")]
    [InlineData("v=0\r\nm=audio 1/11 RTP/AVP 0", "line 2 ('m=audio 1/11 RTP/AVP 0'): the number of ports is not from 1 to 10")]
    public void Says_what_is_wrong_and_where(string text, string error) => Assert.Equal(error, Error(text));

    [Theory]
    [InlineData("x=1", "unknown line letter")]
    [InlineData("b=AS:x", "b= needs type:number")]
    [InlineData("a=", "the attribute has no name")]
    public void Is_tolerant_of_these_unless_strict(string line, string problem)
    {
        Samples.Parse(Head + line);

        Assert.Equal($"line 5 ('{line}'): {problem}", Error(Head + line, strict: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_real_description_is_read_without_loss_even_when_strict(string name)
    {
        string text = Samples.Text(name);
        Assert.True(SdpParser.TryParse(text, strict: true, out var sessions, out string error), error);

        var session = Assert.Single(sessions);
        int attributes = session.Attributes.Count + session.Medias.Sum(media => media.Attributes.Count);
        Assert.Equal(text.Split("\na=").Length - 1, attributes);
        foreach (var attribute in session.Attributes.Concat(session.Medias.SelectMany(media => media.Attributes)))
        {
            Assert.Contains($"\r\na={attribute}\r\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_mutation_of_a_real_description_makes_it_throw()
    {
        string[] names = [.. Samples.Names];
        var random = new Random(4566);
        for (int round = 0; round < 4_000; round++)
        {
            char[] text = Samples.Text(names[round % names.Length]).ToCharArray();
            for (int change = random.Next(1, 12); change > 0; change--)
            {
                text[random.Next(text.Length)] = random.Next(3) == 0 ? (char)random.Next(256) : "0:/= \r\nvocmabt-|*"[random.Next(17)];
            }

            string body = new string(text)[..random.Next(text.Length + 1)];
            if (SdpParser.TryParse(body, round % 2 == 0, out var sessions, out string error))
            {
                foreach (var session in sessions)
                {
                    SdpSessionView.Of(session).Warnings();
                }
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }
    }
}
