using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.Unit.MediaEngine.Offload;

/// <summary>A forwarding table in memory: keeps rows and hands out the reports that a test gives it.</summary>
internal sealed class RowKeeper : OffloadTable
{
    public Dictionary<NetEndpoint, OffloadTarget> Rows { get; } = [];

    public Dictionary<NetEndpoint, ulong> Fingerprints { get; } = [];

    public Dictionary<NetEndpoint, OffloadReport> Reports { get; } = [];

    public List<OffloadLegacy> Legacy { get; } = [];

    public bool Refuses { get; set; }

    public int Sets { get; private set; }

    public override bool TrySet(OffloadTarget target, ulong fingerprint, bool replaces)
    {
        Assert.Equal(replaces, Rows.ContainsKey(target.Local));
        Sets++;
        if (!Refuses)
        {
            Rows[target.Local] = target;
            Fingerprints[target.Local] = fingerprint;
        }

        return !Refuses;
    }

    public override OffloadReport? Remove(in NetEndpoint local)
    {
        var last = Read(local);
        Rows.Remove(local);
        Reports.Remove(local);
        return last;
    }

    public override OffloadReport? Read(in NetEndpoint local) => !Rows.ContainsKey(local) ? null : Reports.GetValueOrDefault(local) ?? new OffloadReport { Local = local };

    public override bool TryReserveRtcp(in NetEndpoint row, ulong keysId, uint ssrc, uint sent, out uint index)
    {
        index = Reserved = Math.Max(Reserved, sent) + 1000;
        return Rows.ContainsKey(row);
    }

    public uint Reserved { get; set; }

    public override IReadOnlyList<OffloadLegacy> TakeLegacy(CallId callId)
    {
        OffloadLegacy[] taken = [.. Legacy];
        Legacy.Clear();
        return taken;
    }
}
