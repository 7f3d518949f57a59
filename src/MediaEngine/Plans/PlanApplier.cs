using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Egress;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Routing;
using RtpCluster.MediaEngine.Sfu;

namespace RtpCluster.MediaEngine.Plans;

/// <summary>Turns a plan into runtime objects, keeping what runs on: counters, endpoints, SRTP state. Allocates; never on the packet path.</summary>
internal sealed class PlanApplier(EngineOptions options, EngineCounters counters, PortTable ports)
{
    /// <summary>Puts a plan in force.</summary>
    public void Apply(CallRuntime call, MediaPlan plan, OutputBatch output)
    {
        bool newerSignal = call.Plan is null || plan.LastSignal > call.Plan.LastSignal;
        call.Plan = plan;
        call.DropTraffic = plan.DropTraffic;
        call.IdleReported = 0;
        RemoveMissing(call, plan);
        foreach (var stream in plan.Streams)
        {
            Update(call, stream, plan.LastSignal.AddSeconds(options.LearningSeconds), newerSignal);
        }

        foreach (var stream in call.Streams.Values)
        {
            stream.Sibling = call.Find(stream.Plan.Sibling);
            stream.Transport = call.Find(stream.Plan.Bundle) ?? stream;
            stream.Sources.Clear();
            SrtpKeeper.Update(call, stream);
        }

        SrtpKeeper.WipeUnused(call);
        Bundler.JoinMedia(call);
        foreach (var stream in call.Streams.Values)
        {
            stream.RtpOutputs = Outputs(call, stream, stream.Plan.RtpOutputs, media: true);
            DropFlows(stream);
            stream.RtcpOutputs = Outputs(call, stream, stream.Plan.RtcpOutputs, media: false);
            Array.ForEach(stream.RtpOutputs, o => o.To.Sources.Add(stream));
            stream.RtpPass = Pass(stream.RtpOutputs);
            stream.RtcpPass = Pass(stream.RtcpOutputs);
            if (newerSignal && stream.Has(StreamFlags.PierceNat))
            {
                Transmitter.PierceNat(stream, counters, output);
            }
        }

        Bundler.JoinReports(call);
        foreach (var stream in call.Streams.Values)
        {
            stream.Legs = [.. call.Streams.Values.Where(s => s.Leg is not null && (s.Transport == stream || s.Sibling == stream))];
            stream.Receivers = [.. call.Streams.Values.Where(s => s.Cache is not null && (s.Transport == stream || s.Sibling == stream))];
        }
    }

    /// <summary>Frees everything of a call.</summary>
    public void Remove(CallRuntime call)
    {
        foreach (var stream in call.Streams.Values)
        {
            Release(stream);
        }

        call.Streams.Clear();
        SrtpKeeper.WipeUnused(call);
    }

    private void RemoveMissing(CallRuntime call, MediaPlan plan)
    {
        foreach (var stream in call.Streams.Values.ToArray())
        {
            if (!plan.Streams.Any(s => s.Id == stream.Id))
            {
                Release(stream);
                call.Streams.Remove(stream.Id.Value);
            }
        }
    }

    private void Release(StreamRuntime stream)
    {
        foreach (var port in stream.Locals)
        {
            ports.Remove(port);
        }

        stream.Locals = [];
        stream.Leg = null;
        stream.Inbound = null;
        stream.Outbound = null;
    }

    private void Update(CallRuntime call, StreamPlan plan, Instant windowEnd, bool newerSignal)
    {
        var stream = call.Find(plan.Id);
        if (stream is null)
        {
            stream = new StreamRuntime(call, plan.Id);
            call.Streams[plan.Id.Value] = stream;
            stream.Learner.Start(plan, windowEnd);
        }
        else
        {
            stream.Learner.Update(plan, windowEnd, newerSignal);
        }

        stream.Plan = plan;
        stream.Kind = plan.Kind;
        stream.Flags = plan.Flags;
        stream.Tos = plan.Tos;
        stream.Types.Update(plan.PayloadTypes);
        stream.HasTransport = plan.Ice is not null || plan.Dtls is not null;
        stream.IceSources = plan.Ice is null ? null : stream.IceSources ?? (plan.Learned.IsUsable ? [plan.Learned] : []);
        var repair = RepairStream.For(plan, stream.Repair);
        var kept = (repair is null) == (stream.Repair is null) ? stream.Cache : null;
        stream.Repair = repair;
        stream.Cache = stream.Has(StreamFlags.Retransmit) ? kept ?? new PacketCache() : null;
        stream.Leg = plan.Feedback is null || plan.Kind == StreamKind.Rtcp ? null : stream.Leg ?? new SfuLeg();
        stream.Leg?.Update(plan.Feedback!);

        stream.Loops = stream.Has(StreamFlags.LoopCheck) ? stream.Loops ?? new LoopFilter() : null;
        Bind(stream, plan.Locals);
    }

    private void Bind(StreamRuntime stream, NetEndpoint[] locals)
    {
        var selected = stream.Selected;
        var bound = new LocalPort[locals.Length];
        foreach (var old in stream.Locals)
        {
            if (!locals.Contains(old.Local))
            {
                ports.Remove(old);
            }
        }

        for (int i = 0; i < locals.Length; i++)
        {
            var kept = Array.Find(stream.Locals, p => p.Local == locals[i]);
            bound[i] = kept is not null && ports[kept.Handle] == kept
                ? kept
                : ports.Add(locals[i], stream, i, counters.Interface(locals[i].Address));
            bound[i].Index = i;
        }

        stream.Locals = bound;
        stream.SelectedLocal = Math.Max(0, Array.IndexOf(bound, selected));
    }

    private static SrtpPass Pass(Output[] outputs)
    {
        int passing = outputs.Count(o => o.Passes);
        return passing == 0 ? SrtpPass.None : passing == outputs.Length ? SrtpPass.All : SrtpPass.Some;
    }

    /// <summary>What went this way before goes on; a receiver that left is forgotten.</summary>
    private static SfuFlow? Flow(StreamRuntime from, OutputPlan plan)
    {
        if (from.Leg is null)
        {
            return null;
        }

        if (!from.Flows.TryGetValue(plan.To.Value, out var flow))
        {
            from.Flows[plan.To.Value] = flow = new SfuFlow();
        }

        flow.Wanted = plan.Layer;
        return flow;
    }

    private static void DropFlows(StreamRuntime stream)
    {
        foreach (int id in stream.Flows.Keys)
        {
            if (!Array.Exists(stream.RtpOutputs, o => o.To.Id.Value == id))
            {
                stream.Flows.Remove(id);
            }
        }
    }

    private Output[] Outputs(CallRuntime call, StreamRuntime from, OutputPlan[] plans, bool media)
    {
        var outputs = new List<Output>(plans.Length);
        foreach (var plan in plans)
        {
            if (call.Find(plan.To) is { } to)
            {
                outputs.Add(new Output(plan, from, to, media ? Flow(from, plan) : null));
            }
            else
            {
                counters.PlanFaults++;
            }
        }

        return [.. outputs];
    }
}
