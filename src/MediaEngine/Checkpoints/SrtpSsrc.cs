using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;

namespace RtpCluster.MediaEngine.Checkpoints;

/// <summary>
/// The SRTP state of one SSRC, and how much of it has been reported. What is reported must be enough to go on elsewhere without ever using
/// a keystream twice and without losing the rollover counter.
/// </summary>
internal struct SrtpSsrc
{
    // The receiver of a checkpoint takes the index nearest to the next sequence number, which is right up to 2^15 packets away; half of
    // that leaves room for the packets between the last report and the failure.
    private const int RtpMarkBits = 14;

    // SRTCP indices are counted by us, so the next owner must begin above everything that may have been sent: we report ahead.
    private const uint RtcpReserve = 1024;

    /// <summary>The indices.</summary>
    public SrtpSsrcState State;

    private ulong _rtpMark;
    private uint _rtcpReserved;
    private bool _started;
    private bool _settling;
    private object? _source;
    private long _offset;

    /// <summary>Goes on from a checkpoint, unless this state is further already.</summary>
    public void Restore(SrtpCheckpoint checkpoint)
    {
        if (checkpoint.RtpIndex > State.RtpIndex || checkpoint.RtcpIndex > State.RtcpIndex)
        {
            var merged = checkpoint with
            {
                RtpIndex = Math.Max(checkpoint.RtpIndex, State.RtpIndex),
                RtcpIndex = Math.Max(checkpoint.RtcpIndex, State.RtcpIndex),
            };
            State = SrtpSsrcState.FromCheckpoint(merged);
            _rtpMark = merged.RtpIndex >> RtpMarkBits;
            _rtcpReserved = merged.RtcpIndex;
            _started = merged.RtpIndex != 0;
        }
    }

    /// <summary>Follows indices that were counted elsewhere; those behind ours change nothing.</summary>
    /// <param name="state">The indices.</param>
    /// <param name="settling">Packets from before may still come here: they are not taken for repeated.</param>
    public void Follow(SrtpCheckpoint state, bool settling)
    {
        if (settling)
        {
            _settling = true;
            if (state.RtpIndex > State.RtpIndex)
            {
                State.Note(state.RtpIndex);
                _source = null;
            }
        }
        else if (state.RtpIndex > State.RtpIndex || _settling)
        {
            // From now on all that was handled elsewhere counts as seen.
            State = SrtpSsrcState.FromCheckpoint(state with { RtpIndex = Math.Max(state.RtpIndex, State.RtpIndex), RtcpIndex = State.RtcpIndex });
            _source = null;
            _settling = false;
        }

        // What is received is verified here too, so the index here is right; what is sent is not.
        if (state.Outbound)
        {
            FollowRtcp(state.Ssrc, outbound: true, state.RtcpIndex);
        }
    }

    /// <summary>
    /// True when an index has moved so far that it must be reported. The first packets of an SSRC need no report of RTP: their index is
    /// their sequence number.
    /// </summary>
    public bool NeedsReport(bool outbound)
    {
        ulong mark = State.RtpIndex >> RtpMarkBits;
        if (!_started && State.RtpIndex != 0)
        {
            _started = true;
            _rtpMark = mark;
        }

        bool due = mark > _rtpMark;
        if (due)
        {
            _rtpMark = mark;
        }

        if (outbound && State.RtcpIndex + (RtcpReserve / 2) > _rtcpReserved && State.RtcpIndex != 0)
        {
            _rtcpReserved = State.RtcpIndex + RtcpReserve;
            due = true;
        }

        return due;
    }

    /// <summary>
    /// Brings an outbound index back into step with its source after a long gap: media that was blocked, on hold or not subscribed for 2^15
    /// packets or more would else seem to lie behind what was sent, and stay refused for minutes.
    /// </summary>
    /// <param name="ssrc">The SSRC.</param>
    /// <param name="source">Who counts <paramref name="index"/>; another one begins another count.</param>
    /// <param name="index">The packet's sequence number extended by the source's own rollovers.</param>
    public void Align(uint ssrc, object source, long index)
    {
        long highest = (long)State.RtpIndex;
        long ahead = index - _offset - highest;
        if (_source != source || ahead < -0xffff)
        {
            long nearest = highest == 0 ? (ushort)index : highest + (short)(index - highest);
            _source = source;
            _offset = index - (nearest < 0 ? nearest + 0x10000 : nearest);
        }
        else if (ahead > 0x7fff)
        {
            State = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(ssrc, true, (ulong)(index - _offset), State.RtcpIndex));
        }
    }

    /// <summary>
    /// Follows packets that pass without being decrypted or encrypted by us, so that the indices are right when we have to.
    /// </summary>
    public void FollowRtp(uint ssrc, bool outbound, ushort sequence)
    {
        ulong highest = State.RtpIndex;
        ulong index = highest == 0 ? sequence : highest + (ulong)(short)(sequence - (ushort)highest);
        if (highest == 0 || (index > highest && index - highest < 0x8000))
        {
            State = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(ssrc, outbound, index, State.RtcpIndex));
        }
    }

    /// <summary>Follows the SRTCP index of packets that pass as they are.</summary>
    public void FollowRtcp(uint ssrc, bool outbound, uint index)
    {
        if (index > State.RtcpIndex)
        {
            State = SrtpSsrcState.FromCheckpoint(new SrtpCheckpoint(ssrc, outbound, State.RtpIndex, index));
        }
    }

    /// <summary>The checkpoint to report.</summary>
    public readonly SrtpCheckpoint Export(uint ssrc, bool outbound) =>
        new(ssrc, outbound, State.RtpIndex, Math.Max(State.RtcpIndex, outbound ? _rtcpReserved : 0));
}
