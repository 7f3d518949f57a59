using RtpCluster.CallModel.Snapshots;
using RtpCluster.Contracts;
using RtpCluster.Golden;
using RtpCluster.Ng;

namespace RtpCluster.Unit.CallModel;

/// <summary>Long random dialogues, mangled SDPs among them: the machine always answers, and its plan never contradicts itself.</summary>
public sealed class CallStormTests
{
    private static readonly string[] Tags = ["A", "B", "C", "D"];
    private static readonly string?[] Branches = [null, null, "z1", "z2"];
    private static readonly string?[] Protocols = [null, null, null, "RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF", "accept", "UDP/TLS/RTP/SAVPF"];
    private static readonly string[] Lines =
    [
        "a=sendonly", "a=recvonly", "a=inactive", "a=rtcp-mux", "a=mid:x", "a=mid:y", "a=rtcp:5000", "a=extmap:1 urn:a", "a=ptime:30",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR",
        "a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj",
        "c=IN IP4 0.0.0.0", "c=IN IP6 2001:db8::9", "m=video 6000 RTP/AVP 96", "m=image 7000 udptl t38", "m=audio 0 RTP/AVP 8",
        "m=audio 8000 RTP/SAVP 96", "m=message 9000 TCP/MSRP *", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 x=1", "b=AS:64", "x=nonsense", "a=crypto:x",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_command_is_answered_and_every_plan_is_sound(int seed)
    {
#pragma warning disable CA5394 // A seeded generator is what a repeatable test needs.
        var random = new Random(seed);
        var driver = Requests.Driver();
        int accepted = 0;
        for (int i = 0; i < 800; i++)
        {
            var reply = driver.Run(Command(random));
            accepted += reply.Text("result") == "ok" ? 1 : 0;
            if (driver.Plan is { } plan)
            {
                AssertSound(plan);
            }

            if (random.Next(20) == 0)
            {
                AssertSurvives(driver);
            }

            driver.Advance(random.Next(3));
        }

        Assert.InRange(accepted, 100, 800);
    }

    private static NgCommand Command(Random random)
    {
        var command = new NgCommand
        {
            Verb = random.Next(40) == 0 ? NgVerb.Delete : random.Next(2) == 0 ? NgVerb.Offer : NgVerb.Answer,
            CallId = "call",
            FromTag = Pick(random, Tags),
            ToTag = random.Next(3) == 0 ? null : Pick(random, Tags),
            ViaBranch = Pick(random, Branches),
            Sdp = Sdp(random),
            TransportProtocol = Pick(random, Protocols),
            SipCode = random.Next(3) * 100,
            RtcpMux = (RtcpMuxFlags)random.Next(32),
            Osrtp = (OsrtpFlags)(random.Next(8) == 0 ? random.Next(16) : 0),
            Flags = random.Next(4) == 0 ? (NgFlags)(1UL << random.Next(53)) : NgFlags.None,
            DeleteDelay = random.Next(3),
        };
        if (random.Next(10) == 0)
        {
            command.SdpMediaRemove.Add("video");
            command.Codec.Strip.Add("PCMU");
        }

        return command;
    }

    private static string Sdp(Random random)
    {
        var lines = new List<string>
        {
            "v=0", "o=- 1 1 IN IP4 198.51.100.1", "s=-", $"c=IN IP4 198.51.100.{random.Next(1, 4)}", "t=0 0",
            $"m=audio {2000 + (2 * random.Next(3))} {(random.Next(4) == 0 ? "RTP/SAVP" : "RTP/AVP")} 0 8",
        };
        for (int n = random.Next(5); n > 0; n--)
        {
            lines.Add(Pick(random, Lines));
        }

        if (random.Next(15) == 0)
        {
            lines.RemoveAt(random.Next(lines.Count));
        }

        return string.Join("\r\n", lines) + "\r\n";
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
#pragma warning restore CA5394

    private static void AssertSound(MediaPlan plan)
    {
        var ids = plan.Streams.Select(s => s.Id).ToHashSet();
        Assert.Equal(plan.Streams.Length, ids.Count);
        var locals = plan.Streams.SelectMany(s => s.Locals).ToList();
        Assert.Equal(locals.Count, locals.Distinct().Count());
        Assert.DoesNotContain(locals, l => l.Port == 0);
        foreach (var stream in plan.Streams)
        {
            Assert.True(stream.Sibling.Value < 0 || ids.Contains(stream.Sibling));
            Assert.All(stream.RtpOutputs, o => Assert.Contains(o.To, ids));
            Assert.All(stream.RtcpOutputs, o => Assert.Contains(o.To, ids));
            Assert.DoesNotContain(stream.RtpOutputs, o => o.To == stream.Id);
            Assert.True(stream.Encrypt is not null || stream.Decrypt is null || stream.Remote.IsNone, "nobody who sends SRTP is sent plain RTP");
        }
    }

    private static void AssertSurvives(CallDriver driver)
    {
        if (driver.Stored is { } stored)
        {
            Assert.Equal(stored.State.ToArray(), CallSnapshot.Write(CallSnapshot.Read(stored.State.Span)));
            driver.Restart();
        }
    }
}
