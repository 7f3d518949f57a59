using RtpCluster.Contracts;
using RtpCluster.Media.Rtp;
using RtpCluster.Media.Rtp.Video;
using RtpCluster.MediaEngine.Sfu;
using RtpCluster.MediaEngine.Tracking;

namespace RtpCluster.MediaEngine.Ingress;

/// <summary>One packet on its way through the stages.</summary>
internal ref struct PacketContext
{
    public PacketContext(Instant now, LocalPort port, in NetEndpoint source, Span<byte> packet, OutputBatch output)
    {
        Now = now;
        Port = port;
        Stream = port.Stream;
        Source = source;
        Packet = packet;
        WireLength = packet.Length;
        Output = output;
    }

    /// <summary>When it arrived.</summary>
    public readonly Instant Now;

    /// <summary>Where it arrived.</summary>
    public readonly LocalPort Port;

    /// <summary>Whose port that is; in a bundle, once it is decrypted: whose media.</summary>
    public StreamRuntime Stream;

    /// <summary>Who sent it.</summary>
    public readonly NetEndpoint Source;

    /// <summary>Where copies go.</summary>
    public readonly OutputBatch Output;

    /// <summary>Bytes as they came, for the counters.</summary>
    public readonly int WireLength;

    /// <summary>The packet; plain and shorter after Unprotect.</summary>
    public Span<byte> Packet;

    /// <summary>Its bytes as they came, when an output wants them; else empty.</summary>
    public Span<byte> Wire;

    /// <summary>What it is.</summary>
    public PacketClass Class;

    /// <summary>RTP: its header.</summary>
    public RtpHeader Header;

    /// <summary>RTP: what is known of its SSRC.</summary>
    public SsrcEntry? Sender;

    /// <summary>RTP: its sequence number with the rollovers that we have seen.</summary>
    public long ExtendedSequence;

    /// <summary>RTP of a stream whose RTCP ends here: its SSRC; null: not followed.</summary>
    public SfuSource? Origin;

    /// <summary>RTP of such a stream: what its payload says.</summary>
    public VideoPayload Video;

    /// <summary>RTP: a telephone-event.</summary>
    public bool IsDtmf;

    /// <summary>RTP: the byte that means silence in its codec; negative: none.</summary>
    public short Silence;
}
