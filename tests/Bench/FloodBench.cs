using System.Diagnostics;
using System.Globalization;
using RtpCluster.TestKit.Load;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Bench;

/// <summary>Half a second of up to 500,000 packets/s on one call's port while 50 other calls talk.</summary>
internal static class FloodBench
{
    private const int Calls = 51, Rate = 500_000, FloodThreads = 2;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        bool good = true;
        for (int round = 0; round < options.Rounds; round++)
        {
            good &= await MeasureAsync(options).ConfigureAwait(false);
        }

        return good ? 0 : 1;
    }

    private static async Task<bool> MeasureAsync(BenchOptions options)
    {
        using var lab = new Lab();
        using var node = new NodeProcess(lab, peer: false, ["-L", "4", .. options.NodeOptions]);
        await node.ReadyAsync().ConfigureAwait(false);
        using var load = new LoadGenerator(lab);
        ushort victim = 0;
        for (int i = 0; i < Calls; i++)
        {
            var (caller, callee) = node.Ng.Call($"bench-{i}", Lab.CallerV4, 6000, Lab.CalleeV4, 6000);
            load.Add(caller, callee);
            victim = caller;
        }

        load.Run(TimeSpan.FromSeconds(4), measure: false);
        long flooded = 0;
        var floods = Enumerable.Range(0, FloodThreads).Select(_ => new Thread(() => Interlocked.Add(ref flooded, Flood(lab, victim)))).ToList();
        int[] duringAndAfter = new int[2];
        load.Run(TimeSpan.FromSeconds(3), each: round =>
        {
            if (round == 50)
            {
                floods.ForEach(f => f.Start());
            }

            if (round == 85)
            {
                duringAndAfter[0] = load.Received[Calls - 1, 1];
            }
        });
        floods.ForEach(f => f.Join());
        duringAndAfter[1] = load.Received[Calls - 1, 1] - duringAndAfter[0];
        long others = 0;
        for (int call = 0; call < Calls - 1; call++)
        {
            others += load.Received[call, 0] + load.Received[call, 1];
        }

        long wanted = load.Sent / Calls * (Calls - 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"flood of {flooded} packets in 0.5 s: the other {Calls - 1} calls lost {wanted - others} of {wanted}; the flooded call received {duringAndAfter[1]} of 65 packets after it"));
        return wanted == others && duringAndAfter[1] >= 64;
    }

    private static long Flood(Lab lab, ushort port)
    {
        using var flood = new PacketFlood(lab.Caller, "e0", lab.Node, "a0", Lab.CallerV4, Lab.NodeV4, port);
        long sent = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds is var seconds && seconds < 0.5)
        {
            if (sent > seconds * Rate / FloodThreads)
            {
                Pause.Micros(50);
                continue;
            }

            sent += flood.Send();
        }

        return sent;
    }
}
