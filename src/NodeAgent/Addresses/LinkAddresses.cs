using System.Runtime.InteropServices;
using RtpCluster.Contracts;
using RtpCluster.NodeAgent.Interop;
using RtpCluster.NodeAgent.Routes;

namespace RtpCluster.NodeAgent.Addresses;

/// <summary>A network device.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Mac">Its link address, 6 bytes; empty: it has none.</param>
internal readonly record struct LinkDevice(int Index, byte[] Mac);

/// <summary>The addresses of this host's devices (rtnetlink(7)). Safe for concurrent use.</summary>
internal sealed class LinkAddresses : IDisposable
{
    private const ushort GetLink = 18, NewAddress = 20, DeleteAddress = 21, GetAddress = 22;
    private const ushort Create = 0x400, Replace = 0x100, Acknowledge = 4;
    private const ushort LinkAddress = 1, LinkName = 3;
    private const ushort IfaAddress = 1, IfaLocal = 2, IfaCacheInfo = 6, IfaFlags = 8;
    private const int LinkBody = 16, AddressBody = 8;
    private const byte AfInet = 2, AfInet6 = 10;
    private const uint NoDuplicateDetection = 2, NoPrefixRoute = 0x200;

    private readonly NetlinkSocket _socket = new(NetlinkSocket.RouteProtocol);
    private readonly Lock _lock = new();

    /// <summary>Finds a device; false: there is none of that name.</summary>
    public bool TryFind(string name, out LinkDevice device)
    {
        Span<byte> body = stackalloc byte[LinkBody];
        body.Clear();
        device = default;
        lock (_lock)
        {
            _socket.Begin(GetLink, NetlinkSocket.Request | NetlinkSocket.Dump, body).Ask();
            while (_socket.Next(out _, out var link))
            {
                if (link.Length >= LinkBody && NetlinkSocket.TryFind(link[LinkBody..], LinkName, out var found) && IsName(found, name))
                {
                    byte[] mac = NetlinkSocket.TryFind(link[LinkBody..], LinkAddress, out var address) && address.Length == 6 ? address.ToArray() : [];
                    device = new(MemoryMarshal.Read<int>(link[4..]), mac);
                }
            }
        }

        return device.Index != 0;
    }

    /// <summary>Some device has the address.</summary>
    public bool Has(IpAddress address)
    {
        Span<byte> body = stackalloc byte[AddressBody];
        body.Clear();
        body[0] = FamilyOf(address);
        bool has = false;
        lock (_lock)
        {
            _socket.Begin(GetAddress, NetlinkSocket.Request | NetlinkSocket.Dump, body).Ask();
            while (_socket.Next(out _, out var entry))
            {
                if (entry.Length >= AddressBody && entry[0] == body[0]
                    && (NetlinkSocket.TryFind(entry[AddressBody..], IfaLocal, out var local) || NetlinkSocket.TryFind(entry[AddressBody..], IfaAddress, out local)))
                {
                    has |= IpAddress.FromBytes(local) == address;
                }
            }
        }

        return has;
    }

    /// <summary>Adds the address, or gives the one that is there a new lifetime. Returns the errno.</summary>
    public int Set(int device, IpAddress address, int lifeSeconds)
    {
        // struct ifa_cacheinfo: preferred, valid, created, updated.
        Span<uint> life = [(uint)lifeSeconds, (uint)lifeSeconds, 0, 0];
        // No route to a network: the address is one of others on the device. No duplicate detection (RFC 4862): media cannot wait a second for it.
        Span<uint> flags = [NoPrefixRoute | (address.Family == IpFamily.V6 ? NoDuplicateDetection : 0)];
        Span<byte> bytes = stackalloc byte[16];
        int length = address.WriteBytes(bytes);
        lock (_lock)
        {
            _socket.Begin(NewAddress, NetlinkSocket.Request | Acknowledge | Create | Replace, Body(device, address))
                .With(IfaLocal, bytes[..length]).With(IfaAddress, bytes[..length])
                .With(IfaCacheInfo, MemoryMarshal.AsBytes(life)).With(IfaFlags, MemoryMarshal.AsBytes(flags)).Ask();
            return Outcome();
        }
    }

    /// <summary>Removes the address. Returns the errno.</summary>
    public int Remove(int device, IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        int length = address.WriteBytes(bytes);
        lock (_lock)
        {
            _socket.Begin(DeleteAddress, NetlinkSocket.Request | Acknowledge, Body(device, address))
                .With(IfaLocal, bytes[..length]).With(IfaAddress, bytes[..length]).Ask();
            return Outcome();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static byte FamilyOf(IpAddress address) => address.Family == IpFamily.V6 ? AfInet6 : AfInet;

    private static bool IsName(ReadOnlySpan<byte> found, string name)
    {
        int end = found.IndexOf((byte)0);
        return System.Text.Encoding.Latin1.GetString(end < 0 ? found : found[..end]) == name;
    }

    /// <summary>struct ifaddrmsg: family, prefix length, flags, scope, index (u32 at 4). A host address: /32 or /128.</summary>
    private static byte[] Body(int device, IpAddress address)
    {
        byte[] body = new byte[AddressBody];
        body[0] = FamilyOf(address);
        body[1] = (byte)(address.Family == IpFamily.V6 ? 128 : 32);
        MemoryMarshal.Write(body.AsSpan(4), device);
        return body;
    }

    // The acknowledgement is an error message whose number is 0 (else minus the errno).
    private int Outcome() => !_socket.Next(out ushort type, out var body) && type != 0 && body.Length >= 4 ? -MemoryMarshal.Read<int>(body) : Errno.Invalid;
}
