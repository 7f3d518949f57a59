namespace RtpCluster.Contracts;

/// <summary>
/// Everything a media node must do for one call. Complete: it replaces the call's earlier plan. Pushed by the call actor, applied by the
/// node agent; applying the same epoch twice is a no-op, an older epoch is refused.
/// </summary>
public sealed record MediaPlan
{
    /// <summary>The call.</summary>
    public required CallId CallId { get; init; }

    /// <summary>Counts up with each plan of the call, from 1.</summary>
    public required long Epoch { get; init; }

    /// <summary>Every bound stream of the call.</summary>
    public required StreamPlan[] Streams { get; init; }

    /// <summary>Drop everything that arrives (ng <c>drop-traffic: start</c>).</summary>
    public bool DropTraffic { get; init; }

    /// <summary>When the last offer or answer was: the 3 s of endpoint learning count from here.</summary>
    public Instant LastSignal { get; init; }

    /// <summary>When the call began: silence counts from here until a packet comes.</summary>
    public Instant Created { get; init; }

    /// <summary>Which MOS formula and input the RTCP statistics use.</summary>
    public MosModel Mos { get; init; }
}

/// <summary>What a stream carries.</summary>
public enum StreamKind : byte
{
    /// <summary>RTP only; RTCP has a port of its own. An RTCP packet that comes here all the same is handled as RTCP.</summary>
    Rtp,

    /// <summary>RTCP only.</summary>
    Rtcp,

    /// <summary>RTP and RTCP on one port, RFC 5761.</summary>
    RtpMux,

    /// <summary>Bytes we do not look into: UDPTL and other non-RTP media.</summary>
    Raw,
}

/// <summary>How a stream finds out where its remote really sends from (peer's endpoint-learning).</summary>
public enum LearningMode : byte
{
    /// <summary>Signalled address only.</summary>
    Off,

    /// <summary>The first packet's source is it.</summary>
    Immediate,

    /// <summary>Follow every packet for 3 s after signalling, then confirm the next one.</summary>
    Delayed,

    /// <summary>Rank sources against the signalled address for 3 s; an exact match confirms at once.</summary>
    Heuristic,

    /// <summary>ICE alone says where the remote is; packets from elsewhere are dropped.</summary>
    Ice,
}

/// <summary>Which of the peer's MOS calculations applies.</summary>
public enum MosModel : byte
{
    /// <summary>Conversational quality, narrow band; needs the round-trip time.</summary>
    Conversational,

    /// <summary>Listening quality: the round-trip time counts as 0.</summary>
    Listening,

    /// <summary>ITU-T G.107.2 for 48 kHz codecs, else as <see cref="Conversational"/>.</summary>
    FullBand,

    /// <summary>The peer's legacy formula (also "G.107").</summary>
    Legacy,
}

/// <summary>Why a call ends when its media falls silent.</summary>
public enum IdleReason : byte
{
    /// <summary>An established stream fell silent (option timeout).</summary>
    Timeout,

    /// <summary>A held or receive-less stream (option silent-timeout).</summary>
    SilentTimeout,

    /// <summary>No answer yet (option offer-timeout).</summary>
    OfferTimeout,
}

/// <summary>One stream: a local port, who sends to it, and where each packet goes.</summary>
public sealed record StreamPlan
{
    /// <summary>Names the stream over all epochs: its counters, learned endpoint and SRTP indices stay with this id.</summary>
    public required StreamId Id { get; init; }

    /// <summary>What it carries.</summary>
    public required StreamKind Kind { get; init; }

    /// <summary>Our bound ports; the first one is what we send from until a packet selects another (ICE-less calls have exactly one).</summary>
    public required NetEndpoint[] Locals { get; init; }

    /// <summary>The RTCP stream of an RTP stream, and back; -1: none.</summary>
    public StreamId Sibling { get; init; } = new(-1);

    /// <summary>Where the remote asked us to send (its SDP). None or port 0: nothing is sent there.</summary>
    public NetEndpoint Remote { get; init; }

    /// <summary>An endpoint that was confirmed before (adoption, take-over). None: nothing known.</summary>
    public NetEndpoint Learned { get; init; }

    /// <summary>The remote's SDP is known; nothing is learned before.</summary>
    public bool Filled { get; init; }

    /// <summary>Our SDP for this media has been printed; nothing is learned before.</summary>
    public bool Public { get; init; }

    /// <summary>Endpoint learning mode.</summary>
    public LearningMode Learning { get; init; } = LearningMode.Heuristic;

    /// <summary>Behaviour switches.</summary>
    public StreamFlags Flags { get; init; }

    /// <summary>IP TOS / traffic class of what we send from here.</summary>
    public byte Tos { get; init; }

    /// <summary>Keys of what the remote sends; null: plain.</summary>
    public SrtpKeys? Decrypt { get; init; }

    /// <summary>Keys of what we send to the remote; null: plain.</summary>
    public SrtpKeys? Encrypt { get; init; }

    /// <summary>The payload types the remote may send, with their clocks (jitter, MOS) and silence patterns.</summary>
    public PayloadTypePlan[] PayloadTypes { get; init; } = [];

    /// <summary>Who gets the RTP (or raw) packets that arrive here.</summary>
    public OutputPlan[] RtpOutputs { get; init; } = [];

    /// <summary>Who gets the RTCP packets that arrive here.</summary>
    public OutputPlan[] RtcpOutputs { get; init; } = [];

    /// <summary>Seconds of silence that this stream tolerates; 0: it never counts.</summary>
    public int IdleSeconds { get; init; }

    /// <summary>What a silence longer than <see cref="IdleSeconds"/> is called.</summary>
    public IdleReason IdleReason { get; init; }

    /// <summary>SRTP running state to start from (adoption, take-over); empty on new streams.</summary>
    public SrtpCheckpoint[] Checkpoints { get; init; } = [];

    /// <summary>
    /// SRTCP indices of sources without a checkpoint begin above it: the media node that the call was taken over from may have used lower ones. 0: new.
    /// </summary>
    public uint RtcpFloor { get; init; }

    /// <summary>
    /// The stream whose port, path and keys this one uses (BUNDLE, RFC 8843); -1: its own. Packets that arrive at that stream's port are told
    /// apart by payload type. Such a stream has no <see cref="Locals"/>, ICE and DTLS of its own.
    /// </summary>
    public StreamId Bundle { get; init; } = new(-1);

    /// <summary>The stream finds its remote by ICE (<see cref="LearningMode.Ice"/>); null: it does not.</summary>
    public IcePlan? Ice { get; init; }

    /// <summary>
    /// The stream gets its keys by DTLS; null: it does not. Until the keys are there (in <see cref="Decrypt"/> and <see cref="Encrypt"/>,
    /// or found by the media process itself) no RTP goes in or out.
    /// </summary>
    public DtlsPlan? Dtls { get; init; }

    /// <summary>RTCP ends here on this hop; null: it passes end to end by <see cref="RtcpOutputs"/>.</summary>
    public FeedbackPlan? Feedback { get; init; }

    /// <summary>Header extensions of what the remote sends and gets.</summary>
    public ExtensionIds Extensions { get; init; }

    /// <summary>The remote's name of this media (<c>a=mid</c>): said in what it gets when it negotiated that, and heeded in what it sends. Empty: none.</summary>
    public string Mid { get; init; } = "";
}

/// <summary>Behaviour switches of a stream (peer's flags of the same names).</summary>
[Flags]
public enum StreamFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Drop packets whose source is not the learned endpoint.</summary>
    StrictSource = 1,

    /// <summary>A new source after confirmation becomes the endpoint.</summary>
    MediaHandover = 2,

    /// <summary>Send to the signalled address even when another was learned.</summary>
    Asymmetric = 4,

    /// <summary>Send nothing to this stream's remote before it has sent something.</summary>
    NatWait = 8,

    /// <summary>Send a small packet on signalling to open the remote's way through a NAT.</summary>
    PierceNat = 16,

    /// <summary>Do not wait for reverse media.</summary>
    Unidirectional = 32,

    /// <summary>The remote is one of our own addresses: remember recent packets and drop duplicates.</summary>
    LoopCheck = 64,

    /// <summary>The remote may send to us (SDP direction). When clear, its RTP is counted and not forwarded; RTCP still flows.</summary>
    MaySend = 128,

    /// <summary>The remote wants to receive (SDP direction). When clear, no RTP is sent to it; RTCP still flows.</summary>
    MayReceive = 256,

    /// <summary>The timeout rule looks at this stream: a call lives while any such stream is within its limit, or, when there is none, while any stream is.</summary>
    CountsAsReceiving = 512,

    /// <summary>Drop RTP payloads shorter than the codec's nominal frame (block-short-packets).</summary>
    BlockShort = 1024,

    /// <summary>The remote asks for lost packets (RTCP NACK): the last ones sent to it are kept and sent again.</summary>
    Retransmit = 2048,
}

/// <summary>A payload type that a remote may send.</summary>
/// <param name="Number">0 to 127.</param>
/// <param name="Name">Encoding name, as in rtpmap.</param>
/// <param name="ClockRate">RTP clock in Hz.</param>
/// <param name="SilenceByte">Byte that fills a silenced payload (PCMA 0xd5, PCMU 0xff, G722 0xfa); -1: cannot be silenced, drop instead.</param>
/// <param name="NominalBytes">Payload bytes of one nominal packet; 0: variable.</param>
/// <param name="FullBand">The codec's default clock is 48 kHz (MOS G.107.2).</param>
public readonly record struct PayloadTypePlan(
    byte Number, string Name, int ClockRate, short SilenceByte = -1, int NominalBytes = 0, bool FullBand = false);

/// <summary>One rewritten copy of a stream's packets.</summary>
public sealed record OutputPlan
{
    /// <summary>The stream whose remote gets the copy; it is sent from that stream's local port, with its <see cref="StreamPlan.Encrypt"/> keys.</summary>
    public required StreamId To { get; init; }

    /// <summary>Payload types to rename; others pass as they are.</summary>
    public PayloadTypeMap[] PayloadTypeMaps { get; init; } = [];

    /// <summary>What to do with the packets.</summary>
    public OutputFlags Flags { get; init; }

    /// <summary>Header extension ids to remove (strip-extmap, extmap strip); empty: none.</summary>
    public byte[] StripExtensions { get; init; } = [];

    /// <summary>The best simulcast layer that it may get, by position in <see cref="FeedbackPlan.Layers"/>; -1: whichever is best for it.</summary>
    public int Layer { get; init; } = -1;
}

/// <summary>Switches of one output.</summary>
[Flags]
public enum OutputFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Count, do not send (block media).</summary>
    Blocked = 1,

    /// <summary>Replace audio by silence (silence media).</summary>
    Silenced = 2,

    /// <summary>Drop telephone-event packets (block DTMF).</summary>
    BlockDtmf = 4,

    /// <summary>Remove RTPFB and PSFB from compound RTCP: AVPF to AVP.</summary>
    StripFeedback = 8,

    /// <summary>Remove every header extension (strip-extmap).</summary>
    StripAllExtensions = 16,

    /// <summary>Keys and suites are the same on both sides: the packet may pass without decryption and encryption.</summary>
    SrtpPassthrough = 32,
}

/// <summary>Renames a payload type on one output.</summary>
public readonly record struct PayloadTypeMap(byte From, byte To);

/// <summary>Running SRTP state of one SSRC of one stream and direction.</summary>
/// <param name="Ssrc">The SSRC.</param>
/// <param name="Outbound">True: what we send; false: what we receive.</param>
/// <param name="RtpIndex">Highest 48-bit packet index seen or reserved.</param>
/// <param name="RtcpIndex">Highest 31-bit SRTCP index seen or reserved.</param>
public readonly record struct SrtpCheckpoint(uint Ssrc, bool Outbound, ulong RtpIndex, uint RtcpIndex);
