using RtpCluster.Contracts;

namespace RtpCluster.MediaEngine.Routing;

/// <summary>One rewritten copy of a stream's packets, ready for the packet path.</summary>
internal sealed class Output
{
    /// <summary>The stream whose remote gets the copy.</summary>
    public readonly StreamRuntime To;

    /// <summary>Switches.</summary>
    public readonly OutputFlags Flags;

    /// <summary>New payload type by old one; null: all stay.</summary>
    public readonly byte[]? PayloadTypes;

    /// <summary>Header extension ids to remove.</summary>
    public readonly byte[] StripExtensions;

    public Output(OutputPlan plan, StreamRuntime to)
    {
        To = to;
        Flags = plan.Flags;
        StripExtensions = plan.StripExtensions;
        if (plan.PayloadTypeMaps.Length > 0)
        {
            PayloadTypes = new byte[128];
            for (int i = 0; i < 128; i++)
            {
                PayloadTypes[i] = (byte)i;
            }

            foreach (var map in plan.PayloadTypeMaps)
            {
                PayloadTypes[map.From & 127] = (byte)(map.To & 127);
            }
        }
    }

    /// <summary>Has this switch.</summary>
    public bool Has(OutputFlags flag) => (Flags & flag) != 0;
}
