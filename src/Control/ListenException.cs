using System.Net.Sockets;
using RtpCluster.Contracts;

namespace RtpCluster.Control;

/// <summary>A listener could not start. The message names the option, the address and a remedy.</summary>
public sealed class ListenException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>Words a bind failure of <paramref name="option"/>.</summary>
    internal static ListenException For(string option, NetEndpoint endpoint, Exception error)
    {
        var code = (error as SocketException ?? error.InnerException as SocketException ?? error.InnerException?.InnerException as SocketException)
            ?.SocketErrorCode;
        string remedy = code switch
        {
            SocketError.AddressAlreadyInUse => "another process uses it; stop that one or choose another port",
            SocketError.AddressNotAvailable => "this machine has no such address; add it to an interface or correct the option",
            SocketError.AccessDenied => "not allowed; choose a port of 1024 or above, or grant CAP_NET_BIND_SERVICE",
            SocketError.AddressFamilyNotSupported => "this address family is off on this machine; give an address of the other one",
            _ => error is System.Security.Cryptography.CryptographicException or IOException ? $"{error.Message}; check https-cert and https-key" : error.Message,
        };
        return new ListenException($"{option}={endpoint}: cannot listen: {remedy}", error);
    }
}
