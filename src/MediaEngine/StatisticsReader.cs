using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine;

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
    };
}
