namespace RtpCluster.NodeAgent.Kernel;

// The numbers of kernel/uapi/rtpcluster.h under its names, RTPC_ prefixes left out. A test compares both.

/// <summary>enum rtpc_cmd.</summary>
internal enum KernelCommand : byte
{
    InfoGet = 1,
    TableSet = 2,
    TableRenew = 3,
    TableGet = 4,
    TableFlush = 5,
    TableDel = 6,
    TargetSet = 7,
    TargetGet = 8,
    TargetDel = 9,
    TargetModify = 10,
    StatsGet = 11,
    SrtpSeed = 12,
    Event = 13,
}

/// <summary>enum rtpc_attr: attributes of a message.</summary>
internal enum KernelAttribute : ushort
{
    Pad = 1,
    Table = 2,
    Lease = 3,
    LeaseLeft = 4,
    Owner = 5,
    Targets = 6,
    TableStats = 7,
    Local = 8,
    Kind = 9,
    TargetFlags = 10,
    Expect = 11,
    Mismatch = 12,
    Crypto = 13,
    Ssrcs = 14,
    SsrcUnknown = 15,
    Pts = 16,
    PtUnknown = 17,
    Idle = 18,
    RtcpMark = 19,
    Epoch = 20,
    Cookie = 21,
    Output = 22,
    Stats = 23,
    SsrcStats = 24,
    PtStats = 25,
    OutputStats = 26,
    SrtpState = 27,
    Detail = 28,
    Since = 29,
    CryptoId = 30,
    Direction = 31,
    Abi = 32,
    Version = 33,
    CryptoPath = 34,
    Limits = 35,
    WithKeys = 36,
    Event = 37,
    Ssrc = 38,
    Pt = 39,
    Source = 40,
    Count = 41,
}

/// <summary>enum rtpc_output_attr: attributes of an output.</summary>
internal enum KernelOutputAttribute : ushort
{
    Pad = 1,
    Id = 2,
    Rtcp = 3,
    Src = 4,
    Dst = 5,
    Tos = 6,
    Ttl = 7,
    Flags = 8,
    Hold = 9,
    Crypto = 10,
    SsrcMap = 11,
    PtMap = 12,
    ExtStrip = 13,
    ExtKeep = 14,
    MidId = 15,
    Mid = 16,
    Stats = 17,
    SrtpState = 18,
}

/// <summary>enum rtpc_crypto_attr: attributes of a set of keys.</summary>
internal enum KernelCryptoAttribute : ushort
{
    Pad = 1,
    Id = 2,
    Suite = 3,
    MasterKey = 4,
    MasterSalt = 5,
    RtpKey = 6,
    RtpSalt = 7,
    RtpAuth = 8,
    RtcpKey = 9,
    RtcpSalt = 10,
    RtcpAuth = 11,
    Mki = 12,
    Flags = 13,
    SrtpState = 14,
}

/// <summary>enum rtpc_event: what the kernel tells by itself.</summary>
internal enum KernelEventKind : byte
{
    NewSsrc = 1,
    UnknownPt = 2,
    SourceChanged = 3,
    AuthFailed = 4,
    Idle = 5,
    LeaseExpired = 6,
}

/// <summary>RTPC_TF_*: switches of a target.</summary>
[Flags]
internal enum KernelTargetFlags : uint
{
    DropAll = 1,
    MayNotSend = 2,
    BlockShort = 4,
    RtcpUp = 8,
    RtcpLocal = 16,
    Reset = 32,
}

/// <summary>RTPC_OF_*: switches of an output.</summary>
[Flags]
internal enum KernelOutputFlags : uint
{
    None = 0,
    Silenced = 1,
    BlockDtmf = 2,
    StripFeedback = 4,
    StripExt = 8,
    Passthrough = 16,
    Firewall = 32,
}

/// <summary>RTPC_CF_*: switches of a set of keys.</summary>
[Flags]
internal enum KernelCryptoFlags : uint
{
    UnencryptedSrtp = 1,
    UnencryptedSrtcp = 2,
    UnauthenticatedSrtp = 4,
}
