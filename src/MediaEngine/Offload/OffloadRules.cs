using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Routing;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>Which streams may go down. Pure; what is not refused here can be said in a row.</summary>
internal static class OffloadRules
{
    /// <summary>Outputs of a row (RTPC_MAX_OUTPUTS).</summary>
    public const int MaxOutputs = 256;

    /// <summary>Payload types of a row and renamed ones of an output (RTPC_MAX_PTS, RTPC_MAX_PT_MAP).</summary>
    public const int MaxPayloadTypes = 32;

    /// <summary>Header extension ids of an output (RTPC_MAX_EXT_IDS).</summary>
    public const int MaxExtensions = 64;

    /// <summary>Bytes of a master key identifier (RTPC_MAX_MKI).</summary>
    public const int MaxMki = 128;

    /// <summary>What keeps a stream up; none: nothing.</summary>
    public static OffloadObstacle Judge(StreamRuntime stream) =>
        stream.Kind == StreamKind.Rtcp && !TakesRtcp(stream) ? OffloadObstacle.NoOutput
        : !stream.Learner.Confirmed || stream.AwaitsKeys ? OffloadObstacle.Unconfirmed
        : stream.Has(StreamFlags.LoopCheck) ? OffloadObstacle.LoopCheck
        : stream.Selected is null || (stream.Locals.Length > 1 && stream.IceSources is null) ? OffloadObstacle.Ports
        : IsBundled(stream) ? OffloadObstacle.Bundled
        : stream.Receivers.Length > 0 || Array.Exists(stream.RtpOutputs, o => o.To.Cache is not null) ? OffloadObstacle.Retransmission
        : stream.Leg is { IsSimulcast: true } || Array.Exists(stream.RtpOutputs, o => o.Extensions is not null) ? OffloadObstacle.Rewritten
        : IsTooLarge(stream) ? OffloadObstacle.TooMany
        : Collides(stream) ? OffloadObstacle.SsrcCollision
        : OffloadObstacle.None;

    /// <summary>A row of this stream forwards RTCP; else RTCP that comes there is handled here.</summary>
    public static bool TakesRtcp(StreamRuntime stream) =>
        stream.Kind is StreamKind.Rtcp or StreamKind.RtpMux && Router.RtcpOutputs(stream).Length > 0;

    /// <summary>May this output have RTCP now? Direction and blocking are about media.</summary>
    public static DropReason HoldRtcp(Output output)
    {
        var to = output.To;
        return to.AwaitsKeys ? DropReason.NoKeys
            : to.Has(StreamFlags.NatWait) && !to.Heard ? DropReason.NatWait
            : !to.Learner.Current.IsUsable ? DropReason.NoEndpoint
            : DropReason.None;
    }

    /// <summary>May this output have packets now? The reasons are those of the packet path's Route stage.</summary>
    public static DropReason Hold(Output output) =>
        !output.To.Has(StreamFlags.MayReceive) ? DropReason.ReceiveNotAllowed
        : output.Has(OutputFlags.Blocked) ? DropReason.Blocked
        : HoldRtcp(output);

    /// <summary>What happens to packets from a source that is not the learned one.</summary>
    public static SourceMismatch Mismatch(StreamRuntime stream) =>
        stream.IceSources is { } sources ? sources.Length == 1 ? SourceMismatch.Drop : SourceMismatch.Propagate
        : stream.Has(StreamFlags.MediaHandover) ? SourceMismatch.Propagate
        : stream.Has(StreamFlags.StrictSource) ? SourceMismatch.Drop
        : SourceMismatch.Ignore;

    /// <summary>A row knows one stream a port and one set of keys an output.</summary>
    private static bool IsBundled(StreamRuntime stream) =>
        stream.Transport != stream || stream.Bundle is not null
        || Array.Exists(stream.RtpOutputs, o => o.To.Transport != o.To) || Array.Exists(stream.RtcpOutputs, o => o.To.Transport != o.To);

    private static bool IsTooLarge(StreamRuntime stream)
    {
        if (stream.RtpOutputs.Length + stream.RtcpOutputs.Length > MaxOutputs || stream.Leg?.Plan.RepairTypes.Length > MaxPayloadTypes || IsTooLong(stream.Inbound?.Keys))
        {
            return true;
        }

        OffloadTypes.Choose(stream, out bool othersStay);
        foreach (var output in stream.RtpOutputs)
        {
            if (output.StripExtensions.Length > MaxExtensions || (!othersStay && output.Maps.Length > MaxPayloadTypes) || IsTooLong(output.To.Outbound?.Keys))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTooLong(SrtpKeys? keys) => keys?.Mki.Length > MaxMki;

    private static bool Collides(StreamRuntime stream)
    {
        foreach (var output in stream.RtpOutputs)
        {
            if (output.To.Outbound is null || output.To.Sources.Count < 2)
            {
                continue;
            }

            foreach (var other in output.To.Sources)
            {
                if (other != stream && Share(stream, other))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Share(StreamRuntime a, StreamRuntime b)
    {
        foreach (var entry in a.Ssrcs.Entries)
        {
            if (b.Ssrcs.Find(entry.Ssrc) is not null)
            {
                return true;
            }
        }

        return false;
    }
}
