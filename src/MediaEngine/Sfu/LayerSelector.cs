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
    private const int FirstHoldSeconds = 4;
    private const int LongestHoldSeconds = 64;

    private int _down;
    private int _holdSeconds;
    private Instant _heldUntil;
    private Instant _steppedAt;

    /// <summary>The layer by position; -1: the remote sends none.</summary>
    /// <param name="now">Now.</param>
    /// <param name="from">Who sends the layers.</param>
    /// <param name="wanted">The best that the receiver may have; -1: any.</param>
    /// <param name="estimate">What its path carries, bit/s; 0: unknown.</param>
    /// <param name="lost">What it lost since the last time, in 256ths.</param>
    public int Choose(Instant now, SfuLeg from, int wanted, long estimate, int lost)
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
        bool tooMuch = lost > TooMuchLost || (estimate > 0 && rate > 0 && estimate * 100 < rate * EnoughPercent);
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
