using System.Net.Sockets;

namespace RtpCluster.NodeAgent.MediaProcess;

/// <summary>Opens the controller's socket.</summary>
internal static class UnixListener
{
    /// <summary>Listens on a path that only our user may open. A socket file that nobody serves any more is replaced.</summary>
    /// <exception cref="InvalidOperationException">Another process serves it.</exception>
    public static Socket Open(string path)
    {
        if (File.Exists(path))
        {
            if (IsServed(path))
            {
                throw new InvalidOperationException($"another media process serves {path}");
            }

            File.Delete(path);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(8);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes the socket file; one that is gone already, even with its directory, is fine.</summary>
    public static void Remove(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private static bool IsServed(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
