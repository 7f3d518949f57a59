using System.Security.Cryptography;
using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Control;
using RtpCluster.Ng;
using RtpCluster.NodeAgent;
using RtpCluster.Server.Options;

namespace RtpCluster.Server.Roles;

/// <summary>The node's options in the words of each part.</summary>
internal static class NodeMapping
{
    /// <summary>For the node agent.</summary>
    public static NodeAgentOptions Agent(NodeOptions options, string stateDirectory) => new()
    {
        Interfaces = options.Interfaces,
        FreeBind = options.Cluster?.Addresses.Count > 0,
        StateDirectory = stateDirectory,
        PortMin = options.PortMin,
        PortMax = options.PortMax,
        PacketTier = options.MediaTier,
        Reactors = options.MediaThreads,
        ModerationMicros = options.MediaModeration,
        Dtls = options.Dtls,
        DirectSend = options.MediaDirectSend,
        PacketsPerSecond = options.MediaPacketRate,
        KernelTable = options.KernelTable,
        NoFallback = options.NoFallback,
        KeepMediaOnStop = options.KeepMedia,
    };

    /// <summary>For the control listeners.</summary>
    public static ControlOptions Control(NodeOptions options) => new()
    {
        ListenNg = options.ListenNg,
        ListenTcpNg = options.ListenTcpNg,
        ListenHttp = options.ListenHttp,
        ListenHttps = options.ListenHttps,
        ListenCli = options.ListenCli,
        HttpsCert = options.HttpsCertificate,
        HttpsKey = options.HttpsKey,
        DemoPage = options.DemoPage,
        ControlTos = options.ControlTos,
        MaxMessageBytes = options.MaxMessageBytes,
        HttpIdleTimeout = TimeSpan.FromSeconds(options.HttpIdleTimeout),
        Templates = new NgTemplates(options.Templates),
    };

    /// <summary>For the calls.</summary>
    /// <param name="options">The options.</param>
    /// <param name="certificate">Gives the DTLS certificate of new calls.</param>
    public static CallConfig Calls(NodeOptions options, Func<DtlsCertificate> certificate) => new()
    {
        Interfaces = options.Interfaces,
        InterfaceAliases = options.InterfaceAliases,
        EndpointLearning = options.EndpointLearning,
        Timeout = options.Timeout,
        SilentTimeout = options.SilentTimeout,
        OfferTimeout = options.OfferTimeout,
        FinalTimeout = options.FinalTimeout,
        DeleteDelay = options.DeleteDelay,
        Tos = options.Tos,
        SoftwareId = options.SoftwareId,
        InstanceId = RandomNumberGenerator.GetHexString(12, lowercase: true),
        Mos = options.Mos,
        SsrcReporting = Enum.Parse<SsrcReporting>(options.SsrcReporting, ignoreCase: true),
        SipSource = options.SipSource,
        RejectInvalidSdp = options.RejectInvalidSdp,
        Certificate = certificate,
        DtlsPassive = options.DtlsPassive,
    };
}
