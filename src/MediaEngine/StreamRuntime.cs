using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;
using RtpCluster.MediaEngine.Egress;
using RtpCluster.MediaEngine.Ingress;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.MediaEngine.Routing;
using RtpCluster.MediaEngine.Sfu;
using RtpCluster.MediaEngine.Tracking;

namespace RtpCluster.MediaEngine;

/// <summary>One stream as the packet path sees it: the plan's data in force plus everything that runs on over plans.</summary>
internal sealed class StreamRuntime(CallRuntime call, StreamId id)
{
    /// <summary>The call.</summary>
    public readonly CallRuntime Call = call;

    /// <summary>Its id.</summary>
    public readonly StreamId Id = id;

    /// <summary>The plan in force.</summary>
    public StreamPlan Plan = null!;

    /// <summary>Cached from the plan.</summary>
    public StreamKind Kind;

    /// <summary>Cached from the plan.</summary>
    public StreamFlags Flags;

    /// <summary>Cached from the plan.</summary>
    public byte Tos;

    /// <summary>Our ports, in the plan's order.</summary>
    public LocalPort[] Locals = [];

    /// <summary>Index of the port we send from.</summary>
    public int SelectedLocal;

    /// <summary>The RTCP stream of an RTP stream, and back.</summary>
    public StreamRuntime? Sibling;

    /// <summary>Copies of RTP and raw packets.</summary>
    public Output[] RtpOutputs = [];

    /// <summary>Copies of RTCP packets.</summary>
    public Output[] RtcpOutputs = [];

    /// <summary>The streams whose RTP goes to this stream's remote.</summary>
    public readonly List<StreamRuntime> Sources = [];

    /// <summary>SRTP of what the remote sends; null: plain. Shared with the sibling when both have the same keys.</summary>
    public SrtpSide? Inbound;

    /// <summary>SRTP of what we send; null: plain. Shared with the sibling when both have the same keys: one SRTCP index per key and SSRC.</summary>
    public SrtpSide? Outbound;

    /// <summary>How many RTP outputs take protected packets as they are.</summary>
    public SrtpPass RtpPass;

    /// <summary>How many RTCP outputs take protected packets as they are.</summary>
    public SrtpPass RtcpPass;

    /// <summary>Remembers packets when the remote is one of our own addresses; else null.</summary>
    public LoopFilter? Loops;

    /// <summary>What is known and counted of payload types.</summary>
    public readonly PayloadTypeTable Types = new();

    /// <summary>The SSRCs that arrive.</summary>
    public readonly SsrcTable Ssrcs = new();

    /// <summary>The SSRCs that we send.</summary>
    public readonly EgressSsrcList Egress = new();

    /// <summary>Where the remote is.</summary>
    public EndpointLearner Learner;

    /// <summary>Whose port, path and keys its packets take: another stream's in a bundle, else its own.</summary>
    public StreamRuntime Transport = null!;

    /// <summary>What was sent last, for the remote's NACKs; null: it sends none.</summary>
    public PacketCache? Cache;

    /// <summary>The stream in which the remote gets lost packets again: <see cref="Cache"/> then holds them before protection. Null: they come as they were.</summary>
    public RepairStream? Repair;

    /// <summary>The streams with a <see cref="Cache"/> whose NACKs arrive here: itself, and those of its bundle.</summary>
    public StreamRuntime[] Receivers = [];

    /// <summary>The owner of a bundle: whose media a packet is. Null: no bundle.</summary>
    public BundleTable? Bundle;

    /// <summary>Its RTCP ends here; null: it passes end to end.</summary>
    public SfuLeg? Leg;

    /// <summary>When packets came on its path, with transport-wide numbers; null: none of them has one.</summary>
    public TransportWideRecorder? Arrivals;

    /// <summary>The streams with a <see cref="Leg"/> whose RTCP arrives here: itself, and those of its bundle.</summary>
    public StreamRuntime[] Legs = [];

    /// <summary>What goes from here, by the id of the stream that gets it; only with a <see cref="Leg"/>.</summary>
    public readonly Dictionary<int, SfuFlow> Flows = [];

    /// <summary>STUN and DTLS packets go to the thread that runs ICE and DTLS.</summary>
    public bool HasTransport;

    /// <summary>Where ICE lets media come from; null: no ICE.</summary>
    public NetEndpoint[]? IceSources;

    /// <summary>DTLS has not given the keys yet: nothing goes in or out.</summary>
    public bool AwaitsKeys;

    /// <summary>The association that <see cref="AgreedDecrypt"/> and <see cref="AgreedEncrypt"/> are of.</summary>
    public int Association;

    /// <summary>What DTLS found here; the plan's keys come first.</summary>
    public SrtpKeys? AgreedDecrypt;

    /// <summary>What DTLS found here; the plan's keys come first.</summary>
    public SrtpKeys? AgreedEncrypt;

    /// <summary>The remote has sent something (NAT-wait).</summary>
    public bool Heard;

    /// <summary>When the last packet was accepted; 0: never.</summary>
    public Instant LastPacket;

    public long InPackets;
    public long InBytes;
    public long InErrors;
    public long OutPackets;
    public long OutBytes;

    /// <summary>Its row in the forwarding table; null: its packets come here.</summary>
    public OffloadRow? Offload;

    /// <summary>What kept it here when it was looked at last.</summary>
    public OffloadObstacle Obstacle;

    /// <summary>Not looked at again before.</summary>
    public Instant OffloadAfter;

    /// <summary>It waits to be looked at.</summary>
    public bool OffloadQueued;

    /// <summary>When the last <c>EndpointLearned</c> went up.</summary>
    public Instant LastEndpointFact;

    /// <summary>Keys in force of what the remote sends; null: plain, or not there yet.</summary>
    public SrtpKeys? DecryptKeys => Plan.Decrypt ?? (Plan.Dtls?.Association == Association ? AgreedDecrypt : null);

    /// <summary>Keys in force of what we send; null: plain, or not there yet.</summary>
    public SrtpKeys? EncryptKeys => Plan.Encrypt ?? (Plan.Dtls?.Association == Association ? AgreedEncrypt : null);

    /// <summary>Has this switch.</summary>
    public bool Has(StreamFlags flag) => (Flags & flag) != 0;

    /// <summary>The port we send from; null: none.</summary>
    public LocalPort? Selected => SelectedLocal < Locals.Length ? Locals[SelectedLocal] : null;
}

/// <summary>One bound port of a stream.</summary>
internal sealed class LocalPort(PortHandle handle, NetEndpoint local, StreamRuntime stream, int index, InterfaceCounters counters)
{
    /// <summary>Its handle.</summary>
    public readonly PortHandle Handle = handle;

    /// <summary>Its address.</summary>
    public readonly NetEndpoint Local = local;

    /// <summary>Whose it is.</summary>
    public readonly StreamRuntime Stream = stream;

    /// <summary>Its place in <see cref="StreamRuntime.Locals"/>.</summary>
    public int Index = index;

    /// <summary>Counters of its address.</summary>
    public readonly InterfaceCounters Counters = counters;
}
