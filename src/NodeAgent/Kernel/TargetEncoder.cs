using RtpCluster.Contracts;
using RtpCluster.MediaEngine;
using RtpCluster.MediaEngine.Offload;
using RtpCluster.NodeAgent.Kernel.Netlink;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>Writes a row as the attributes of TARGET_SET. Pure.</summary>
internal static class TargetEncoder
{
    /// <summary>Writes a row behind the message's header. False: it cannot be said.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="table">The table.</param>
    /// <param name="target">The row.</param>
    /// <param name="fingerprint">Kept in its cookie.</param>
    /// <param name="reset">Counters of a row that is there begin anew.</param>
    public static bool TryWrite(NetlinkWriter writer, uint table, OffloadTarget target, ulong fingerprint, bool reset)
    {
        if (!TargetCookie.TryWrite(target, fingerprint, out byte[] cookie))
        {
            return false;
        }

        Span<byte> address = stackalloc byte[KernelFormat.AddressBytes];
        writer.Put(KernelAttribute.Table, table);
        KernelFormat.WriteAddress(address, target.Local);
        writer.PutBytes((int)KernelAttribute.Local, address);
        writer.PutByte((int)KernelAttribute.Kind, (byte)target.Kind);
        writer.Put(KernelAttribute.TargetFlags, (uint)Flags(target, reset));
        if (target.Mismatch != SourceMismatch.Ignore && target.Learned.IsUsable)
        {
            KernelFormat.WriteAddress(address, target.Learned);
            writer.PutBytes((int)KernelAttribute.Expect, address);
            writer.PutByte((int)KernelAttribute.Mismatch, (byte)target.Mismatch);
        }

        writer.Put(KernelAttribute.Idle, (uint)Math.Clamp(target.IdleSeconds, 0, KernelFormat.MaxIdleSeconds));
        writer.PutUInt64((int)KernelAttribute.Epoch, (ulong)target.Epoch);
        writer.PutBytes((int)KernelAttribute.Cookie, cookie);
        WriteKeys(writer, (int)KernelAttribute.Crypto, target.Decrypt);
        WritePayloadTypes(writer, target.PayloadTypes);
        if (target.OthersStay)
        {
            writer.PutByte((int)KernelAttribute.PtUnknown, KernelFormat.ActionUserspace);
        }

        foreach (var output in target.Outputs)
        {
            WriteOutput(writer, output);
        }

        return writer.IsValid;
    }

    private static KernelTargetFlags Flags(OffloadTarget target, bool reset) =>
        (target.DropTraffic ? KernelTargetFlags.DropAll : 0)
        | (target.MayNotSend ? KernelTargetFlags.MayNotSend : 0)
        | (target.BlockShort ? KernelTargetFlags.BlockShort : 0)
        | (target.TakesRtcp ? KernelTargetFlags.RtcpUp : target.Kind == StreamKind.Raw ? 0 : KernelTargetFlags.RtcpLocal)
        | (reset ? KernelTargetFlags.Reset : 0);

    private static void WritePayloadTypes(NetlinkWriter writer, OffloadPayloadType[] types)
    {
        if (types.Length == 0)
        {
            return;
        }

        var bytes = writer.Reserve((int)KernelAttribute.Pts, types.Length * KernelFormat.PayloadTypeBytes);
        foreach (var type in types)
        {
            bytes[0] = type.Number;
            bytes[1] = type.ComesHere ? KernelFormat.ActionUserspace : (byte)0;
            bytes[2] = type.IsDtmf ? KernelFormat.PayloadTypeDtmf : (byte)0;
            bytes[3] = type.SilenceByte >= 0 ? (byte)1 : (byte)0;
            BitConverter.TryWriteBytes(bytes[4..], Math.Clamp(type.ClockRate, 0, KernelFormat.MaxClockRate));
            BitConverter.TryWriteBytes(bytes[8..], (ushort)Math.Clamp(type.NominalBytes, 0, ushort.MaxValue));
            bytes[12] = type.SilenceByte >= 0 ? (byte)type.SilenceByte : (byte)0;
            bytes = bytes[KernelFormat.PayloadTypeBytes..];
        }
    }

    private static void WriteOutput(NetlinkWriter writer, OffloadOutput output)
    {
        Span<byte> address = stackalloc byte[KernelFormat.AddressBytes];
        int nest = writer.BeginNest((int)KernelAttribute.Output);
        writer.PutUInt32((int)KernelOutputAttribute.Id, (uint)output.To.Value | (output.Rtcp ? KernelFormat.RtcpOutput : 0));
        if (output.Rtcp)
        {
            writer.PutBytes((int)KernelOutputAttribute.Rtcp, []);
        }

        KernelFormat.WriteAddress(address, output.Source);
        writer.PutBytes((int)KernelOutputAttribute.Src, address);
        if (output.Destination.IsUsable)
        {
            KernelFormat.WriteAddress(address, output.Destination);
            writer.PutBytes((int)KernelOutputAttribute.Dst, address);
        }

        writer.PutByte((int)KernelOutputAttribute.Tos, output.Tos);
        writer.PutUInt32((int)KernelOutputAttribute.Flags, (uint)Flags(output.Flags));
        if (output.Hold != DropReason.None)
        {
            // The kernel knows the reasons of the Route stage only; no keys yet is no way to send, too.
            var hold = output.Hold is >= DropReason.NoOutput and <= DropReason.Silenced ? output.Hold : DropReason.NoEndpoint;
            writer.PutByte((int)KernelOutputAttribute.Hold, (byte)hold);
        }

        WriteKeys(writer, (int)KernelOutputAttribute.Crypto, output.Encrypt);
        if (output.PayloadTypeMaps.Length > 0)
        {
            var maps = writer.Reserve((int)KernelOutputAttribute.PtMap, output.PayloadTypeMaps.Length * 2);
            for (int i = 0; i < output.PayloadTypeMaps.Length; i++)
            {
                maps[i * 2] = output.PayloadTypeMaps[i].From;
                maps[(i * 2) + 1] = output.PayloadTypeMaps[i].To;
            }
        }

        if (output.StripExtensions.Length > 0 && (output.Flags & OutputFlags.StripAllExtensions) == 0)
        {
            writer.PutBytes((int)KernelOutputAttribute.ExtStrip, output.StripExtensions);
        }

        writer.EndNest(nest);
    }

    private static KernelOutputFlags Flags(OutputFlags flags) =>
        ((flags & OutputFlags.Silenced) != 0 ? KernelOutputFlags.Silenced : 0)
        | ((flags & OutputFlags.BlockDtmf) != 0 ? KernelOutputFlags.BlockDtmf : 0)
        | ((flags & OutputFlags.StripFeedback) != 0 ? KernelOutputFlags.StripFeedback : 0)
        | ((flags & OutputFlags.StripAllExtensions) != 0 ? KernelOutputFlags.StripExt : 0)
        | ((flags & OutputFlags.SrtpPassthrough) != 0 ? KernelOutputFlags.Passthrough : 0);

    private static void WriteKeys(NetlinkWriter writer, int attribute, OffloadKeys? keys)
    {
        if (keys is null)
        {
            return;
        }

        int nest = writer.BeginNest(attribute);
        writer.PutUInt64((int)KernelCryptoAttribute.Id, keys.Id);
        writer.PutByte((int)KernelCryptoAttribute.Suite, (byte)keys.Keys.Suite);
        writer.PutBytes((int)KernelCryptoAttribute.MasterKey, keys.Keys.MasterKey);
        writer.PutBytes((int)KernelCryptoAttribute.MasterSalt, keys.Keys.MasterSalt);
        if (keys.Keys.Mki.Length > 0)
        {
            writer.PutBytes((int)KernelCryptoAttribute.Mki, keys.Keys.Mki);
        }

        writer.PutUInt32((int)KernelCryptoAttribute.Flags, (uint)Flags(keys.Keys));
        if (keys.States.Length > 0)
        {
            var bytes = writer.Reserve((int)KernelCryptoAttribute.SrtpState, keys.States.Length * KernelFormat.StateBytes);
            foreach (var state in keys.States)
            {
                BitConverter.TryWriteBytes(bytes[8..], state.RtpIndex);
                BitConverter.TryWriteBytes(bytes[16..], state.RtcpIndex);
                BitConverter.TryWriteBytes(bytes[20..], state.Ssrc);
                bytes = bytes[KernelFormat.StateBytes..];
            }
        }

        writer.EndNest(nest);
    }

    private static KernelCryptoFlags Flags(SrtpKeys keys) =>
        (keys.UnencryptedSrtp ? KernelCryptoFlags.UnencryptedSrtp : 0)
        | (keys.UnencryptedSrtcp ? KernelCryptoFlags.UnencryptedSrtcp : 0)
        | (keys.UnauthenticatedSrtp ? KernelCryptoFlags.UnauthenticatedSrtp : 0);
}
