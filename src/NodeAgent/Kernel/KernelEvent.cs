using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>Something that the kernel tells of by itself, once a second for each kind and row at most.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Table">In which table.</param>
/// <param name="Local">At which row; none: at none.</param>
/// <param name="Count">How often, since it was told last.</param>
/// <param name="Source">Where the last packet of it came from; none: it says nothing.</param>
/// <param name="Ssrc">The SSRC of that packet.</param>
internal readonly record struct KernelEvent(KernelEventKind Kind, uint Table, NetEndpoint Local, uint Count, NetEndpoint Source, uint Ssrc)
{
    /// <summary>Reads a message. False: it is no event of a kind that we know. Nothing throws.</summary>
    public static bool TryRead(NetlinkMessage message, out KernelEvent result)
    {
        result = new KernelEvent(0, uint.MaxValue, default, 1, default, 0);
        if (message.Command != (byte)KernelCommand.Event)
        {
            return false;
        }

        foreach (var attribute in message.Attributes)
        {
            result = (KernelAttribute)attribute.Type switch
            {
                KernelAttribute.Event => result with { Kind = (KernelEventKind)attribute.Byte },
                KernelAttribute.Table => result with { Table = attribute.UInt32 },
                KernelAttribute.Local => result with { Local = KernelFormat.ReadAddress(attribute.Value) },
                KernelAttribute.Count => result with { Count = attribute.UInt32 },
                KernelAttribute.Source => result with { Source = KernelFormat.ReadAddress(attribute.Value) },
                KernelAttribute.Ssrc => result with { Ssrc = attribute.UInt32 },
                _ => result,
            };
        }

        return Enum.IsDefined(result.Kind);
    }

    /// <summary>As a line of the log says it.</summary>
    public override string ToString() => Kind switch
    {
        KernelEventKind.NewSsrc => $"{Local}: SSRC {Ssrc:x8} begins, from {Source}",
        KernelEventKind.UnknownPt => $"{Local}: packets of a payload type that is not forwarded, from {Source}",
        KernelEventKind.SourceChanged => $"{Local}: {Count} packets from {Source}, which is not where they are expected from",
        KernelEventKind.AuthFailed => $"{Local}: {Count} packets of SSRC {Ssrc:x8} from {Source} failed SRTP authentication",
        KernelEventKind.Idle => $"{Local}: no packets any more",
        _ => $"table {Table} is gone: its lease ran out",
    };
}
