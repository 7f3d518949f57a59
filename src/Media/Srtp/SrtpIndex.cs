using RtpCluster.Media.Rtp;

namespace RtpCluster.Media.Srtp;

/// <summary>Guesses the 48-bit packet index from a 16-bit sequence number, RFC 3711 section 3.3.1 and appendix A.</summary>
internal static class SrtpIndex
{
    /// <summary>Highest packet index; beyond it the key is used up.</summary>
    internal const ulong Max = (1UL << 48) - 1;

    /// <summary>Highest SRTCP index.</summary>
    internal const uint MaxRtcp = 0x7fff_ffff;

    /// <summary>
    /// The index nearest to the highest one so far. Before the first packet, and below index 0, the rollover counter is 0. May exceed
    /// <see cref="Max"/> by one rollover.
    /// </summary>
    internal static ulong Guess(in ReplayWindow window, ushort sequence) =>
        window.Started ? ExtendedSequence.Guess(window.Highest, sequence) : sequence;

    /// <summary>
    /// Other indices that a sequence number may stand for when the guess fails to authenticate: one rollover ahead (a long gap), the
    /// stored one, one behind, and 0. Number 0 to 3; the caller's replay window decides which of them are still acceptable.
    /// </summary>
    internal static ulong Candidate(in ReplayWindow window, ushort sequence, int number)
    {
        var rollover = window.Highest >> 16;
        rollover = number switch
        {
            0 => rollover + 1,
            1 => rollover,
            2 => rollover == 0 ? 0 : rollover - 1,
            _ => 0,
        };
        return (rollover << 16) | sequence;
    }

    internal const int Candidates = 4;
}
