using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Tracking;

/// <summary>Copies running counters into the records that travel.</summary>
internal static class StatisticsReader
{
    /// <summary>A call's statistics.</summary>
    public static CallStatistics Read(CallRuntime call) => new()
    {
        CallId = call.Id,
        Streams = [.. call.Streams.Values.OrderBy(s => s.Id.Value).Select(Read)],
    };

    private static StreamStatistics Read(StreamRuntime stream) => new()
    {
        Id = stream.Id,
        In = new Counters(stream.InPackets, stream.InBytes, stream.InErrors),
        Out = new Counters(stream.OutPackets, stream.OutBytes, 0),
        LastPacket = stream.LastPacket,
        Endpoint = stream.Learner.Current,
        Confirmed = stream.Learner.Confirmed,
        Ssrcs = stream.Ssrcs.Export(),
        EgressSsrcs = stream.Egress.Items.ToArray(),
        PayloadTypes = PayloadTypes(stream.Types),
    };

    private static PayloadTypeStatistics[] PayloadTypes(PayloadTypeTable types)
    {
        var counted = new List<PayloadTypeStatistics>();
        foreach (ref readonly var entry in types.Entries)
        {
            if (entry.Packets > 0)
            {
                counted.Add(new PayloadTypeStatistics(entry.Number, entry.Packets, entry.Bytes));
            }
        }

        return [.. counted];
    }
}
