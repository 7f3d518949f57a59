using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.MediaEngine.Checkpoints;

/// <summary>Keeps SRTP state over plans: the same keys keep it, other keys start anew, keys out of use are wiped.</summary>
internal static class SrtpKeeper
{
    /// <summary>Gives a stream the SRTP sides that its plan asks for.</summary>
    public static void Update(CallRuntime call, StreamRuntime stream)
    {
        var plan = stream.Plan;
        stream.AwaitsKeys = plan.Dtls is not null && (stream.DecryptKeys is null || stream.EncryptKeys is null);
        stream.Inbound = Side(call, plan, stream.DecryptKeys, outbound: false, stream.Inbound, stream.Sibling?.Inbound);
        stream.Outbound = Side(call, plan, stream.EncryptKeys, outbound: true, stream.Outbound, stream.Sibling?.Outbound);
    }

    /// <summary>Wipes the keys that no stream of the call uses any more.</summary>
    public static void WipeUnused(CallRuntime call)
    {
        for (int i = call.Sides.Count - 1; i >= 0; i--)
        {
            var side = call.Sides[i];
            if (!call.Streams.Values.Any(s => s.Inbound == side || s.Outbound == side))
            {
                side.Dispose();
                call.Sides.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// The stream's own side, else its sibling's (RTP and RTCP of one media are one SRTP session, also when they move to one port), else a
    /// new one. Checkpoints are for sides that are new to the stream.
    /// </summary>
    private static SrtpSide? Side(
        CallRuntime call, StreamPlan plan, SrtpKeys? keys, bool outbound, SrtpSide? own, SrtpSide? siblings)
    {
        if (keys is null)
        {
            return null;
        }

        if (own is not null && own.Keys.Equals(keys))
        {
            return own;
        }

        var side = siblings is not null && siblings.Keys.Equals(keys) ? siblings : null;
        if (side is null)
        {
            var media = new StreamId(plan.Sibling.Value >= 0 ? Math.Min(plan.Id.Value, plan.Sibling.Value) : plan.Id.Value);
            side = new SrtpSide(keys, outbound, OffloadFingerprint.OfKeys(call.Id, media, keys)) { RtcpFloor = outbound ? plan.RtcpFloor : 0 };
            call.Sides.Add(side);
        }

        side.Restore(plan.Checkpoints);
        return side;
    }
}
