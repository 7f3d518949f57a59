using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>
/// A reactor's way to the kernel's table: each request is answered within its system call, so rows change hands at one point of the
/// reactor's time and nowhere else. Refusals are counted, and told once in a while.
/// </summary>
internal sealed class KernelTable(NetlinkSocket socket, ushort family, KernelPlane plane) : OffloadTable, IDisposable
{
    /// <inheritdoc/>
    public override bool TrySet(OffloadTarget target, ulong fingerprint, bool replaces)
    {
        Begin(KernelCommand.TargetSet);
        bool said = TargetEncoder.TryWrite(socket.Writer, plane.Table, target, fingerprint, reset: !replaces);
        var result = said ? socket.Request() : new NetlinkResult(Errno.MessageTooLong, "the row does not fit a message");
        plane.Note(result, "set", target.Local);
        return result.IsOk;
    }

    /// <inheritdoc/>
    public override OffloadReport? Remove(in NetEndpoint local) => Ask(KernelCommand.TargetDel, local);

    /// <inheritdoc/>
    public override OffloadReport? Read(in NetEndpoint local) => Ask(KernelCommand.StatsGet, local);

    /// <inheritdoc/>
    public override bool TryReserveRtcp(in NetEndpoint row, ulong keysId, uint ssrc, uint sent, out uint index)
    {
        // Between reading and seeding the row may send on; far fewer packets than lie between the two.
        const uint gap = 1024;
        index = 0;
        if (Read(row) is not { } report)
        {
            return false;
        }

        var counted = Array.Find(report.Indices, i => i.KeysId == keysId && i.State.Outbound && i.State.Ssrc == ssrc);
        index = Math.Max(counted.State.RtcpIndex, sent) + gap;
        Begin(KernelCommand.SrtpSeed);
        socket.Writer.Put(KernelAttribute.Table, plane.Table);
        socket.Writer.PutUInt64((int)KernelAttribute.CryptoId, keysId);
        socket.Writer.PutByte((int)KernelAttribute.Direction, 1);
        var state = socket.Writer.Reserve((int)KernelAttribute.SrtpState, KernelFormat.StateBytes);
        BitConverter.TryWriteBytes(state[16..], index);
        BitConverter.TryWriteBytes(state[20..], ssrc);
        var result = socket.Request();
        plane.Note(result, "seed", row);
        return result.IsOk;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<OffloadLegacy> TakeLegacy(CallId callId)
    {
        var taken = plane.Legacy.Take(callId);
        if (taken.Count == 0)
        {
            return [];
        }

        // What was read at the start is old by now.
        return [.. taken.Select(row => Read(row.Local) is { } report ? row with { Report = report } : null).OfType<OffloadLegacy>()];
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private OffloadReport? Ask(KernelCommand command, in NetEndpoint local)
    {
        OffloadReport? report = null;
        Begin(command);
        Span<byte> address = stackalloc byte[KernelFormat.AddressBytes];
        KernelFormat.WriteAddress(address, local);
        socket.Writer.Put(KernelAttribute.Table, plane.Table);
        socket.Writer.PutBytes((int)KernelAttribute.Local, address);
        if (command == KernelCommand.StatsGet)
        {
            socket.Writer.Put(KernelAttribute.Detail, KernelFormat.AllDetails);
        }

        var result = socket.Request(message => report = ReportDecoder.Read(message));
        if (report is not null)
        {
            report.ReadAt = MediaProcess.Clock.Now;
        }

        plane.Note(result, command == KernelCommand.TargetDel ? "delete" : "read", local);
        return result.IsOk ? report : null;
    }

    private void Begin(KernelCommand command) => socket.Begin(family, (byte)command, KernelFormat.FamilyVersion);
}
