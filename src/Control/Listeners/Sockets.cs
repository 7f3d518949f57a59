using System.Net;
using System.Net.Sockets;
using RtpCluster.Contracts;

namespace RtpCluster.Control.Listeners;

/// <summary>Between our addresses and the system's.</summary>
internal static class Sockets
{
    /// <summary>The address family of a socket for the endpoint.</summary>
    public static AddressFamily Family(NetEndpoint endpoint) =>
        endpoint.Address.Family == IpFamily.V6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    /// <summary>As the system names it.</summary>
    public static IPEndPoint ToSystem(NetEndpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPEndPoint(new IPAddress(bytes[..endpoint.Address.WriteBytes(bytes)]), endpoint.Port);
    }

    /// <summary>As we name it.</summary>
    public static NetEndpoint FromSystem(EndPoint? endpoint)
    {
        if (endpoint is not IPEndPoint ip)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        ip.Address.TryWriteBytes(bytes, out int length);
        return new NetEndpoint(IpAddress.FromBytes(bytes[..length]), (ushort)ip.Port);
    }

    /// <summary>Keeps an IPv6 socket off IPv4: the wildcard of each family is a socket of its own.</summary>
    public static void SetFamilyOnly(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }
    }

    /// <summary>Sets the TOS or traffic class byte of what the socket sends.</summary>
    public static void SetTos(Socket socket, int tos)
    {
        if (tos == 0)
        {
            return;
        }

        // IP_TOS of IPPROTO_IP, IPV6_TCLASS of IPPROTO_IPV6; the managed name of the first does nothing on Linux.
        const int ipTos = 1;
        const int ipv6TrafficClass = 67;
        bool v6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        socket.SetRawSocketOption(v6 ? 41 : 0, v6 ? ipv6TrafficClass : ipTos, BitConverter.GetBytes(tos));
    }
}
