namespace RtpCluster.MediaEngine.Tracking;

/// <summary>The SSRCs sent to a remote, the most recent one first; at most 20.</summary>
internal sealed class EgressSsrcList
{
    private const int Limit = 20;

    private uint[] _ssrcs = new uint[2];
    private int _count;

    /// <summary>The list.</summary>
    public ReadOnlySpan<uint> Items => _ssrcs.AsSpan(0, _count);

    /// <summary>Notes that an SSRC was sent.</summary>
    public void Note(uint ssrc)
    {
        if (_count == 0 || _ssrcs[0] != ssrc)
        {
            MoveToFront(ssrc);
        }
    }

    private void MoveToFront(uint ssrc)
    {
        int at = Items.IndexOf(ssrc);
        if (at < 0)
        {
            if (_count == _ssrcs.Length && _count < Limit)
            {
                Array.Resize(ref _ssrcs, Math.Min(Limit, _count * 2));
            }

            _count = Math.Min(_count + 1, _ssrcs.Length);
            at = _count - 1;
        }

        _ssrcs.AsSpan(0, at).CopyTo(_ssrcs.AsSpan(1));
        _ssrcs[0] = ssrc;
    }
}
