using RtpCluster.CallModel.Negotiation;
using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Planning;

/// <summary>Compiles one media into its RTP stream and, unless muxed, its RTCP stream.</summary>
internal static class StreamCompiler
{
    private const MediaFlags NoFlags = MediaFlags.None;

    private static readonly (MediaFlags From, StreamFlags To)[] FlagMap =
    [
        (MediaFlags.StrictSource, StreamFlags.StrictSource),
        (MediaFlags.MediaHandover, StreamFlags.MediaHandover),
        (MediaFlags.Asymmetric, StreamFlags.Asymmetric),
        (MediaFlags.NatWait, StreamFlags.NatWait),
        (MediaFlags.PierceNat, StreamFlags.PierceNat),
        (MediaFlags.Unidirectional, StreamFlags.Unidirectional),
        (MediaFlags.LoopCheck, StreamFlags.LoopCheck),
        (MediaFlags.BlockShort, StreamFlags.BlockShort),
        (MediaFlags.Send, StreamFlags.MaySend),
        (MediaFlags.Recv, StreamFlags.MayReceive),
    ];

    /// <summary>Adds the streams of a media that has ports.</summary>
    public static void Compile(CallState state, CallMedia media, CallConfig config, List<StreamPlan> streams)
    {
        if (media.Ports is not { } ports)
        {
            return;
        }

        var owner = media.BundleOwner == 0 ? null : state.FindMedia(media.BundleOwner) is { Ports: not null } found ? found : null;
        bool rtcp = media.HasRtcpStream && owner is null;
        bool passes = media.Has(MediaFlags.IcePassthrough);
        var outputs = OutputCompiler.Outputs(state, media);
        var rtp = Common(state, media, config) with
        {
            Id = media.RtpStream,
            Kind = !media.IsRtp || passes ? StreamKind.Raw : media.Has(MediaFlags.RtcpMux) ? StreamKind.RtpMux : StreamKind.Rtp,
            Locals = owner is null ? [.. ports.All().Select(p => new NetEndpoint(p.Address, p.Rtp))] : [],
            Bundle = owner?.RtpStream ?? new StreamId(-1),
            Sibling = rtcp ? media.RtcpStream : new StreamId(-1),
            Remote = media.Has(MediaFlags.NoKeys) || media.Ice is not null ? default : media.Remote,
            Learned = media.LearnedRtp,
            Ice = owner is null ? Ice(state, media, component: 1) : null,
            Dtls = owner is null ? Dtls(state, media, keyed: media.DecryptKeys is not null) : null,
            PayloadTypes = PayloadTypes(media),
            RtpOutputs = outputs.Rtp,
            RtcpOutputs = outputs.Rtcp,
            Feedback = FeedbackCompiler.Compile(state, media),
            Extensions = FeedbackCompiler.Extensions(state, media),
            Mid = BundleNegotiation.IsShared(state, media) ? media.Mid ?? "" : "",
            Checkpoints = [.. media.RtpCheckpoints],
        };
        streams.Add(rtp);
        if (rtcp)
        {
            streams.Add(rtp with
            {
                Id = media.RtcpStream,
                Kind = passes ? StreamKind.Raw : StreamKind.Rtcp,
                Locals = [.. ports.All().Where(p => p.Rtcp != 0).Select(p => new NetEndpoint(p.Address, p.Rtcp))],
                Sibling = media.RtpStream,
                Remote = media.Has(MediaFlags.NoKeys) || media.Ice is not null ? default : media.RemoteRtcp,
                Learned = media.LearnedRtcp,
                Ice = Ice(state, media, component: 2),
                Dtls = Dtls(state, media, keyed: media.Dtls?.RtcpDecrypt is not null),
                Decrypt = media.Dtls is { } own ? own.RtcpDecrypt : rtp.Decrypt,
                Encrypt = media.Dtls is { } dtls ? dtls.RtcpEncrypt : rtp.Encrypt,
                PayloadTypes = [],
                RtpOutputs = passes ? outputs.Rtcp : [],
                RtcpOutputs = passes ? [] : outputs.Rtcp,
                IdleSeconds = 0,
                Flags = rtp.Flags & ~(StreamFlags.CountsAsReceiving | StreamFlags.Retransmit),
                Feedback = null,
                Checkpoints = [.. media.RtcpCheckpoints],
            });
        }
    }

    private static StreamPlan Common(CallState state, CallMedia media, CallConfig config)
    {
        var (seconds, reason) = IdleRule(media, config);
        return new StreamPlan
        {
            Id = media.RtpStream,
            Kind = StreamKind.Rtp,
            Locals = [],
            Filled = media.Has(MediaFlags.Filled),
            Public = media.Has(MediaFlags.Public),
            Learning = media.Ice is not null ? LearningMode.Ice : state.EndpointLearning ?? config.EndpointLearning,
            Flags = Flags(media),
            Tos = state.Tos ?? config.Tos,
            Decrypt = media.DecryptKeys,
            Encrypt = media.EncryptKeys,
            IdleSeconds = seconds,
            IdleReason = reason,
        };
    }

    private static IcePlan? Ice(CallState state, CallMedia media, byte component) => media.Ice is not { } ice ? null : new IcePlan
    {
        LocalUfrag = ice.LocalUfrag,
        LocalPassword = ice.LocalPassword,
        RemoteUfrag = ice.RemoteUfrag,
        RemotePassword = ice.RemotePassword,
        Component = component,
        Controlling = ice.Controlling,
        TieBreaker = state.IceTieBreaker,
        Lite = ice.Lite,
        EndOfCandidates = ice.EndOfCandidates,
        Candidates = [.. ice.Candidates.Where(c => c.Component == component).Select(c => new IceCandidatePlan(c.Endpoint, c.Priority, c.Type))],
    };

    private static DtlsPlan? Dtls(CallState state, CallMedia media, bool keyed) => media.Dtls is not { } dtls ? null : new DtlsPlan
    {
        Association = dtls.Association,
        Role = DtlsNegotiation.RoleOf(dtls),
        FingerprintHash = dtls.RemoteHash,
        Fingerprint = dtls.RemoteFingerprint,
        Certificate = keyed ? null : state.Certificate,
    };

    private static StreamFlags Flags(CallMedia media)
    {
        var flags = StreamFlags.None;
        foreach (var (from, to) in FlagMap)
        {
            if ((media.Flags & from) != NoFlags)
            {
                flags |= to;
            }
        }

        bool nacks = media.Transport.Feedback && media.Codecs.Exists(c => c.Feedback.Contains("nack"));
        flags |= nacks && media.Has(MediaFlags.Recv) ? StreamFlags.Retransmit : StreamFlags.None;
        bool receiving = media.Has(MediaFlags.Send) && !media.Has(MediaFlags.Rejected);
        return receiving ? flags | StreamFlags.CountsAsReceiving : flags;
    }

    private static (int Seconds, IdleReason Reason) IdleRule(CallMedia media, CallConfig config)
    {
        if (!media.Has(MediaFlags.Send) || media.Has(MediaFlags.Rejected))
        {
            return (config.SilentTimeout, IdleReason.SilentTimeout);
        }

        return media.Has(MediaFlags.Filled) ? (config.Timeout, IdleReason.Timeout) : (config.OfferTimeout, IdleReason.OfferTimeout);
    }

    private static PayloadTypePlan[] PayloadTypes(CallMedia media)
    {
        var known = new List<PayloadTypePlan>();
        foreach (var list in new[] { media.PrintedCodecs, media.Codecs })
        {
            foreach (var codec in list)
            {
                if (!known.Exists(p => p.Number == codec.PayloadType))
                {
                    var defaults = SdpCodecDefaults.Of(codec.Name);
                    known.Add(new PayloadTypePlan(
                        codec.PayloadType, codec.Name, codec.ClockRate, defaults.SilenceByte, codec.NominalBytes, defaults.FullBand));
                }
            }
        }

        return [.. known];
    }
}
