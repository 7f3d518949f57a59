namespace RtpCluster.Media.Rtp;

/// <summary>Extends 16-bit sequence numbers by their rollover counter, RFC 3711 section 3.3.1 and appendix A.</summary>
public static class ExtendedSequence
{
    /// <summary>
    /// The extended sequence number (rollover counter · 65536 + sequence) that is nearest to the highest one so far. Below 0 there is
    /// nothing: with rollover counter 0 a much higher sequence number lies ahead, not behind.
    /// </summary>
    public static ulong Guess(ulong highest, ushort sequence)
    {
        var rollover = highest >> 16;
        int low = (ushort)highest;
        if (low < 0x8000)
        {
            if (sequence - low > 0x8000 && rollover > 0)
            {
                rollover--;
            }
        }
        else if (low - 0x8000 > sequence)
        {
            rollover++;
        }

        return (rollover << 16) | sequence;
    }
}
