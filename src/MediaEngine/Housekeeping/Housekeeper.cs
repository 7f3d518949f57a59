using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.MediaEngine.Sfu;

namespace RtpCluster.MediaEngine.Housekeeping;

/// <summary>What happens once a second without a packet.</summary>
internal sealed class Housekeeper(FactWriter facts, Offloader offloader, SfuTicker sfu)
{
    /// <summary>Looks after one call.</summary>
    public void Tick(Instant now, CallRuntime call, OutputBatch output)
    {
        foreach (var stream in call.Streams.Values)
        {
            var before = stream.Learner.Current;
            stream.Learner.Tick(now);
            if (stream.Learner.Current != before)
            {
                offloader.Moved(stream);
            }

            if (stream.Learner.FactDue)
            {
                facts.Endpoint(now, stream);
            }

            if (stream.Leg is not null)
            {
                sfu.Tick(now, stream, output);
            }
        }

        if (call.IdleReported != call.Plan.Epoch && IdleRule.IsIdle(now, call, out var reason))
        {
            call.IdleReported = call.Plan.Epoch;
            facts.Add(new CallIdle(call.Id, call.Plan.Epoch, reason));
        }
    }
}
