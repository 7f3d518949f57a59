using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;
using RtpCluster.MediaEngine.Ingress;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// What a remote sends again in a stream of its own (RFC 4588) becomes the packet that was lost. Which stream it repairs says the SDP, the
/// repaired RTP stream id (RFC 8852), or that there is only one. Allocates only when it is made.
/// </summary>
internal sealed class SfuRepairs
{
    private const int None = 255;
    private const int MaxLearned = 16;

    // What probes the path repeats packets that came long ago, and may be ahead by what was lost at the end; not more.
    private const int MaxAhead = GapTracker.Limit;

    private readonly byte[] _types = new byte[128];
    private readonly RepairPlan[] _learned = new RepairPlan[MaxLearned];
    private readonly FeedbackPlan _plan;
    private int _count;

    private SfuRepairs(FeedbackPlan plan)
    {
        _plan = plan;
        Array.Fill(_types, (byte)None);
        foreach (var (from, to) in plan.RepairTypes)
        {
            _types[from & 127] = (byte)(to & 127);
        }
    }

    /// <summary>What a plan says; null: the remote sends lost packets again as they were.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="before">What was in force: what was learned goes on.</param>
    public static SfuRepairs? For(FeedbackPlan plan, SfuRepairs? before)
    {
        if (plan.RepairTypes.Length == 0)
        {
            return null;
        }

        var repairs = new SfuRepairs(plan);
        for (int i = 0; i < before?._count; i++)
        {
            repairs._learned[repairs._count++] = before._learned[i];
        }

        return repairs;
    }

    /// <summary>Is this payload type one of retransmissions?</summary>
    public bool Has(byte payloadType) => _types[payloadType] != None;

    /// <summary>Makes the packet that was lost of a retransmission. False: nobody misses it.</summary>
    public bool TryUnwrap(ref PacketContext packet, SfuLeg leg)
    {
        var stream = packet.Stream;
        if (!Retransmission.TryGetOriginal(packet.Packet, packet.Header, out ushort sequence)
            || Find(ref packet, leg) is not { } source || stream.Ssrcs.Find(source.Ssrc) is not { } entry)
        {
            return false;
        }

        long index = entry.Extend(sequence);
        if (!source.Gaps.Lacks(index, MaxAhead))
        {
            return false;
        }

        var header = packet.Header;
        packet.Packet = Retransmission.Unwrap(packet.Packet, header, _types[header.PayloadType], sequence, source.Ssrc);
        Classifier.Classify(packet.Packet, out packet.Header);
        packet.Sender = entry;
        packet.ExtendedSequence = index;
        return true;
    }

    private SfuSource? Find(ref PacketContext packet, SfuLeg leg)
    {
        uint ssrc = packet.Header.Ssrc;
        foreach (var repair in _plan.Repairs)
        {
            if (repair.Ssrc == ssrc)
            {
                return leg.Find(repair.Media);
            }
        }

        foreach (var repair in _learned.AsSpan(0, _count))
        {
            if (repair.Ssrc == ssrc)
            {
                return leg.Find(repair.Media);
            }
        }

        var source = leg.IsSimulcast ? Named(ref packet, leg) : leg.Sources is [var only] ? only : null;
        if (source is not null && _count < MaxLearned)
        {
            _learned[_count++] = new RepairPlan(ssrc, source.Ssrc);
        }

        return source;
    }

    /// <summary>The layer that the repaired stream id names.</summary>
    private static SfuSource? Named(ref PacketContext packet, SfuLeg leg)
    {
        byte id = packet.Stream.Plan.Extensions.RepairedRid;
        if (id == 0 || !packet.Header.HasExtension)
        {
            return null;
        }

        foreach (var extension in new RtpExtensions(packet.Packet, packet.Header))
        {
            for (int layer = 0; extension.Id == id && layer < leg.Plan.Layers.Length; layer++)
            {
                if (System.Text.Ascii.Equals(extension.Data, leg.Plan.Layers[layer].Rid))
                {
                    return leg.OfLayer(layer);
                }
            }
        }

        return null;
    }
}
