using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;

namespace RtpCluster.MediaEngine;

/// <summary>Makes facts, and not more of them than their reader can use.</summary>
internal sealed class FactWriter(EngineOptions options, EngineCounters counters, Queue<MediaFact> facts)
{
    /// <summary>Reports a due endpoint, at most one per stream and interval; what comes too early waits for the next tick.</summary>
    public void Endpoint(Instant now, StreamRuntime stream)
    {
        if (stream.LastEndpointFact.Micros != 0 && now < stream.LastEndpointFact.AddMillis(options.EndpointFactMillis))
        {
            return;
        }

        stream.LastEndpointFact = now;
        stream.Learner.FactDue = false;
        var endpoint = stream.Learner.Learned.IsUsable ? stream.Learner.Learned : stream.Learner.Current;
        if (endpoint.IsUsable)
        {
            Add(new EndpointLearned(stream.Call.Id, stream.Id, endpoint));
        }
    }

    /// <summary>Reports SRTP indices when they have moved far enough.</summary>
    public void Srtp(StreamRuntime stream, SrtpSide side, int at, uint ssrc)
    {
        ref var state = ref side[at];
        if (state.NeedsReport(side.Outbound))
        {
            Add(new SrtpCheckpointed(stream.Call.Id, stream.Id, state.Export(ssrc, side.Outbound)));
        }
    }

    /// <summary>Reports the index of an SSRC that we count ourselves, from its first packet: it begins anywhere.</summary>
    public void SrtpBegun(StreamRuntime stream, uint ssrc)
    {
        if (stream.Outbound is { } side && side.TryFind(ssrc, out int at))
        {
            Add(new SrtpCheckpointed(stream.Call.Id, stream.Id, side[at].Export(ssrc, side.Outbound)));
        }
    }

    /// <summary>Queues a fact.</summary>
    public void Add(MediaFact fact)
    {
        counters.Facts++;
        facts.Enqueue(fact);
    }
}
