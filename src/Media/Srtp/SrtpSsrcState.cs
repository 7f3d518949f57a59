using RtpCluster.Contracts;

namespace RtpCluster.Media.Srtp;

/// <summary>
/// The running state of one SSRC in one direction: 48-bit packet index with replay window, SRTCP index with replay window. Keep one per
/// SSRC and direction, next to the <see cref="SrtpContext"/> that it is passed to; <c>default</c> is a new stream. Not thread-safe.
/// </summary>
public struct SrtpSsrcState
{
    internal ReplayWindow Rtp;
    internal ReplayWindow Rtcp;

    // Set when an outbound checkpoint was loaded: only its rollover counter counts, the next packet sets the index.
    internal bool Resynchronize;

    /// <summary>Highest 48-bit packet index seen or sent: rollover counter and sequence number.</summary>
    public readonly ulong RtpIndex => Rtp.Highest;

    /// <summary>Highest 31-bit SRTCP index seen or sent.</summary>
    public readonly uint RtcpIndex => (uint)Rtcp.Highest;

    /// <summary>The rollover counter.</summary>
    public readonly uint RolloverCounter => (uint)(Rtp.Highest >> 16);

    /// <summary>
    /// Goes on from a checkpoint. Inbound, all up to its indices counts as seen. Outbound, SRTCP goes on behind its index (which may be
    /// reserved ahead), and the next RTP packet's sequence number is taken as it comes, under the rollover counter nearest to it.
    /// </summary>
    public static SrtpSsrcState FromCheckpoint(SrtpCheckpoint checkpoint)
    {
        var state = default(SrtpSsrcState);
        if (checkpoint.RtpIndex != 0)
        {
            state.Rtp = ReplayWindow.After(checkpoint.RtpIndex & SrtpIndex.Max);
            state.Resynchronize = checkpoint.Outbound;
        }

        if (checkpoint.RtcpIndex != 0)
        {
            state.Rtcp = ReplayWindow.After(checkpoint.RtcpIndex & SrtpIndex.MaxRtcp);
        }

        return state;
    }

    /// <summary>Notes an RTP index that somebody else has handled; those between it and the highest one here stay acceptable.</summary>
    public void Note(ulong rtpIndex) => Rtp.Add(rtpIndex & SrtpIndex.Max);

    /// <summary>Saves the indices. An index of 0 stands for "no packet yet".</summary>
    public readonly SrtpCheckpoint ToCheckpoint(uint ssrc, bool outbound) => new(ssrc, outbound, RtpIndex, RtcpIndex);
}
