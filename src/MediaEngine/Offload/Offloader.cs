using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>
/// Moves streams between the packet path and the forwarding table. A stream goes down once its endpoint is confirmed, with its SRTP indices;
/// its row follows its plan and the endpoints of its receivers; it comes back before anything of it is protected here again.
/// </summary>
internal sealed class Offloader(EngineCounters counters, FactWriter facts)
{
    private const int RetryMillis = 200;

    /// <summary>Packets that may still lie in a socket when the row begins to take them.</summary>
    private const int InFlight = 64;

    private readonly Queue<StreamRuntime> _due = new();
    private readonly OffloadMerge _merge = new(counters, facts);

    /// <summary>The table; null: everything stays here.</summary>
    public OffloadTable? Table { get; set; }

    /// <summary>A packet of a stream went its way here: is it time to let the stream go, or to let other payload types go?</summary>
    public void Note(Instant now, StreamRuntime stream)
    {
        if (Table is not null && (stream.Offload is { } row ? row.StayingTypes != 0 && ++row.Stayed >= OffloadTypes.BusyPackets : now >= stream.OffloadAfter))
        {
            Queue(stream);
        }
    }

    /// <summary>A stream's remote moved, or was heard for the first time: the rows of its call follow.</summary>
    public void Moved(StreamRuntime stream)
    {
        if (Table is not null)
        {
            foreach (var other in stream.Call.Streams.Values)
            {
                Recheck(other);
            }
        }
    }

    /// <summary>
    /// A media packet arrived here although its stream has a row: one that was under way when the row came is handled as ever; one that the
    /// row could not take brings the whole stream back, so that one place counts its indices. What the row leaves here on purpose changes nothing.
    /// </summary>
    public void Stray(Instant now, StreamRuntime stream, byte payloadType)
    {
        if (stream.Offload!.Stays(payloadType) || stream.Offload.InFlight-- > 0)
        {
            return;
        }

        Recall(stream);
        stream.OffloadAfter = now.AddMillis(RetryMillis);
    }

    /// <summary>
    /// Before an SRTCP packet is protected here with keys whose indices a row counts: takes one index of them for it, so that none is used twice.
    /// </summary>
    public bool TryReserveRtcp(SrtpSide side, int at, uint ssrc)
    {
        ref var state = ref side[at];
        if (!Table!.TryReserveRtcp(side.RtcpRows[0], side.Id, ssrc, state.State.RtcpIndex, out uint index))
        {
            return false;
        }

        state.FollowRtcp(ssrc, outbound: true, index - 1);
        return true;
    }

    /// <summary>Does what has become due. Between rounds of packets.</summary>
    public void Settle(Instant now)
    {
        while (_due.TryDequeue(out var stream))
        {
            stream.OffloadQueued = false;
            if (stream.Locals.Length > 0)
            {
                Review(now, stream);
            }
        }
    }

    /// <summary>Before a plan: what it starts anew comes back first.</summary>
    public void BeforePlan(CallRuntime call, MediaPlan plan)
    {
        bool newerSignal = plan.LastSignal > call.Plan.LastSignal;
        foreach (var stream in call.Streams.Values)
        {
            var next = Array.Find(plan.Streams, s => s.Id == stream.Id);
            if (stream.Offload is not null
                && (newerSignal || next is null || next.Kind != stream.Kind || !next.Locals.AsSpan().SequenceEqual(stream.Plan.Locals)))
            {
                Recall(stream);
            }
        }
    }

    /// <summary>After a plan: rows that stayed follow it.</summary>
    public void AfterPlan(Instant now, CallRuntime call)
    {
        foreach (var stream in call.Streams.Values)
        {
            if (stream.Offload is not null)
            {
                Review(now, stream);
            }
        }
    }

    /// <summary>Takes every row of a call back, for its last statistics.</summary>
    public void RecallAll(CallRuntime call)
    {
        foreach (var stream in call.Streams.Values)
        {
            Recall(stream);
        }
    }

    /// <summary>Asks the table what the rows of a call have counted by now.</summary>
    public void Refresh(CallRuntime call)
    {
        foreach (var stream in call.Streams.Values)
        {
            if (stream.Offload is { } row && Table!.Read(row.Local) is { } report)
            {
                _merge.Run(stream, row, report);
            }
        }
    }

    /// <summary>Takes over what a row has counted, unless the report is of an earlier row or older than one that came before it.</summary>
    public void Absorb(StreamRuntime stream, OffloadReport report)
    {
        if (stream.Offload is { } row && report.ReadAt > row.Taken.ReadAt)
        {
            // Another SSRC may be one that somebody else sends to the same receiver.
            int ssrcs = stream.Ssrcs.Entries.Length;
            _merge.Run(stream, row, report);
            if (stream.Ssrcs.Entries.Length != ssrcs)
            {
                Recheck(stream);
            }
        }
    }

    /// <summary>Goes on with the rows that an earlier process left of a call.</summary>
    public void Adopt(Instant now, CallRuntime call)
    {
        if (Table is null)
        {
            return;
        }

        foreach (var legacy in Table.TakeLegacy(call.Id))
        {
            if (OffloadAdoption.TryResume(call, legacy) is { } row)
            {
                var stream = call.Find(legacy.Stream)!;
                stream.Offload = row;
                Own(stream, row);
                counters.OffloadedStreams++;
                _merge.Run(stream, row, legacy.Report);
            }
            else
            {
                Discard(call, legacy);
            }
        }

        AfterPlan(now, call);
    }

    /// <summary>A row that does not fit ends, but what it counted and how far its indices went is worth keeping where the keys are the same.</summary>
    private void Discard(CallRuntime call, OffloadLegacy legacy)
    {
        if (Table!.Remove(legacy.Local) is { } last && call.Find(legacy.Stream) is { Offload: null } stream)
        {
            stream.Learner.SendTo(legacy.Current);
            _merge.Run(stream, new OffloadRow(legacy.Local, 0, default), last);
        }
    }

    private void Recheck(StreamRuntime stream)
    {
        if (stream.Offload is not null)
        {
            Queue(stream);
        }
    }

    private void Queue(StreamRuntime stream)
    {
        if (!stream.OffloadQueued)
        {
            stream.OffloadQueued = true;
            _due.Enqueue(stream);
        }
    }

    private void Review(Instant now, StreamRuntime stream)
    {
        stream.Obstacle = OffloadRules.Judge(stream);
        if (stream.Obstacle != OffloadObstacle.None)
        {
            Recall(stream);
            stream.OffloadAfter = now.AddMillis(RetryMillis);
            return;
        }

        var target = OffloadCompiler.Compile(stream);
        if (stream.Offload is { } elsewhere && elsewhere.Local != target.Local)
        {
            Recall(stream); // ICE chose another of its ports
            target = OffloadCompiler.Compile(stream);
        }

        stream.Offload?.Stayed = 0;
        ulong fingerprint = OffloadFingerprint.Of(target);
        if (stream.Offload?.Fingerprint == fingerprint)
        {
            return;
        }

        if (!Table!.TrySet(target, fingerprint, stream.Offload is not null))
        {
            Recall(stream);
            stream.Obstacle = OffloadObstacle.Refused;
            stream.OffloadAfter = now.AddSeconds(1);
        }
        else if (stream.Offload is { } row)
        {
            row.Fingerprint = fingerprint;
            Own(stream, row);
        }
        else
        {
            stream.Offload = new OffloadRow(target.Local, fingerprint, now) { InFlight = InFlight };
            Own(stream, stream.Offload);
            counters.OffloadedStreams++;
        }
    }

    private void Recall(StreamRuntime stream)
    {
        if (stream.Offload is not { } row)
        {
            return;
        }

        row.StayingTypes = 0;
        if (Table!.Remove(row.Local) is { } last)
        {
            _merge.Run(stream, row, last);
        }

        Disown(row);
        stream.Offload = null;
        counters.OffloadedStreams--;
    }

    /// <summary>The SRTCP indices of the keys that a row's RTCP outputs use are counted there from now on; what it leaves here stays.</summary>
    private static void Own(StreamRuntime stream, OffloadRow row)
    {
        Disown(row);
        row.StayingTypes = stream.Kind is StreamKind.Raw or StreamKind.Rtcp ? 0 : OffloadTypes.Staying(stream);
        row.TakesRtcp = OffloadRules.TakesRtcp(stream);
        row.RtcpSides = !row.TakesRtcp ? [] : [.. Router.RtcpOutputs(stream).Select(o => o.To.Outbound).OfType<SrtpSide>()];
        foreach (var side in row.RtcpSides)
        {
            side.RtcpRows.Add(row.Local);
        }
    }

    private static void Disown(OffloadRow row)
    {
        foreach (var side in row.RtcpSides)
        {
            side.RtcpRows.Remove(row.Local);
        }

        row.RtcpSides = [];
    }
}
