using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Golden;

/// <summary>
/// What a real Kamailio 5.6 asked the peer's 10.5 (Kamailio/exchanges.jsonl) and what that answered: we answer the same lines, but for the
/// ports, for the connection line, which the newest peer prints in each media block, and for the place of unknown attributes.
/// </summary>
public sealed class KamailioTests
{
    private static readonly CallConfig Config = new()
    {
        Interfaces = [new LocalInterface("default", IpAddress.Parse("203.0.113.1"), IpAddress.Parse("203.0.113.1"))],
    };

    /// <summary>The call-ids in the recording.</summary>
    public static TheoryData<string> Calls => [.. Exchanges().Select(e => Text(e.Request, "call-id")).Distinct()];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Real_offers_and_answers_are_rewritten_as_the_peer_does(string callId)
    {
        var driver = new CallDriver(Config, callId);
        var ports = new Dictionary<string, string>();
        foreach (var (request, reply) in Exchanges().Where(e => Text(e.Request, "call-id") == callId))
        {
            Assert.True(NgCommandParser.TryParse(request, NgTemplates.Empty, out var command, out string error), error);
            var ours = driver.Run(command);

            Assert.Equal("ok", Text(ours, "result"));
            Assert.Equal(Comparable(Text(reply, "sdp")), Comparable(Text(ours, "sdp")));
            foreach (var (theirPort, ourPort) in Ports(Text(reply, "sdp")).Zip(Ports(Text(ours, "sdp"))))
            {
                // Kept ports stay kept: the same port there is the same port here, call after call.
                Assert.Equal(ports.GetValueOrDefault(theirPort, ourPort), ourPort);
                ports[theirPort] = ourPort;
            }
        }
    }

    private static IEnumerable<(NgDictionary Request, NgDictionary Reply)> Exchanges()
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Kamailio", "exchanges.jsonl")))
        {
            Assert.True(NgCodec.TryDecode(NgCodec.ToBytes(line), out var exchange, out _, out string error), error);
            yield return ((NgDictionary)exchange["request"]!, (NgDictionary)exchange["reply"]!);
        }
    }

    private static string Text(NgDictionary message, string key) => ((NgString)message[key]!).Text;

    private static IEnumerable<string> Ports(string sdp) =>
        sdp.Split("\r\n").Where(l => l.StartsWith("m=", StringComparison.Ordinal) || l.StartsWith("a=rtcp:", StringComparison.Ordinal))
            .Select(l => l.StartsWith('m') ? l.Split(' ')[1] : l["a=rtcp:".Length..]);

    private static string Comparable(string sdp)
    {
        var lines = sdp.Split("\r\n").Where(l => !l.StartsWith("c=", StringComparison.Ordinal)).Select(line =>
        {
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                words[1] = "port";
                return string.Join(' ', words);
            }

            return line.StartsWith("a=rtcp:", StringComparison.Ordinal) ? "a=rtcp:port" : line;
        });
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
