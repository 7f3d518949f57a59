using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Interop;

/// <summary>A sockaddr_in or sockaddr_in6 in place: 28 bytes, converted from and to <see cref="NetEndpoint"/> without allocation.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal unsafe struct SockAddr
{
    /// <summary>Bytes of the larger one, sockaddr_in6.</summary>
    public const int Size = 28;

    private const int V4Length = 16;

    private fixed byte _bytes[Size];

    /// <summary>Writes an endpoint; returns the length the kernel wants to be told, 0 when there is no address.</summary>
    public int Set(in NetEndpoint endpoint)
    {
        fixed (byte* p = _bytes)
        {
            var bytes = new Span<byte>(p, Size);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
            switch (endpoint.Address.Family)
            {
                case IpFamily.V4:
                    *(ushort*)p = LibC.AfInet;
                    endpoint.Address.WriteBytes(bytes[4..]);
                    bytes[8..V4Length].Clear();
                    return V4Length;
                case IpFamily.V6:
                    *(ushort*)p = LibC.AfInet6;
                    bytes[4..8].Clear();
                    endpoint.Address.WriteBytes(bytes[8..]);
                    bytes[24..].Clear();
                    return Size;
                default:
                    return 0;
            }
        }
    }

    /// <summary>Reads the endpoint the kernel wrote; default when the family is neither.</summary>
    public readonly NetEndpoint Get()
    {
        fixed (byte* p = _bytes)
        {
            var bytes = new ReadOnlySpan<byte>(p, Size);
            ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            return *(ushort*)p switch
            {
                LibC.AfInet => new NetEndpoint(IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..])), port),
                LibC.AfInet6 => new NetEndpoint(IpAddress.FromBytes(bytes.Slice(8, 16)), port),
                _ => default,
            };
        }
    }
}
