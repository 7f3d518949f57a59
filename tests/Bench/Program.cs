using RtpCluster.Bench;
using RtpCluster.Bench.Cluster;

Dictionary<string, (string Help, Func<BenchOptions, Task<int>> Run)> benches = new()
{
    ["relay"] = ("CPU per packet, loss and delay of two-way calls, us and the peer in turns", RelayBench.RunAsync),
    ["churn"] = ("p99.9 delay at 50,000 packets/s with and without garbage in the control process", ChurnBench.RunAsync),
    ["flood"] = ("0.5 s of 500,000 packets/s on one call's port", FloodBench.RunAsync),
    ["handshake"] = ("DTLS-SRTP handshakes per second on one core, memory of an open end", HandshakeBench.RunAsync),
    ["control"] = ("offer+answer pairs per second on one core", ControlBench.RunAsync),
    ["cluster"] = ("offers and answers with Redis and WAIT 1: delay, CPU by process; one node and three", CommitBench.RunAsync),
    ["idle"] = ("CPU of a cluster without calls; one node and three", IdleBench.RunAsync),
    ["takeover"] = ("many calls in Redis: their owner is killed, time until each answers; bytes per call", TakeoverBench.RunAsync),
    ["memory"] = ("memory per idle call", ControlBench.MemoryAsync),
};

if (args.Length == 0 || !benches.TryGetValue(args[0], out var bench))
{
    Console.WriteLine("usage: Bench <what> [--calls=200,500] [--seconds=8] [--rounds=3] [--rates=500,1000] [--members=1,3] [--node-option=--name=value]");
    foreach (var (name, (help, _)) in benches)
    {
        Console.WriteLine($"  {name,-10} {help}");
    }

    return args.Length == 0 || args[0] is "--help" or "-h" ? 0 : 2;
}

return await bench.Run(BenchOptions.Parse(args.Skip(1))).ConfigureAwait(false);
