using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using RtpCluster.Contracts;

namespace RtpCluster.Server.Options;

/// <summary>The real host's network.</summary>
public sealed class HostNetwork : IHostNetwork
{
    /// <inheritdoc/>
    public bool HasV6 => Socket.OSSupportsIPv6;

    /// <inheritdoc/>
    public bool HasDevice(string name) => NetworkInterface.GetAllNetworkInterfaces().Any(device => device.Name == name);

    /// <inheritdoc/>
    public IReadOnlyList<IpAddress> Addresses(string name)
    {
        bool any = name == "any";
        var found = new List<IpAddress>();
        foreach (var device in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (!any && device.Name != name)
            {
                continue;
            }

            foreach (var unicast in device.GetIPProperties().UnicastAddresses)
            {
                var address = unicast.Address;
                if (!address.IsIPv6LinkLocal && !(any && IPAddress.IsLoopback(address)))
                {
                    found.Add(IpAddress.FromBytes(address.GetAddressBytes()));
                }
            }
        }

        return found.Count > 0 || any ? found : Resolve(name);
    }

    private static List<IpAddress> Resolve(string name)
    {
        try
        {
            return name.Length == 0 ? [] : [.. Dns.GetHostAddresses(name).Select(address => IpAddress.FromBytes(address.GetAddressBytes()))];
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
