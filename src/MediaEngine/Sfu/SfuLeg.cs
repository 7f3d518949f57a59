using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>What a stream whose RTCP ends here knows of its remote: the SSRCs it sends and what it says of what it gets.</summary>
internal sealed class SfuLeg
{
    /// <summary>SSRCs that are followed: three layers with their retransmissions, and one more change of all. Others are forwarded all the same.</summary>
    private const int Limit = 16;

    private const int EstimateMillis = 5000;

    private SfuSource[] _sources = new SfuSource[2];
    private int _count;
    private long _estimate;
    private Instant _estimateAt;
    private int _lost;

    /// <summary>The plan in force.</summary>
    public FeedbackPlan Plan { get; private set; } = null!;

    /// <summary>What the remote sends again in a stream of its own; null: it does not.</summary>
    public SfuRepairs? Repairs { get; private set; }

    /// <summary>Counts full intra requests.</summary>
    public byte IntraNumber;

    /// <summary>It waits for a look at what is due.</summary>
    public bool IsQueued;

    /// <summary>The SSRCs that the remote sends.</summary>
    public ReadOnlySpan<SfuSource> Sources => _sources.AsSpan(0, _count);

    /// <summary>Its remote sends simulcast layers.</summary>
    public bool IsSimulcast => Plan.Layers.Length > 0;

    /// <summary>Puts a plan in force.</summary>
    public void Update(FeedbackPlan plan)
    {
        Plan = plan;
        Repairs = SfuRepairs.For(plan, Repairs);
    }

    /// <summary>The SSRC's source; null: unknown.</summary>
    public SfuSource? Find(uint ssrc)
    {
        foreach (var source in Sources)
        {
            if (source.Ssrc == ssrc)
            {
                return source;
            }
        }

        return null;
    }

    /// <summary>The SSRC's source, made when it is new; null: there are too many.</summary>
    public SfuSource? Get(uint ssrc)
    {
        if (Find(ssrc) is { } known)
        {
            return known;
        }

        if (_count == Limit)
        {
            return null;
        }

        if (_count == _sources.Length)
        {
            Array.Resize(ref _sources, _count * 2);
        }

        return _sources[_count++] = new SfuSource(ssrc);
    }

    /// <summary>The source of a layer; null: none has come.</summary>
    public SfuSource? OfLayer(int layer)
    {
        SfuSource? latest = null;
        foreach (var source in Sources)
        {
            if (source.Layer == layer && (latest is null || source.LastPacket > latest.LastPacket))
            {
                latest = source;
            }
        }

        return latest;
    }

    /// <summary>The remote estimates what the path to it carries.</summary>
    public void Estimated(Instant now, long bitsPerSecond)
    {
        _estimate = bitsPerSecond;
        _estimateAt = now;
    }

    /// <summary>Bit rate that the path to the remote carries; 0: it does not say.</summary>
    public long Estimate(Instant now) => _estimateAt.Micros != 0 && now < _estimateAt.AddMillis(EstimateMillis) ? _estimate : 0;

    /// <summary>The remote lost some of what it was sent, in 256ths.</summary>
    public void Lost(byte fraction) => _lost = Math.Max(_lost, fraction);

    /// <summary>The highest loss since the last call, in 256ths.</summary>
    public int TakeLost()
    {
        int lost = _lost;
        _lost = 0;
        return lost;
    }
}
