using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>A row found in the table.</summary>
/// <param name="CallId">The call that its cookie names; null: it has no cookie of ours.</param>
/// <param name="Row">The row.</param>
internal sealed record FoundRow(CallId? CallId, OffloadLegacy Row);

/// <summary>Puts the messages of a TARGET_GET dump together: a large row comes in several. Pure; nothing throws.</summary>
internal sealed class LegacyDecoder
{
    private readonly Dictionary<NetEndpoint, FoundRow> _rows = [];

    /// <summary>The rows so far.</summary>
    public IReadOnlyCollection<FoundRow> Rows => _rows.Values;

    /// <summary>Takes a message.</summary>
    public void Add(NetlinkMessage message)
    {
        var report = ReportDecoder.Read(message);
        var destinations = new List<(StreamId, NetEndpoint)>();
        TargetCookie? cookie = null;
        long epoch = 0;
        foreach (var attribute in message.Attributes)
        {
            switch ((KernelAttribute)attribute.Type)
            {
                case KernelAttribute.Cookie:
                    TargetCookie.TryRead(attribute.Value, out cookie);
                    break;
                case KernelAttribute.Epoch:
                    epoch = (long)attribute.UInt64;
                    break;
                case KernelAttribute.Output:
                    destinations.Add(Destination(attribute.Nest));
                    break;
            }
        }

        if (report.Local.IsNone)
        {
            return;
        }

        if (_rows.TryGetValue(report.Local, out var begun))
        {
            _rows[report.Local] = begun with { Row = begun.Row with { Destinations = [.. begun.Row.Destinations, .. destinations] } };
            return;
        }

        _rows[report.Local] = new FoundRow(cookie?.CallId, new OffloadLegacy(
            report.Local, cookie?.Stream ?? new StreamId(-1), epoch, cookie?.Fingerprint ?? 0,
            cookie?.Learned ?? default, cookie?.Current ?? default, [.. destinations], report));
    }

    private static (StreamId To, NetEndpoint Destination) Destination(AttributeReader output)
    {
        var to = new StreamId(-1);
        NetEndpoint destination = default;
        foreach (var attribute in output)
        {
            if (attribute.Type == (int)KernelOutputAttribute.Id)
            {
                to = new StreamId((int)(attribute.UInt32 & ~KernelFormat.RtcpOutput));
            }
            else if (attribute.Type == (int)KernelOutputAttribute.Dst)
            {
                destination = KernelFormat.ReadAddress(attribute.Value);
            }
        }

        return (to, destination);
    }
}
