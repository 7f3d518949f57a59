using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Offload;

/// <summary>
/// A forwarding table beside the engine: the kernel's. The engine installs rows and takes them back; while a row lives, its packets pass the
/// engine by. Called on the engine's thread, never per packet.
/// </summary>
public abstract class OffloadTable
{
    /// <summary>
    /// Installs a row, or replaces the one of its port: counters and SRTP indices of equal keys live on, and no packet is lost. False: it
    /// was refused and nothing has changed.
    /// </summary>
    /// <param name="target">The row.</param>
    /// <param name="fingerprint">Kept with it for a process that finds it later.</param>
    /// <param name="replaces">The port has a row of ours; else a forgotten one must not lend it its counters.</param>
    public abstract bool TrySet(OffloadTarget target, ulong fingerprint, bool replaces);

    /// <summary>Takes a row back and returns its last report. Null: it was gone already.</summary>
    public abstract OffloadReport? Remove(in NetEndpoint local);

    /// <summary>Reads what a row has counted. Null: there is no such row.</summary>
    public abstract OffloadReport? Read(in NetEndpoint local);

    /// <summary>
    /// Reserves an SRTCP index of keys that a row counts: above every index sent, and never used by the table. False: there is no such row.
    /// </summary>
    /// <param name="row">A row that counts them.</param>
    /// <param name="keysId">The keys.</param>
    /// <param name="ssrc">The SSRC.</param>
    /// <param name="sent">Highest index sent here.</param>
    /// <param name="index">The index to use.</param>
    public abstract bool TryReserveRtcp(in NetEndpoint row, ulong keysId, uint ssrc, uint sent, out uint index);

    /// <summary>Rows of a call that an earlier process left in the table; each is handed out once.</summary>
    public abstract IReadOnlyList<OffloadLegacy> TakeLegacy(CallId callId);
}

/// <summary>A row that an earlier process left.</summary>
/// <param name="Local">Its port.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Epoch">The plan that it was made from.</param>
/// <param name="Fingerprint">What it was installed as.</param>
/// <param name="Learned">Where its remote sends from.</param>
/// <param name="Current">Where we sent to.</param>
/// <param name="Destinations">Where its copies go.</param>
/// <param name="Report">What it has counted, and its indices.</param>
public sealed record OffloadLegacy(
    NetEndpoint Local,
    StreamId Stream,
    long Epoch,
    ulong Fingerprint,
    NetEndpoint Learned,
    NetEndpoint Current,
    (StreamId To, NetEndpoint Destination)[] Destinations,
    OffloadReport Report);
