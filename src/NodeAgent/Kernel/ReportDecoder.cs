using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>Reads what the kernel says of a row. Pure; damaged or short values read as absent, nothing throws.</summary>
internal static class ReportDecoder
{
    /// <summary>Reads the counters and the state of a row.</summary>
    public static OffloadReport Read(NetlinkMessage message)
    {
        var report = new OffloadReport();
        foreach (var attribute in message.Attributes)
        {
            Take(report, attribute);
        }

        return report;
    }

    private static void Take(OffloadReport report, NetlinkAttribute attribute)
    {
        var value = attribute.Value;
        switch ((KernelAttribute)attribute.Type)
        {
            case KernelAttribute.Local:
                report.Local = KernelFormat.ReadAddress(value);
                break;
            case KernelAttribute.Stats when value.Length >= KernelFormat.StatsBytes:
                report.In = new Counters(Number(value, 0), Number(value, 8), Number(value, 16));
                report.LastPacket = new Instant(Number(value, 40));
                break;
            case KernelAttribute.SsrcStats:
                report.Ssrcs = All(value, KernelFormat.SsrcStatsBytes, Ssrc);
                break;
            case KernelAttribute.PtStats:
                report.PayloadTypes = All(value, KernelFormat.PayloadTypeStatsBytes,
                    v => new PayloadTypeStatistics((byte)(v[16] & 127), Number(v, 0), Number(v, 8)));
                break;
            case KernelAttribute.OutputStats:
                report.Outputs = All(value, KernelFormat.OutputStatsBytes, Output);
                break;
            case KernelAttribute.SrtpState:
                report.Indices = All(value, KernelFormat.StateBytes, Index);
                break;
        }
    }

    private static SsrcStatistics Ssrc(ReadOnlySpan<byte> v) => new()
    {
        Packets = Number(v, 0),
        Bytes = Number(v, 8),
        Lost = BitConverter.ToInt64(v[24..]),
        LastSequence = BitConverter.ToUInt16(v[32..]),
        Ssrc = BitConverter.ToUInt32(v[40..]),
        LastTimestamp = BitConverter.ToUInt32(v[44..]),
        JitterMicros = BitConverter.ToUInt32(v[48..]),
        Duplicates = BitConverter.ToUInt32(v[52..]),
        Reordered = BitConverter.ToUInt32(v[56..]),
        PayloadType = v[60],
    };

    private static OffloadOutputReport Output(ReadOnlySpan<byte> v)
    {
        uint id = BitConverter.ToUInt32(v[32..]);
        return new OffloadOutputReport(
            new StreamId((int)(id & ~KernelFormat.RtcpOutput)), (id & KernelFormat.RtcpOutput) != 0,
            new Counters(Number(v, 0), Number(v, 8), Number(v, 16)), BitConverter.ToUInt32(v[36..]));
    }

    private static OffloadIndex Index(ReadOnlySpan<byte> v) => new(
        BitConverter.ToUInt64(v),
        new SrtpCheckpoint(BitConverter.ToUInt32(v[20..]), BitConverter.ToUInt32(v[24..]) == 1, BitConverter.ToUInt64(v[8..]), BitConverter.ToUInt32(v[16..])));

    private delegate T One<out T>(ReadOnlySpan<byte> value);

    private static T[] All<T>(ReadOnlySpan<byte> values, int size, One<T> read)
    {
        var all = new T[values.Length / size];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = read(values.Slice(i * size, size));
        }

        return all;
    }

    // A number beyond 2^63 is damaged: it must not make a counter run backwards.
    private static long Number(ReadOnlySpan<byte> value, int at) => Math.Max(0, BitConverter.ToInt64(value[at..]));
}
