using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.Ng;

namespace RtpCluster.Fuzz.Targets;

/// <summary>The whole packet path of an SRTP to RTP call: damaged packets on every port.</summary>
internal static class EngineTargets
{
    private static readonly MediaPlan Plan = MakePlan();
    private static readonly Instant Now = new(1_700_000_000_000_000);
    private static readonly NetEndpoint Source = NetEndpoint.Parse("192.0.2.1:6000");
    private static readonly NetEndpoint[] Locals = [.. Plan.Streams.SelectMany(stream => stream.Locals)];
    private static readonly CountingBatch Batch = new();
    private static readonly byte[] Buffer = new byte[OutputBatch.SlotSize];

    /// <summary>An engine is a megabyte of tables: the same serves input after input, each with a call of its own.</summary>
    private static ReactorEngine s_engine = new(new EngineOptions());

    /// <summary>The input on every port of the call, plain as it is; what leaves fits a datagram.</summary>
    public static void Packet(byte[] input)
    {
        if (input.Length > OutputBatch.SlotSize)
        {
            return;
        }

        try
        {
            Receive(s_engine, input);
        }
        catch
        {
            // Whatever state it is in now belongs to this input alone.
            s_engine = new ReactorEngine(new EngineOptions());
            throw;
        }
    }

    private static void Receive(ReactorEngine engine, byte[] input)
    {
        engine.Apply(Now, Plan, Batch);
        foreach (var local in Locals)
        {
            if (engine.TryFindPort(local, out var port))
            {
                input.CopyTo(Buffer, 0);
                engine.Receive(Now, port, Source, Buffer, input.Length, Batch);
            }
        }

        engine.Tick(Now.AddSeconds(2), Batch);
        Batch.Submit();
        engine.Remove(Now, Plan.CallId);
        while (engine.TryGetFact(out _))
        {
            // What it found out concerns nobody.
        }
    }

    private static MediaPlan MakePlan()
    {
        var call = new CallDriver(new CallConfig
        {
            Interfaces = [new("default", IpAddress.Parse("203.0.113.1"), IpAddress.Parse("203.0.113.1"))],
        });
        call.Send(CallTargets.Command("offer", "a", null, NgCodec.FromBytes(Corpus.Sdp[2]), "RTP/AVP"));
        call.Send(CallTargets.Command("answer", "a", "b", NgCodec.FromBytes(Corpus.Sdp[0]), string.Empty));
        return call.Plan ?? throw new FuzzFailure("the call has no plan");
    }

    private sealed class CountingBatch : OutputBatch
    {
        protected override void Flush()
        {
            foreach (var datagram in Pending)
            {
                FuzzFailure.Unless(datagram.Length is > 0 and <= SlotSize, $"a datagram of {datagram.Length} bytes");
            }
        }
    }
}
