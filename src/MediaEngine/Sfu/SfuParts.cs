using RtpCluster.MediaEngine.Egress;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.MediaEngine.Sfu;

/// <summary>What a reactor has for streams whose RTCP ends here, put together.</summary>
internal sealed class SfuParts
{
    public SfuParts(EngineCounters counters, FactWriter facts, Offloader offloader)
    {
        Protector = new Protector(facts, offloader);
        Retransmitter = new Retransmitter(counters, facts, Protector);
        var sender = new SfuSender(counters, Protector);
        Requests = new SfuRequests(counters, sender);
        Receiver = new SfuReceiver(counters, Requests, sender);
        Reports = new SfuReports(counters, Retransmitter, Requests, sender);
        Ticker = new SfuTicker(Requests, sender);
    }

    /// <summary>Encrypts.</summary>
    public Protector Protector { get; }

    /// <summary>Answers NACKs.</summary>
    public Retransmitter Retransmitter { get; }

    /// <summary>Asks senders.</summary>
    public SfuRequests Requests { get; }

    /// <summary>Follows RTP.</summary>
    public SfuReceiver Receiver { get; }

    /// <summary>Takes RTCP.</summary>
    public SfuReports Reports { get; }

    /// <summary>Reports once a second.</summary>
    public SfuTicker Ticker { get; }
}
