using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Kernel;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.Fuzz.Targets;

/// <summary>What the kernel module says over netlink.</summary>
internal static class KernelTargets
{
    /// <summary>A row as it is dumped, and an acknowledgement.</summary>
    public static byte[][] Corpus { get; } = [Row(), Acknowledgement()];

    /// <summary>Every message is read as each of the things it might be; counters never run backwards.</summary>
    public static void Message(byte[] datagram)
    {
        var reader = new NetlinkReader(datagram);
        var rows = new LegacyDecoder();
        while (reader.TryNext(out var message))
        {
            message.TryReadResult(out _, out _);
            rows.Add(message);
            var report = ReportDecoder.Read(message);
            FuzzFailure.Unless(report.In is { Packets: >= 0, Bytes: >= 0, Errors: >= 0 }, "a counter below zero");
        }
    }

    private static byte[] Row()
    {
        var local = NetEndpoint.Parse("192.0.2.1:30000");
        var writer = new NetlinkWriter();
        writer.Begin(20, 0, 1, (byte)KernelCommand.TargetGet, KernelFormat.FamilyVersion);
        var target = new OffloadTarget
        {
            CallId = new CallId("fuzz"),
            Stream = new StreamId(1),
            Epoch = 1,
            Local = local,
            Kind = StreamKind.RtpMux,
            Outputs = [new OffloadOutput { To = new StreamId(2), Source = local, Destination = local }],
        };
        TargetEncoder.TryWrite(writer, 0, target, 7, reset: false);
        writer.PutBytes((int)KernelAttribute.Stats, new byte[KernelFormat.StatsBytes]);
        writer.PutBytes((int)KernelAttribute.SsrcStats, new byte[KernelFormat.SsrcStatsBytes]);
        writer.PutBytes((int)KernelAttribute.OutputStats, new byte[KernelFormat.OutputStatsBytes]);
        writer.PutBytes((int)KernelAttribute.SrtpState, new byte[KernelFormat.StateBytes]);
        return writer.Message.ToArray();
    }

    private static byte[] Acknowledgement()
    {
        var writer = new NetlinkWriter();
        writer.Begin(NetlinkFormat.Error, NetlinkFormat.Capped | NetlinkFormat.ErrorAttributes, 1, 0, 0);
        writer.PutBytes(0, new byte[12]);
        writer.PutText(NetlinkFormat.ErrorText, "no such table");
        return writer.Message.ToArray();
    }
}
