using System.Text.Json.Serialization;
using RtpCluster.CallModel.Negotiation;
using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel;

/// <summary>Switches of a media; the numbers are persisted.</summary>
[Flags]
public enum MediaFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The remote's SDP for it is known.</summary>
    Filled = 1,

    /// <summary>Our SDP for it has been printed toward the remote.</summary>
    Public = 2,

    /// <summary>The remote may send to us: its direction is sendrecv or sendonly.</summary>
    Send = 4,

    /// <summary>The remote wants to receive: its direction is sendrecv or recvonly.</summary>
    Recv = 8,

    /// <summary>Port 0 in the last SDP: disabled both ways, its index stays.</summary>
    Rejected = 16,

    /// <summary>RTP and RTCP share the port toward this remote.</summary>
    RtcpMux = 32,

    /// <summary>Drop packets from other sources than the learned one.</summary>
    StrictSource = 512,

    /// <summary>A new source becomes the endpoint.</summary>
    MediaHandover = 1024,

    /// <summary>Send to the signalled address whatever was learned.</summary>
    Asymmetric = 2048,

    /// <summary>Do not wait for reverse media.</summary>
    Unidirectional = 4096,

    /// <summary>Send nothing before something came.</summary>
    NatWait = 8192,

    /// <summary>Open the remote's way through a NAT with a small packet.</summary>
    PierceNat = 16384,

    /// <summary>Drop packets shorter than the codec's nominal frame.</summary>
    BlockShort = 32768,

    /// <summary>Do not send media to this remote.</summary>
    BlockEgress = 65536,

    /// <summary>Remove every RTP header extension.</summary>
    StripExtmap = 1 << 17,

    /// <summary>Plain RTP by name with keys attached (OSRTP, RFC 8643).</summary>
    Osrtp = 1 << 18,

    /// <summary>Print the remote's zero address as such (hold by c=0.0.0.0).</summary>
    ZeroAddress = 1 << 19,

    /// <summary>The remote is one of our own addresses.</summary>
    LoopCheck = 1 << 20,

    /// <summary>The remote needs SRTP and no key was agreed: nothing may be sent to it.</summary>
    NoKeys = 1 << 21,

    /// <summary>The offer had an order of its own for the remote's crypto suites (SDES <c>offerer_pref</c>): its first line is taken.</summary>
    SdesReordered = 1 << 22,

    /// <summary>The remote's ICE and keys pass to the other side as they are, and so do the packets that come to our ports.</summary>
    IcePassthrough = 1 << 23,

    /// <summary>With <see cref="IcePassthrough"/>: our port is printed as a relay's, and no other relay.</summary>
    IceRelay = 1 << 24,
}

/// <summary>The local ports of a media.</summary>
/// <param name="Address">Bound address.</param>
/// <param name="Advertised">What SDP says.</param>
/// <param name="Rtp">RTP port.</param>
/// <param name="Rtcp">RTCP port; 0: none.</param>
/// <param name="For">The remote endpoint the pair was opened for; none: a wildcard until it is known.</param>
public sealed record PortPair(IpAddress Address, IpAddress Advertised, ushort Rtp, ushort Rtcp, NetEndpoint For)
{
    /// <summary>With ICE: ports on the other addresses of the interface, which are candidates too; in order of preference.</summary>
    public PortPair[] More { get; init; } = [];

    /// <summary>This one and <see cref="More"/>.</summary>
    public IEnumerable<PortPair> All() => More.Prepend(this);

    /// <summary>Without RTCP ports.</summary>
    public PortPair WithoutRtcp() => this with { Rtcp = 0, More = Array.ConvertAll(More, p => p with { Rtcp = 0 }) };
}

/// <summary>One m-line of one monologue: what its remote told us and what we told it.</summary>
public sealed class CallMedia
{
    private static readonly MediaTransport NotNegotiated = new(new SdpProtocol(string.Empty, SdpProtocolFlags.Rtp));

    /// <summary>Unique in the call, never reused.</summary>
    public required int Id { get; set; }

    /// <summary><see cref="Monologue.Id"/> of its owner.</summary>
    public required int MonologueId { get; set; }

    /// <summary>Position in the owner's SDP, from 1.</summary>
    public required int Index { get; set; }

    /// <summary><see cref="Id"/> of the other side's media it was last negotiated with; 0: none.</summary>
    public int PeerId { get; set; }

    /// <summary><c>a=mid</c>; null: none.</summary>
    public string? Mid { get; set; }

    /// <summary>audio, video, image, ...</summary>
    public required string Type { get; set; }

    /// <summary>Transport toward this remote as last printed or received; an empty name: not negotiated yet.</summary>
    public MediaTransport Transport { get; set; } = new(new SdpProtocol("", SdpProtocolFlags.Rtp));

    /// <summary>What the last offer printed toward this remote decided about rtcp-mux; read by its answer.</summary>
    public RtcpMuxOffer MuxOffer { get; set; }

    /// <summary>Formats of a media that is not RTP.</summary>
    public string? RawFormats { get; set; }

    /// <summary>Switches.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public MediaFlags Flags { get; set; } = MediaFlags.Send | MediaFlags.Recv;

    /// <summary>What the remote's SDP says it can receive, in its order and with its payload types.</summary>
    public List<SdpCodec> Codecs { get; set; } = [];

    /// <summary>What our SDP toward the remote said: the payload types it may send.</summary>
    public List<SdpCodec> PrintedCodecs { get; set; } = [];

    /// <summary>Where the remote wants RTP. None: unknown.</summary>
    public NetEndpoint Remote { get; set; }

    /// <summary>Where the remote wants RTCP (a=rtcp, else the next port; the same with mux).</summary>
    public NetEndpoint RemoteRtcp { get; set; }

    /// <summary>Address of the remote's SDP before received-from replaced it; for selection by <c>address</c>.</summary>
    public IpAddress SdpAddress { get; set; }

    /// <summary>Logical interface that faces the remote; null: default.</summary>
    public string? Interface { get; set; }

    /// <summary>Address family toward the remote; none: not decided.</summary>
    public IpFamily Family { get; set; }

    /// <summary>Our ports; null: none.</summary>
    public PortPair? Ports { get; set; }

    /// <summary>Stream of the RTP (or mux, or raw) port.</summary>
    public required StreamId RtpStream { get; set; }

    /// <summary>Stream of the RTCP port.</summary>
    public required StreamId RtcpStream { get; set; }

    /// <summary>Confirmed RTP endpoint; none: not confirmed.</summary>
    public NetEndpoint LearnedRtp { get; set; }

    /// <summary>Confirmed RTCP endpoint; none: not confirmed.</summary>
    public NetEndpoint LearnedRtcp { get; set; }

    /// <summary>Crypto lines of the remote's last SDP, in its order.</summary>
    public List<SdpCrypto> SdesReceived { get; set; } = [];

    /// <summary>Crypto lines of our last SDP toward the remote (after its answer: only the accepted one), in order.</summary>
    public List<SdpCrypto> SdesSent { get; set; } = [];

    /// <summary>Tag of the line in <see cref="SdesSent"/> that the remote accepted; 0: none yet.</summary>
    public int SdesAcceptedTag { get; set; }

    /// <summary><see cref="Id"/> of the media whose port, ICE and DTLS it uses (BUNDLE); 0: its own.</summary>
    public int BundleOwner { get; set; }

    /// <summary>ICE toward the remote; null: none.</summary>
    public MediaIce? Ice { get; set; }

    /// <summary>DTLS-SRTP toward the remote; null: none.</summary>
    public MediaDtls? Dtls { get; set; }

    /// <summary>The remote's header extensions and unknown attributes, for the subscribers of a publisher.</summary>
    public List<string> SourceAttributes { get; set; } = [];

    /// <summary>A publisher's header extensions that we took.</summary>
    public List<ExtMapAttribute> AcceptedExtensions { get; set; } = [];

    /// <summary>Ids of the header extensions that we read from the remote or write to it.</summary>
    public ExtensionIds Extensions { get; set; }

    /// <summary>The simulcast layers that the remote sends, in the order of its SDP; empty: one stream.</summary>
    public List<LayerPlan> Layers { get; set; } = [];

    /// <summary>The one SSRC that a subscriber of a publisher with layers gets; 0: none.</summary>
    public uint SendSsrc { get; set; }

    /// <summary>The SSRCs of the remote's retransmissions that its SDP names.</summary>
    public List<RepairPlan> Repairs { get; set; } = [];

    /// <summary>SSRC in which a subscriber that takes <c>rtx</c> gets lost packets again; 0: none.</summary>
    public uint RetransmitSsrc { get; set; }

    /// <summary>Keys of what the remote sends; null: plain.</summary>
    public SrtpKeys? DecryptKeys { get; set; }

    /// <summary>Keys of what we send to the remote; null: plain.</summary>
    public SrtpKeys? EncryptKeys { get; set; }

    /// <summary>SRTP running state of the RTP stream.</summary>
    public List<SrtpCheckpoint> RtpCheckpoints { get; set; } = [];

    /// <summary>SRTP running state of the RTCP stream.</summary>
    public List<SrtpCheckpoint> RtcpCheckpoints { get; set; } = [];

    /// <summary>Packet time in ms of the remote's SDP; 0: not said.</summary>
    public int PacketTime { get; set; }

    /// <summary>Packet time in ms to announce to this remote (ptime, ptime-reverse); 0: as the other side says.</summary>
    public int PtimeOverride { get; set; }

    /// <summary>Header extension ids to remove toward this remote.</summary>
    public List<byte> StripExtensions { get; set; } = [];

    /// <summary>True for RTP profiles (and for a media that is not negotiated yet).</summary>
    public bool IsRtp => Transport.IsRtp;

    /// <summary>True when RTCP has a port of its own in force.</summary>
    public bool HasRtcpStream => Ports is { Rtcp: > 0 } && IsRtp && !Has(MediaFlags.RtcpMux);

    /// <summary>True when all of <paramref name="flag"/> is set.</summary>
    public bool Has(MediaFlags flag) => (Flags & flag) == flag;

    /// <summary>Sets or clears.</summary>
    public void Set(MediaFlags flag, bool on = true) => Flags = on ? Flags | flag : Flags & ~flag;

    /// <summary>Another type now stands at this index: forgets what was negotiated. Streams keep their ids, the media its ports.</summary>
    public void Reset(string type)
    {
        Type = type;
        Flags = MediaFlags.Send | MediaFlags.Recv;
        Transport = NotNegotiated;
        MuxOffer = default;
        Codecs = [];
        PrintedCodecs = [];
        SdesReceived = [];
        SdesSent = [];
        SdesAcceptedTag = 0;
        DecryptKeys = null;
        EncryptKeys = null;
        Ice = null;
        Dtls = null;
        BundleOwner = 0;
        SourceAttributes = [];
        AcceptedExtensions = [];
        Extensions = default;
        Layers = [];
        Repairs = [];
        Remote = default;
        RemoteRtcp = default;
    }

    /// <summary>A deep copy; immutable parts are shared.</summary>
    public CallMedia Clone()
    {
        var copy = (CallMedia)MemberwiseClone();
        copy.Codecs = [.. Codecs];
        copy.PrintedCodecs = [.. PrintedCodecs];
        copy.SdesReceived = [.. SdesReceived];
        copy.SdesSent = [.. SdesSent];
        copy.RtpCheckpoints = [.. RtpCheckpoints];
        copy.RtcpCheckpoints = [.. RtcpCheckpoints];
        copy.StripExtensions = [.. StripExtensions];
        copy.SourceAttributes = [.. SourceAttributes];
        copy.AcceptedExtensions = [.. AcceptedExtensions];
        copy.Layers = [.. Layers];
        copy.Repairs = [.. Repairs];
        return copy;
    }
}
