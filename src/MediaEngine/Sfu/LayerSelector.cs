using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>
/// Chooses the simulcast layer for one receiver: the best it may have, less when it loses packets or says that its path carries less, and after
/// a while, longer with each failure, one better again. Layers rank by their bit rates; without a measurement by their order in the SDP.
/// </summary>
internal struct LayerSelector
{
    private const int TooMuchLost = 26; // of 256: a tenth
    private const int EnoughPercent = 70;
    private const int GrowsPercent = 105;
    private const int LookSeconds = 2;
    private const int FirstHoldSeconds = 4;
    private const int LongestHoldSeconds = 64;

    private int _down;
    private int _holdSeconds;
    private Instant _heldUntil;
    private Instant _steppedAt;
    private int _looked;
    private Instant _lookedAt;
    private long _lookedEstimate;

    /// <summary>The layer by position; -1: the remote sends none.</summary>
    /// <param name="now">Now.</param>
    /// <param name="from">Who sends the layers.</param>
    /// <param name="wanted">The best that the receiver may have; -1: any.</param>
    /// <param name="sent">The layer that the receiver gets now; -1: none.</param>
    /// <param name="to">What it says of its path; null: it is not asked this time.</param>
    public int Choose(Instant now, SfuLeg from, int wanted, int sent, SfuLeg? to)
    {
        Span<int> ranks = stackalloc int[8];
        int count = Rank(now, from, wanted, ranks);
        if (count == 0)
        {
            return -1;
        }

        _down = Math.Min(_down, count - 1);
        int at = count - 1 - _down;
        long rate = from.OfLayer(ranks[at])!.Bitrate;
        bool tooMuch = to is not null && (to.TakeLost() > TooMuchLost | IsTooMuch(now, rate, to.Estimate(now), sent, ranks[at]));
        if (tooMuch && at > 0 && now >= _steppedAt.AddSeconds(1))
        {
            _holdSeconds = _holdSeconds == 0 ? FirstHoldSeconds : Math.Min(LongestHoldSeconds, _holdSeconds * 2);
            _heldUntil = now.AddSeconds(_holdSeconds);
            _steppedAt = now;
            _down++;
            at--;
        }
        else if (!tooMuch && _down > 0 && now >= _heldUntil)
        {
            _heldUntil = now.AddSeconds(FirstHoldSeconds);
            _steppedAt = now;
            _down--;
            at++;
        }

        return ranks[at];
    }

    /// <summary>
    /// Does its path carry too little for this rate? Receivers raise their estimates slowly, and not far above what comes: one who was sent less
    /// names little, and it counts only when it does not grow while the layer is sent.
    /// </summary>
    private bool IsTooMuch(Instant now, long rate, long estimate, int sent, int layer)
    {
        if (sent != _looked)
        {
            (_looked, _lookedAt, _lookedEstimate) = (sent, now, estimate);
        }

        if (sent != layer || estimate == 0 || estimate * 100 >= rate * EnoughPercent || now < _lookedAt.AddSeconds(LookSeconds))
        {
            return false;
        }

        bool grows = _lookedEstimate > 0 && estimate * 100 >= _lookedEstimate * GrowsPercent;
        (_lookedAt, _lookedEstimate) = (now, estimate);
        return !grows;
    }

    /// <summary>The layers that come now, from the least to the best one that the receiver may have.</summary>
    private static int Rank(Instant now, SfuLeg from, int wanted, Span<int> ranks)
    {
        int count = 0;
        for (int layer = 0; layer < from.Plan.Layers.Length && count < ranks.Length; layer++)
        {
            if (from.OfLayer(layer)?.IsActive(now) == true)
            {
                int at = count++;
                for (; at > 0 && IsLess(from, layer, ranks[at - 1]); at--)
                {
                    ranks[at] = ranks[at - 1];
                }

                ranks[at] = layer;
            }
        }

        int best = wanted < 0 ? -1 : ranks[..count].IndexOf(wanted);
        return best < 0 ? count : best + 1;
    }

    private static bool IsLess(SfuLeg from, int layer, int other) => from.OfLayer(layer)!.Bitrate < from.OfLayer(other)!.Bitrate;
}
