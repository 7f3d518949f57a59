using System.Text;
using RtpCluster.Contracts;
using RtpCluster.MediaEngine.Offload;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>
/// What we write on a row for the process that finds it after us: version, fingerprint, stream, learned and current endpoint, call-id.
/// </summary>
internal sealed record TargetCookie(ulong Fingerprint, StreamId Stream, NetEndpoint Learned, NetEndpoint Current, CallId CallId)
{
    private const byte Version = 1;
    private const int FingerprintAt = 8, StreamAt = 16, LearnedAt = 20, CurrentAt = 40, CallIdAt = 60;

    /// <summary>Writes a row's cookie. False: its call-id is too long.</summary>
    public static bool TryWrite(OffloadTarget target, ulong fingerprint, out byte[] cookie)
    {
        cookie = [];
        if (CallIdAt + target.CallId.Value.Length > KernelFormat.MaxCookie)
        {
            return false;
        }

        cookie = new byte[CallIdAt + target.CallId.Value.Length];
        cookie[0] = Version;
        BitConverter.TryWriteBytes(cookie.AsSpan(FingerprintAt), fingerprint);
        BitConverter.TryWriteBytes(cookie.AsSpan(StreamAt), target.Stream.Value);
        KernelFormat.WriteAddress(cookie.AsSpan(LearnedAt), target.Learned);
        KernelFormat.WriteAddress(cookie.AsSpan(CurrentAt), target.Current);
        Encoding.Latin1.GetBytes(target.CallId.Value, cookie.AsSpan(CallIdAt));
        return true;
    }

    /// <summary>Reads a cookie. False: it is none of ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TargetCookie cookie)
    {
        cookie = null!;
        if (bytes.Length < CallIdAt || bytes[0] != Version)
        {
            return false;
        }

        cookie = new TargetCookie(
            BitConverter.ToUInt64(bytes[FingerprintAt..]),
            new StreamId(BitConverter.ToInt32(bytes[StreamAt..])),
            KernelFormat.ReadAddress(bytes[LearnedAt..]),
            KernelFormat.ReadAddress(bytes[CurrentAt..]),
            new CallId(Encoding.Latin1.GetString(bytes[CallIdAt..])));
        return true;
    }
}
