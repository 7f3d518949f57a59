using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Egress;
using RtpCluster.MediaEngine.Sfu;

namespace RtpCluster.MediaEngine.Routing;

/// <summary>One rewritten copy of a stream's packets, ready for the packet path.</summary>
internal sealed class Output
{
    private const OutputFlags RtpChanges = OutputFlags.Silenced | OutputFlags.StripAllExtensions;
    private const OutputFlags Changes = RtpChanges | OutputFlags.StripFeedback;

    /// <summary>The stream whose remote gets the copy.</summary>
    public readonly StreamRuntime To;

    /// <summary>Switches.</summary>
    public readonly OutputFlags Flags;

    /// <summary>Payload types to rename, as the plan has them.</summary>
    public readonly PayloadTypeMap[] Maps;

    /// <summary>New payload type by old one; null: all stay.</summary>
    public readonly byte[]? PayloadTypes;

    /// <summary>Header extension ids to remove.</summary>
    public readonly byte[] StripExtensions;

    /// <summary>What goes this way from a stream whose RTCP ends here; else null.</summary>
    public readonly SfuFlow? Flow;

    /// <summary>The one SSRC that the receiver gets; 0: packets keep theirs.</summary>
    public readonly uint Ssrc;

    /// <summary>Header extension elements that the receiver gets; null: none of ours.</summary>
    public readonly ExtensionBlock? Extensions;

    /// <summary>RTP packets do not go out as they came in.</summary>
    public readonly bool ChangesRtp;

    /// <summary>
    /// Protected packets go out as they came in. Only with equal keys and nothing to change: the flag alone is not trusted, because
    /// forwarding under the wrong keys would silence the receiver.
    /// </summary>
    public readonly bool Passes;

    public Output(OutputPlan plan, StreamRuntime from, StreamRuntime to, SfuFlow? flow)
    {
        To = to;
        Flow = flow;
        Ssrc = from.Leg is { IsSimulcast: true } ? to.Leg?.Plan.SendSsrc ?? 0 : 0;
        Flags = plan.Flags;
        StripExtensions = plan.StripExtensions;
        Extensions = flow is null ? null : ExtensionBlock.For(to.Plan);
        Maps = plan.PayloadTypeMaps;
        PayloadTypes = plan.PayloadTypeMaps.Length > 0 ? Table(plan.PayloadTypeMaps) : null;
        ChangesRtp = PayloadTypes is not null || StripExtensions.Length > 0 || Has(RtpChanges) || Extensions is not null;
        Passes = Has(OutputFlags.SrtpPassthrough) && !ChangesRtp && Ssrc == 0 && !Has(Changes)
            && from.Plan.Decrypt is { } keys && keys.Equals(to.Plan.Encrypt);
    }

    /// <summary>Has this switch.</summary>
    public bool Has(OutputFlags flag) => (Flags & flag) != 0;

    private static byte[] Table(PayloadTypeMap[] maps)
    {
        var table = new byte[128];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (byte)i;
        }

        foreach (var map in maps)
        {
            table[map.From & 127] = (byte)(map.To & 127);
        }

        return table;
    }
}
