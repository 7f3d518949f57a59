using RtpCluster.Contracts;

namespace RtpCluster.Ng;

/// <summary>A decoded ng command: every option of the request, typed. Built by the flag table only; immutable afterwards by convention.</summary>
public sealed class NgCommand
{
    /// <summary>What to do.</summary>
    public NgVerb Verb { get; set; }

    /// <summary><c>call-id</c>; null: not given.</summary>
    public string? CallId { get; set; }

    /// <summary><c>from-tag</c>.</summary>
    public string? FromTag { get; set; }

    /// <summary><c>from-tags</c>.</summary>
    public List<string> FromTags { get; } = [];

    /// <summary><c>to-tag</c>.</summary>
    public string? ToTag { get; set; }

    /// <summary>Flag <c>to-tag</c>: delete looks at the to-tag.</summary>
    public bool HonourToTag { get; set; }

    /// <summary><c>to-call-id</c> (connect).</summary>
    public string? ToCallId { get; set; }

    /// <summary><c>via-branch</c>.</summary>
    public string? ViaBranch { get; set; }

    /// <summary><c>label</c>, <c>from-label</c>, <c>set-label</c>.</summary>
    public string? Label { get; set; }

    /// <summary><c>to-label</c>.</summary>
    public string? ToLabel { get; set; }

    /// <summary><c>rid</c>: the best simulcast layer that a subscriber may get, by its RTP stream id (RFC 8851); null: any.</summary>
    public string? Rid { get; set; }

    /// <summary><c>layer</c>: the same by position in the publisher's <c>a=simulcast</c>, from 0; null: any.</summary>
    public int? Layer { get; set; }

    /// <summary><c>address</c>: selects the participant whose SDP media address this is.</summary>
    public string? Address { get; set; }

    /// <summary><c>sdp</c>, as received.</summary>
    public string? Sdp { get; set; }

    /// <summary><c>received-from</c>: the source of the SIP message.</summary>
    public IpAddress ReceivedFrom { get; set; }

    /// <summary><c>address-family</c>.</summary>
    public IpFamily AddressFamily { get; set; }

    /// <summary><c>media-address</c>: printed instead of the interface's address.</summary>
    public IpAddress MediaAddress { get; set; }

    /// <summary><c>direction</c>, <c>from-interface</c>, <c>interface</c>: the logical interface toward the sender.</summary>
    public string? FromInterface { get; set; }

    /// <summary><c>direction</c>, <c>to-interface</c>, <c>interface</c>: the logical interface toward the receiver.</summary>
    public string? ToInterface { get; set; }

    /// <summary><c>transport-protocol</c> as text ("RTP/SAVP"); null: keep. "accept" in an answer.</summary>
    public string? TransportProtocol { get; set; }

    /// <summary>Transport shorthand from rtpp-flags words RTP, SRTP, AVP, AVPF, DTLS: bits to change on the sender's protocol.</summary>
    public TransportShorthand TransportChange { get; set; }

    /// <summary>Words of <c>flags</c> that are plain switches.</summary>
    public NgFlags Flags { get; set; }

    /// <summary><c>replace</c>.</summary>
    public ReplaceFlags Replace { get; set; }

    /// <summary><c>rtcp-mux</c>.</summary>
    public RtcpMuxFlags RtcpMux { get; set; }

    /// <summary><c>ICE</c>.</summary>
    public IceOption Ice { get; set; }

    /// <summary><c>bundle</c>.</summary>
    public BundleFlags Bundle { get; set; }

    /// <summary><c>ICE-lite</c>.</summary>
    public IceLiteOption IceLite { get; set; }

    /// <summary><c>DTLS</c>: off, passive, active.</summary>
    public DtlsOption Dtls { get; set; }

    /// <summary><c>DTLS-reverse</c>: our role toward the sender of the SDP; default: none given.</summary>
    public DtlsOption DtlsReverse { get; set; }

    /// <summary><c>DTLS-fingerprint</c>: hash that our fingerprint uses, in lower case; null: none given.</summary>
    public string? DtlsFingerprint { get; set; }

    /// <summary><c>SDES</c>.</summary>
    public SdesOptions Sdes { get; } = new();

    /// <summary><c>OSRTP</c>.</summary>
    public OsrtpFlags Osrtp { get; set; }

    /// <summary><c>codec</c>.</summary>
    public CodecOptions Codec { get; } = new();

    /// <summary><c>extmap</c>: URIs to strip.</summary>
    public List<string> ExtmapStrip { get; } = [];

    /// <summary><c>extmap</c>: URIs to mask.</summary>
    public List<string> ExtmapMask { get; } = [];

    /// <summary><c>sdp-attr</c> by media ("global", "audio", ...).</summary>
    public Dictionary<string, SdpAttrOptions> SdpAttr { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary><c>sdp-media-remove</c>.</summary>
    public List<string> SdpMediaRemove { get; } = [];

    /// <summary><c>endpoint-learning</c>; null: option default.</summary>
    public LearningMode? EndpointLearning { get; set; }

    /// <summary><c>ptime</c> in ms; 0: not given.</summary>
    public int Ptime { get; set; }

    /// <summary><c>ptime-reverse</c> in ms; 0: not given.</summary>
    public int PtimeReverse { get; set; }

    /// <summary><c>delete delay</c> in seconds; null: option default.</summary>
    public int? DeleteDelay { get; set; }

    /// <summary><c>TOS</c>; null: keep; 256: back to the option.</summary>
    public int? Tos { get; set; }

    /// <summary><c>drop-traffic</c>: true start, false stop, null unchanged.</summary>
    public bool? DropTraffic { get; set; }

    /// <summary><c>media-echo</c>.</summary>
    public string? MediaEcho { get; set; }

    /// <summary><c>metadata</c>.</summary>
    public string? Metadata { get; set; }

    /// <summary><c>SIP-code</c>; 0: not given.</summary>
    public int SipCode { get; set; }

    /// <summary><c>sip-message-type</c>: true request, false reply.</summary>
    public bool? SipRequest { get; set; }

    /// <summary><c>limit</c> of list.</summary>
    public long? Limit { get; set; }

    /// <summary><c>all</c>: which subscriptions block/silence touch, or which sources subscribe takes.</summary>
    public AllOption All { get; set; }

    /// <summary><c>supports: load limit</c>.</summary>
    public bool SupportsLoadLimit { get; set; }

    /// <summary><c>body</c> of cli.</summary>
    public string? Body { get; set; }

    /// <summary><c>xmlrpc-callback</c>.</summary>
    public string? XmlrpcCallback { get; set; }

    /// <summary><c>T.38</c> words; anything but plain passthrough is not supported yet.</summary>
    public List<string> T38 { get; } = [];

    /// <summary>The client's cookie, which it repeats when it asks again; null: none.</summary>
    public string? Cookie { get; set; }

    /// <summary>The dictionary it was read from, to send it to another node; null: made by hand.</summary>
    public NgDictionary? Source { get; set; }

    /// <summary>Who asked: address of the ng client, printed as created_from.</summary>
    public string? ClientAddress { get; set; }

    /// <summary>Keys and flags we know but cannot serve yet, by their canonical name ("transcode", "record-call", ...): the call model refuses the harmful ones.</summary>
    public List<string> Unsupported { get; } = [];

    /// <summary>Keys and flags nobody knows: logged and counted.</summary>
    public List<string> UnknownWords { get; } = [];
}

/// <summary>Plain switches of the <c>flags</c> list (peer-behaviour 1.9).</summary>
[Flags]
public enum NgFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,
    AllowAsymmetricCodecs = 1UL << 0, AllowNoCodecMedia = 1UL << 1, AllowTranscoding = 1UL << 2,
    Asymmetric = 1UL << 3, Bidirectional = 1UL << 4, BlockDtmf = 1UL << 5, BlockEgress = 1UL << 6, BlockShort = 1UL << 7,
    Debug = 1UL << 8, Directional = 1UL << 9, EarlyMedia = 1UL << 10, Egress = 1UL << 11, Fatal = 1UL << 12, Fast = 1UL << 13,
    Fragment = 1UL << 14, FullRtcpAttribute = 1UL << 15, GenerateMid = 1UL << 16, RejectIce = 1UL << 17, Inactive = 1UL << 18,
    LoopProtect = 1UL << 19, MediaHandover = 1UL << 20, MirrorRtcp = 1UL << 21, Mix = 1UL << 22, NatWait = 1UL << 23,
    NewBranch = 1UL << 24, ReuseCodecs = 1UL << 25, Passthrough = 1UL << 26, NoPassthrough = 1UL << 27, PortLatching = 1UL << 28,
    NoPortLatching = 1UL << 29, NoRedisUpdate = 1UL << 30, NoRtcpAttribute = 1UL << 31, NoTlsId = 1UL << 32,
    OriginalSendrecv = 1UL << 33, PadCrypto = 1UL << 34, PierceNat = 1UL << 35, Provisional = 1UL << 36, Recrypt = 1UL << 37,
    Reset = 1UL << 38, SingleCodec = 1UL << 39, SipSourceAddress = 1UL << 40, Siprec = 1UL << 41, StaticCodecs = 1UL << 42,
    StrictSource = 1UL << 43, StripExtmap = 1UL << 44, TrickleIce = 1UL << 45, TrustAddress = 1UL << 46, Unidirectional = 1UL << 47,
    Unsubscribe = 1UL << 48, WebRtc = 1UL << 49, All = 1UL << 50, GenerateRtcp = 1UL << 51, NoJitterBuffer = 1UL << 52,
}

/// <summary><c>replace</c> words.</summary>
[Flags]
public enum ReplaceFlags
{
    /// <summary>None.</summary>
    None = 0,
    Origin = 1, SessionName = 2, SdpVersion = 4, Username = 8, OriginFull = 16, ZeroAddress = 32, ForceIncrementSdpVersion = 64,

    /// <summary>Accepted; does nothing, as in the peer.</summary>
    SessionConnection = 128,
}

/// <summary><c>rtcp-mux</c> words.</summary>
[Flags]
public enum RtcpMuxFlags
{
    /// <summary>None.</summary>
    None = 0,
    Offer = 1, Require = 2, Demux = 4, Accept = 8, Reject = 16,
}

/// <summary><c>ICE</c> values.</summary>
public enum IceOption
{
    /// <summary>Not given or "default".</summary>
    Default,
    Remove, Force, Optional, ForceRelay,
}

/// <summary><c>bundle</c> words.</summary>
[Flags]
public enum BundleFlags
{
    /// <summary>None.</summary>
    None = 0,
    Accept = 1, Offer = 2, Require = 4, Strict = 8, Reject = 16,
}

/// <summary><c>ICE-lite</c> values: toward whom we are ICE-lite.</summary>
public enum IceLiteOption
{
    /// <summary>Not given, or off.</summary>
    Off,
    Forward, Backward, Both,
}

/// <summary><c>DTLS</c> values.</summary>
public enum DtlsOption
{
    /// <summary>Not given.</summary>
    Default,
    Off, Passive, Active,
}

/// <summary><c>OSRTP</c> words.</summary>
[Flags]
public enum OsrtpFlags
{
    /// <summary>None.</summary>
    None = 0,
    Offer = 1, OfferLegacy = 2, Accept = 4, AcceptLegacy = 8,
}

/// <summary>Transport shorthand words of rtpp-flags.</summary>
[Flags]
public enum TransportShorthand
{
    /// <summary>None.</summary>
    None = 0,
    ClearSrtp = 1, SetSrtp = 2, ClearFeedback = 4, SetFeedback = 8, SetDtls = 16,
}

/// <summary><c>all</c> values.</summary>
public enum AllOption
{
    /// <summary>Not given.</summary>
    None,
    All, OfferAnswer, ExceptOfferAnswer, Flows,
}

/// <summary><c>SDES</c> words.</summary>
public sealed class SdesOptions
{
    /// <summary>off, no, disable.</summary>
    public bool Off { get; set; }

    /// <summary>no-SUITE.</summary>
    public HashSet<SrtpSuite> No { get; } = [];

    /// <summary>only-SUITE; empty: all.</summary>
    public HashSet<SrtpSuite> Only { get; } = [];

    /// <summary>order:A;B.</summary>
    public List<SrtpSuite> Order { get; } = [];

    /// <summary>offerer_pref:A;B.</summary>
    public List<SrtpSuite> OffererPreference { get; } = [];

    /// <summary>unencrypted_srtp (true), encrypted_srtp (false), not given (null).</summary>
    public bool? UnencryptedSrtp { get; set; }

    /// <summary>unencrypted_srtcp (true), encrypted_srtcp (false), not given (null).</summary>
    public bool? UnencryptedSrtcp { get; set; }

    /// <summary>unauthenticated_srtp (true), authenticated_srtp (false), not given (null).</summary>
    public bool? UnauthenticatedSrtp { get; set; }

    /// <summary>lifetime.</summary>
    public bool Lifetime { get; set; }

    /// <summary>pad.</summary>
    public bool Pad { get; set; }

    /// <summary>static.</summary>
    public bool Static { get; set; }

    /// <summary>nonew.</summary>
    public bool NoNew { get; set; }

    /// <summary>prefer (over DTLS).</summary>
    public bool Prefer { get; set; }
}

/// <summary><c>codec</c> lists, in the order given; entries are "name", "name/clock", "name/clock/channels", a payload type number, "all" or "full".</summary>
public sealed class CodecOptions
{
    public List<string> Strip { get; } = [];
    public List<string> Offer { get; } = [];
    public List<string> Except { get; } = [];
    public List<string> Ignore { get; } = [];
    public List<string> Transcode { get; } = [];
    public List<string> Mask { get; } = [];
    public List<string> Accept { get; } = [];
    public List<string> Consume { get; } = [];
    public List<string> Set { get; } = [];
}

/// <summary><c>sdp-attr</c> of one media.</summary>
public sealed class SdpAttrOptions
{
    public List<string> Add { get; } = [];
    public List<string> Remove { get; } = [];
    public List<KeyValuePair<string, string>> Substitute { get; } = [];
}
