using System.Buffers.Binary;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Kernel;

/// <summary>The structures of kernel/uapi/rtpcluster.h: host byte order, no padding.</summary>
internal static class KernelFormat
{
    public const string Family = "rtpcluster";
    public const byte FamilyVersion = 1;

    /// <summary>The oldest RTPC_ABI that says all we need.</summary>
    public const uint Abi = 1;

    public const int AddressBytes = 20;
    public const int PayloadTypeBytes = 28;
    public const int StateBytes = 32;
    public const int StatsBytes = 48;
    public const int SsrcStatsBytes = 64;
    public const int PayloadTypeStatsBytes = 24;
    public const int OutputStatsBytes = 40;

    /// <summary>RTPC_MAX_COOKIE.</summary>
    public const int MaxCookie = 1024;

    /// <summary>RTPC_ACTION_USERSPACE.</summary>
    public const byte ActionUserspace = 1;

    /// <summary>RTPC_PT_DTMF.</summary>
    public const byte PayloadTypeDtmf = 1;

    /// <summary>RTPC_MAX_PTS.</summary>
    public const int MaxClockRate = 1_000_000;

    /// <summary>The most seconds that RTPC_A_IDLE takes: a day.</summary>
    public const int MaxIdleSeconds = 86400;

    /// <summary>The multicast group of events.</summary>
    public const string EventGroup = "events";

    /// <summary>Bit of RTPC_O_ID that tells a stream's RTCP output from its RTP output.</summary>
    public const uint RtcpOutput = 1u << 31;

    /// <summary>RTPC_DETAIL_OUTPUT.</summary>
    public const uint OutputDetails = 4;

    /// <summary>RTPC_DETAIL_ALL.</summary>
    public const uint AllDetails = 15;

    /// <summary>Writes a struct rtpc_addr.</summary>
    public static void WriteAddress(Span<byte> target, in NetEndpoint endpoint)
    {
        target[..AddressBytes].Clear();
        ushort family = endpoint.Address.Family switch { IpFamily.V4 => LibC.AfInet, IpFamily.V6 => LibC.AfInet6, _ => 0 };
        BitConverter.TryWriteBytes(target, family);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], endpoint.Port);
        endpoint.Address.WriteBytes(target[4..]);
    }

    /// <summary>Reads a struct rtpc_addr; none when it is too short or of another family.</summary>
    public static NetEndpoint ReadAddress(ReadOnlySpan<byte> source)
    {
        if (source.Length < AddressBytes)
        {
            return default;
        }

        ushort port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        return BitConverter.ToUInt16(source) switch
        {
            LibC.AfInet => new NetEndpoint(IpAddress.FromBytes(source.Slice(4, 4)), port),
            LibC.AfInet6 => new NetEndpoint(new IpAddress(BinaryPrimitives.ReadUInt128BigEndian(source.Slice(4, 16)), IpFamily.V6), port),
            _ => default,
        };
    }
}
