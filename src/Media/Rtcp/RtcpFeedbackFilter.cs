namespace RtpCluster.Media.Rtcp;

/// <summary>Turns the RTCP of an AVPF sender into that of plain AVP: takes the feedback packets of RFC 4585 out.</summary>
public static class RtcpFeedbackFilter
{
    /// <summary>
    /// Removes every RTPFB and PSFB from the compound in the first <paramref name="length"/> bytes, in place. Returns the new length; 0
    /// when nothing remains. From a damaged packet on, everything stays as it is.
    /// </summary>
    public static int Strip(Span<byte> compound, int length)
    {
        var read = 0;
        var write = 0;
        while (read < length && RtcpCompound.TryGetLength(compound[read..length], out var size))
        {
            if ((RtcpType)compound[read + 1] is not (RtcpType.TransportFeedback or RtcpType.PayloadFeedback))
            {
                compound.Slice(read, size).CopyTo(compound[write..]);
                write += size;
            }

            read += size;
        }

        compound[read..length].CopyTo(compound[write..]);
        return write + length - read;
    }
}
