using System.Net.Sockets;

namespace RtpCluster.Control.Listeners;

/// <summary>What stream sessions share.</summary>
internal static class Streams
{
    /// <summary>Sends every byte: a stream socket may take less at once.</summary>
    public static async ValueTask SendAllAsync(Socket connection, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await connection.SendAsync(bytes, cancel).ConfigureAwait(false)..];
        }
    }
}
