using RtpCluster.Media.Rtp;

namespace RtpCluster.MediaEngine.Ingress;

/// <summary>
/// Whose media a packet is that came to the port of a bundle, RFC 8843 section 9.2: what its MID says and said of its SSRC before, else its
/// payload type. Allocates only when it is made.
/// </summary>
internal sealed class BundleTable(byte midId)
{
    private const int PayloadTypes = 128;
    private const int MaxSsrcs = 64;

    private readonly List<(byte[] Mid, StreamRuntime Stream)> _mids = [];
    private readonly StreamRuntime?[] _byPayloadType = new StreamRuntime?[PayloadTypes];
    private readonly uint[] _ssrcs = new uint[MaxSsrcs];
    private readonly StreamRuntime[] _streams = new StreamRuntime[MaxSsrcs];
    private int _count;

    /// <summary>Adds a media of the bundle.</summary>
    public void Add(StreamRuntime stream, bool byPayloadType)
    {
        if (stream.Plan.Mid.Length > 0)
        {
            _mids.Add((System.Text.Encoding.Latin1.GetBytes(stream.Plan.Mid), stream));
        }

        foreach (var type in stream.Plan.PayloadTypes)
        {
            if (byPayloadType)
            {
                _byPayloadType[type.Number & (PayloadTypes - 1)] ??= stream;
            }
        }
    }

    /// <summary>Keeps what an earlier plan's table learned, as far as its streams are still there.</summary>
    public void Learn(BundleTable? before)
    {
        for (int i = 0; i < before?._count; i++)
        {
            if (_mids.Exists(m => m.Stream == before._streams[i]))
            {
                Note(before._ssrcs[i], before._streams[i]);
            }
        }
    }

    /// <summary>The media of a plain packet; null: the owner's.</summary>
    public StreamRuntime? Find(ReadOnlySpan<byte> packet, in RtpHeader header)
    {
        if (midId > 0 && header.HasExtension && ByMid(packet, header) is { } named)
        {
            Note(header.Ssrc, named);
            return named;
        }

        int at = _ssrcs.AsSpan(0, _count).IndexOf(header.Ssrc);
        return at >= 0 ? _streams[at] : _byPayloadType[header.PayloadType];
    }

    private StreamRuntime? ByMid(ReadOnlySpan<byte> packet, in RtpHeader header)
    {
        foreach (var extension in new RtpExtensions(packet, header))
        {
            if (extension.Id != midId)
            {
                continue;
            }

            foreach (var (mid, stream) in _mids)
            {
                if (extension.Data.SequenceEqual(mid))
                {
                    return stream;
                }
            }
        }

        return null;
    }

    private void Note(uint ssrc, StreamRuntime stream)
    {
        int at = _ssrcs.AsSpan(0, _count).IndexOf(ssrc);
        if (at < 0)
        {
            // Some place is used again: a storm of SSRCs costs no memory.
            at = _count < MaxSsrcs ? _count++ : (int)(ssrc % MaxSsrcs);
            _ssrcs[at] = ssrc;
        }

        _streams[at] = stream;
    }
}
