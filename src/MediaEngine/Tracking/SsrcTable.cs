using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Tracking;

/// <summary>The SSRCs that a remote sends, the most recent one first; the 21st pushes the oldest out.</summary>
internal sealed class SsrcTable
{
    private const int Limit = 20;

    private SsrcEntry[] _entries = new SsrcEntry[2];
    private int _count;

    /// <summary>The entries.</summary>
    public ReadOnlySpan<SsrcEntry> Entries => _entries.AsSpan(0, _count);

    /// <summary>The entry of an SSRC; made when it is new.</summary>
    public SsrcEntry Get(uint ssrc)
    {
        if (_count > 0 && _entries[0].Ssrc == ssrc)
        {
            return _entries[0];
        }

        int at = IndexOf(ssrc);
        var entry = at >= 0 ? _entries[at] : Make(ssrc, out at);
        _entries.AsSpan(0, at).CopyTo(_entries.AsSpan(1));
        _entries[0] = entry;
        return entry;
    }

    /// <summary>The entry of an SSRC; null: unknown.</summary>
    public SsrcEntry? Find(uint ssrc)
    {
        int at = IndexOf(ssrc);
        return at < 0 ? null : _entries[at];
    }

    /// <summary>Copies everything.</summary>
    public SsrcStatistics[] Export()
    {
        var statistics = new SsrcStatistics[_count];
        for (int i = 0; i < statistics.Length; i++)
        {
            statistics[i] = _entries[i].Export();
        }

        return statistics;
    }

    private int IndexOf(uint ssrc)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_entries[i].Ssrc == ssrc)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A fresh entry at the end, or the oldest one reused: a storm of SSRCs costs no memory.</summary>
    private SsrcEntry Make(uint ssrc, out int at)
    {
        if (_count == Limit)
        {
            at = Limit - 1;
            _entries[at].Reset(ssrc);
            return _entries[at];
        }

        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(Limit, _count * 2));
        }

        at = _count++;
        var entry = new SsrcEntry();
        entry.Reset(ssrc);
        return _entries[at] = entry;
    }
}
