using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp.Rewriting;

/// <summary>What stands in o= and s= of what we print, over several offers to the same participant.</summary>
public class OriginRewriterTests
{
    private static readonly IpAddress Local = IpAddress.Parse("203.0.113.1");

    private static SdpOutput Body(string origin, string name = "-", int port = 30000)
    {
        var parsed = Samples.Parse($"v=0\no={origin}\ns={name}\n");
        var media = new SdpMediaOutput { Type = "audio", Port = port, Protocol = "RTP/AVP", Address = Local };
        return new SdpOutput { Origin = parsed.Origin, Name = parsed.Name, Medias = [media] };
    }

    private static (string Origin, string Name) Print(SdpOutput output, SdpReplace replace, ref OriginState? state, IpAddress? local = null)
    {
        string[] lines = OriginRewriter.Print(output, null, replace, local ?? Local, state, out var next).Split("\r\n");
        state = next;
        return (lines[1], lines[2]);
    }

    [Fact]
    public void Without_replace_the_source_is_copied_every_time()
    {
        OriginState? state = null;

        Assert.Equal(("o=a 1 2 IN IP4 198.51.100.1", "s=x"), Print(Body("a 1 2 IN IP4 198.51.100.1", "x"), SdpReplace.None, ref state));
        Assert.Equal(("o=b 3 9 IN IP6 2001:db8::1", "s=y"), Print(Body("b 3 9 IN IP6 2001:db8::1", "y"), SdpReplace.None, ref state));
    }

    [Fact]
    public void Origin_prints_our_first_address_and_keeps_it()
    {
        OriginState? state = null;

        Assert.Equal("o=a 1 2 IN IP4 203.0.113.1", Print(Body("a 1 2 IN IP6 2001:db8::1"), SdpReplace.Origin, ref state).Origin);
        Assert.Equal(
            "o=a 1 3 IN IP4 203.0.113.1",
            Print(Body("a 1 3 IN IP6 2001:db8::1"), SdpReplace.Origin, ref state, IpAddress.Parse("203.0.113.2")).Origin);
    }

    [Fact]
    public void Origin_without_any_media_of_ours_leaves_the_address()
    {
        OriginState? state = null;

        Assert.Equal("o=a 1 2 IN IP4 198.51.100.1", Print(Body("a 1 2 IN IP4 198.51.100.1"), SdpReplace.Origin, ref state, IpAddress.None).Origin);
    }

    [Fact]
    public void Username_keeps_only_the_user_name()
    {
        OriginState? state = null;
        Print(Body("a 1 2 IN IP4 198.51.100.1"), SdpReplace.Username, ref state);

        Assert.Equal("o=a 7 8 IN IP4 198.51.100.2", Print(Body("b 7 8 IN IP4 198.51.100.2"), SdpReplace.Username, ref state).Origin);
    }

    [Fact]
    public void Origin_full_keeps_user_name_id_and_address_and_counts_changes()
    {
        OriginState? state = null;
        Print(Body("a 1 2 IN IP4 198.51.100.1"), SdpReplace.OriginFull, ref state);

        Assert.Equal("o=a 1 2 IN IP4 198.51.100.1", Print(Body("b 7 8 IN IP4 198.51.100.2"), SdpReplace.OriginFull, ref state).Origin);
        Assert.Equal(
            "o=a 1 3 IN IP4 198.51.100.1", Print(Body("b 7 8 IN IP4 198.51.100.2", port: 30002), SdpReplace.OriginFull, ref state).Origin);
    }

    [Fact]
    public void Sdp_version_counts_only_when_the_body_differs()
    {
        OriginState? state = null;

        Assert.Equal("o=a 1 41 IN IP4 198.51.100.1", Print(Body("a 1 41 IN IP4 198.51.100.1"), SdpReplace.SdpVersion, ref state).Origin);
        Assert.Equal("o=a 1 41 IN IP4 198.51.100.1", Print(Body("a 1 99 IN IP4 198.51.100.1"), SdpReplace.SdpVersion, ref state).Origin);
        Assert.Equal(
            "o=a 1 42 IN IP4 198.51.100.1", Print(Body("a 1 99 IN IP4 198.51.100.1", port: 30002), SdpReplace.SdpVersion, ref state).Origin);
        Assert.Equal(
            "o=a 1 42 IN IP4 198.51.100.1", Print(Body("a 1 99 IN IP4 198.51.100.1", port: 30002), SdpReplace.SdpVersion, ref state).Origin);
    }

    [Fact]
    public void Force_increment_counts_every_printed_body()
    {
        OriginState? state = null;
        var body = Body("a 1 41 IN IP4 198.51.100.1");

        Assert.Equal("o=a 1 42 IN IP4 198.51.100.1", Print(body, SdpReplace.ForceIncrementSdpVersion, ref state).Origin);
        Assert.Equal("o=a 1 43 IN IP4 198.51.100.1", Print(body, SdpReplace.ForceIncrementSdpVersion, ref state).Origin);
    }

    [Fact]
    public void A_version_that_is_no_number_starts_over_when_it_must_count()
    {
        OriginState? state = null;
        var body = Body("a 1 99999999999999999999 IN IP4 198.51.100.1");

        Assert.Equal("o=a 1 1 IN IP4 198.51.100.1", Print(body, SdpReplace.ForceIncrementSdpVersion, ref state).Origin);
    }

    [Fact]
    public void Session_name_keeps_the_first_name_even_when_empty()
    {
        OriginState? state = null;

        Assert.Equal("s=", Print(Body("a 1 2 IN IP4 198.51.100.1", ""), SdpReplace.SessionName, ref state).Name);
        Assert.Equal("s=", Print(Body("a 1 2 IN IP4 198.51.100.1", "talk"), SdpReplace.SessionName, ref state).Name);
        Assert.Equal("s=talk", Print(Body("a 1 2 IN IP4 198.51.100.1", "talk"), SdpReplace.None, ref state).Name);
    }

    [Fact]
    public void Our_own_origin_takes_its_numbers_from_clock_and_entropy()
    {
        var own = OriginRewriter.Own(new Instant(0x7_1234_5678), new FixedEntropy(0xff), IpAddress.Parse("2001:db8::1"));

        Assert.Equal(new SdpOrigin("-", "36984441", "268435456", "IN", "IP6", "2001:db8::1"), own);
    }

    private sealed class FixedEntropy(byte value) : IEntropy
    {
        public void Fill(Span<byte> target) => target.Fill(value);
    }
}
