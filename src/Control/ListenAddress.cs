using System.Net.Sockets;
using RtpCluster.Contracts;

namespace RtpCluster.Control;

/// <summary>The value of a <c>listen-…</c> option.</summary>
public static class ListenAddress
{
    /// <summary>
    /// Reads <c>1.2.3.4:5</c>, <c>[::1]:5</c>, or a port alone, which means every address of both families
    /// (IPv4 only on a machine without IPv6).
    /// </summary>
    public static bool TryParse(string text, out IReadOnlyList<NetEndpoint> endpoints)
    {
        if (ushort.TryParse(text, out ushort port))
        {
            var v4 = new NetEndpoint(IpAddress.Any(IpFamily.V4), port);
            endpoints = Socket.OSSupportsIPv6 ? [v4, new NetEndpoint(IpAddress.Any(IpFamily.V6), port)] : [v4];
            return port != 0;
        }

        bool parsed = NetEndpoint.TryParse(text, out var endpoint);
        endpoints = parsed ? [endpoint] : [];
        return parsed && endpoint.Port != 0;
    }
}
