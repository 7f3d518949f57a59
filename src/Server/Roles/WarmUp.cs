using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using RtpCluster.CallActors;
using RtpCluster.CallModel;
using RtpCluster.Cluster.Storage;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Server.Roles;

/// <summary>
/// Runs one call of its own through the node before the first client may, so that the code of a call is compiled by then: a client that waits
/// more than a second for its first offer would send it again.
/// </summary>
internal static class WarmUp
{
    private const string CallId = "rtpcluster-warm-up";

    private static readonly string[] Keys =
    [
        "7:command5:offer8:from-tag1:A3:sdp{0}8:supportsl10:load limite",
        "7:command6:answer8:from-tag1:A6:to-tag1:B3:sdp{0}",
        "7:command5:query",
        "7:command6:delete8:from-tag1:A12:delete delayi0e",
    ];

    /// <summary>Runs it; nothing of it is counted, stored or logged.</summary>
    public static async Task RunAsync(CallConfig config, IMediaNode node)
    {
        using var store = new EmbeddedCallStore(new());
        var host = new CallHost { Config = config, Node = new Silent(node), Store = store, Log = NullLogger.Instance };
        var registry = new CallRegistry(host, new LoadLimits(), new LoadGauge());
        var local = config.Interfaces[0].Address;
        string family = local.Family == IpFamily.V6 ? "IP6" : "IP4";
        string sdp = $"v=0\r\no=- 1 1 IN {family} {local}\r\ns=-\r\nc=IN {family} {local}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8 101\r\n"
            + "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n";
        foreach (string keys in Keys)
        {
            string body = string.Format(CultureInfo.InvariantCulture, keys, $"{sdp.Length}:{sdp}");
            byte[] message = Encoding.Latin1.GetBytes($"d7:call-id{CallId.Length}:{CallId}{body}e");
            if (NgCodec.TryDecode(message, out var dictionary, out var format, out _)
                && NgCommandParser.TryParse(dictionary, NgTemplates.Empty, out var command, out _))
            {
                NgCodec.Encode(await registry.HandleAsync(command, CancellationToken.None), format);
            }
        }
    }

    /// <summary>The node without its facts: those are the real registry's.</summary>
    private sealed class Silent(IMediaNode node) : IMediaNode, IPortSource
    {
        public IReadOnlyList<PortPoolStatus> PortPools => node.PortPools;

        public Action<MediaFact>? FactReceived { get; set; }

        public ValueTask<ushort[]?> ReserveAsync(CallId callId, IReadOnlyList<PortRequest> requests, CancellationToken cancel) =>
            node.ReserveAsync(callId, requests, cancel);

        public bool TryTake(CallId callId, PortRequest request, out ushort first)
        {
            first = 0;
            return (node as IPortSource)?.TryTake(callId, request, out first) == true;
        }

        public ValueTask ReleaseAsync(CallId callId, IReadOnlyList<NetEndpoint> ports, CancellationToken cancel) => node.ReleaseAsync(callId, ports, cancel);

        public ValueTask ApplyAsync(MediaPlan plan, CancellationToken cancel) => node.ApplyAsync(plan, cancel);

        public ValueTask<CallStatistics?> RemoveAsync(CallId callId, CancellationToken cancel) => node.RemoveAsync(callId, cancel);

        public ValueTask<CallStatistics?> ReadAsync(CallId callId, CancellationToken cancel) => node.ReadAsync(callId, cancel);

        public ValueTask<MediaTotals> ReadTotalsAsync(CancellationToken cancel) => node.ReadTotalsAsync(cancel);
    }
}
