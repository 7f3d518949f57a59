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

    /// <summary>The input on every port of the call, plain as it is; what leaves fits a datagram.</summary>
    public static void Packet(byte[] input)
    {
        if (input.Length > OutputBatch.SlotSize)
        {
            return;
        }

        var engine = new ReactorEngine(new EngineOptions());
        var batch = new CountingBatch();
        engine.Apply(Now, Plan, batch);
        var buffer = new byte[OutputBatch.SlotSize];
        foreach (var local in Plan.Streams.SelectMany(stream => stream.Locals))
        {
            if (engine.TryFindPort(local, out var port))
            {
                input.CopyTo(buffer, 0);
                engine.Receive(Now, port, NetEndpoint.Parse("192.0.2.1:6000"), buffer, input.Length, batch);
            }
        }

        engine.Tick(Now.AddSeconds(2), batch);
        batch.Submit();
        engine.Remove(Now, Plan.CallId);
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
