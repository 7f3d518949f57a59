using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Checkpoints;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>A stream's row in the table, and how much of its counters has been taken over.</summary>
internal sealed class OffloadRow(NetEndpoint local, ulong fingerprint, Instant installed)
{
    /// <summary>The port that it is keyed by.</summary>
    public readonly NetEndpoint Local = local;

    /// <summary>When it came; none: an earlier process installed it.</summary>
    public readonly Instant Installed = installed;

    /// <summary>It forwards RTCP: what comes here of it has been forwarded already.</summary>
    public bool TakesRtcp;

    /// <summary>The keys whose SRTCP indices it counts.</summary>
    public SrtpSide[] RtcpSides = [];

    /// <summary>Payload types whose packets are handled here while it lives, a bit each.</summary>
    public UInt128 StayingTypes;

    /// <summary>Packets of such types since the row was looked at, see <see cref="OffloadTypes.BusyPackets"/>.</summary>
    public int Stayed;

    /// <summary>What is installed.</summary>
    public ulong Fingerprint = fingerprint;

    /// <summary>Packets that may still come out of the socket because they were under way when the row came.</summary>
    public int InFlight;

    /// <summary>What has been taken over.</summary>
    public OffloadReport Taken = new() { Local = local, ReadAt = installed };

    /// <summary>Packets of this type are handled here.</summary>
    public bool Stays(byte payloadType) => (StayingTypes >> payloadType & 1) != 0;
}
