using System.Net.WebSockets;

namespace RtpCluster.Control.Http;

/// <summary>One message of a WebSocket. <paramref name="Bytes"/> are valid until the next one is read.</summary>
internal readonly record struct WebSocketMessage(ReadOnlyMemory<byte> Bytes, bool IsText);

/// <summary>Reads whole messages of a bounded size into one growing buffer.</summary>
internal sealed class WebSocketReader(WebSocket socket, int maxBytes)
{
    private const int FirstBuffer = 4096;

    private byte[] _buffer = new byte[FirstBuffer];

    /// <summary>The reading ended because of a message larger than we take.</summary>
    public bool IsTooBig { get; private set; }

    /// <summary>The next message; null at the end of the connection. Never throws for what the client does.</summary>
    public async Task<WebSocketMessage?> ReadAsync()
    {
        int filled = 0;
        try
        {
            while (true)
            {
                if (filled == _buffer.Length)
                {
                    Array.Resize(ref _buffer, _buffer.Length * 2);
                }

                var result = await socket.ReceiveAsync(_buffer.AsMemory(filled), CancellationToken.None).ConfigureAwait(false);
                filled += result.Count;
                IsTooBig = filled > maxBytes;
                if (result.MessageType == WebSocketMessageType.Close || IsTooBig)
                {
                    return null;
                }

                if (result.EndOfMessage)
                {
                    return new WebSocketMessage(_buffer.AsMemory(0, filled), result.MessageType == WebSocketMessageType.Text);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            return null;
        }
    }
}
