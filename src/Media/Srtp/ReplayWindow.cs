namespace RtpCluster.Media.Srtp;

/// <summary>The 128 newest packet indices of a stream and which of them were seen, RFC 3711 section 3.3.2.</summary>
internal struct ReplayWindow
{
    internal const int Size = 128;

    // Bit n: Highest - n was seen.
    private UInt128 _seen;

    /// <summary>Highest index seen.</summary>
    internal ulong Highest { get; private set; }

    /// <summary>Any index was seen.</summary>
    internal bool Started { get; private set; }

    /// <summary>Starts behind an index all of whose predecessors count as seen.</summary>
    internal static ReplayWindow After(ulong highest) => new() { _seen = UInt128.MaxValue, Highest = highest, Started = true };

    /// <summary>Whether an index is new.</summary>
    internal readonly SrtpResult Check(ulong index)
    {
        if (!Started || index > Highest)
        {
            return SrtpResult.Ok;
        }

        var behind = Highest - index;
        if (behind >= Size)
        {
            return SrtpResult.TooOld;
        }

        return ((_seen >> (int)behind) & 1) == 0 ? SrtpResult.Ok : SrtpResult.Replayed;
    }

    /// <summary>Notes an index for which <see cref="Check"/> said Ok.</summary>
    internal void Add(ulong index)
    {
        if (!Started || index > Highest)
        {
            var ahead = Started ? index - Highest : Size;
            _seen = ahead >= Size ? 1 : (_seen << (int)ahead) | 1;
            Highest = index;
            Started = true;
            return;
        }

        _seen |= UInt128.One << (int)(Highest - index);
    }
}
