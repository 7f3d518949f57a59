using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace RtpCluster.Server.Demo;

/// <summary>A small ng client: JSON over UDP, with the retries of Kamailio.</summary>
internal sealed class DemoNg(IPEndPoint node) : IDisposable
{
    private const int Attempts = 5;
    private readonly UdpClient _socket = new(node.AddressFamily);
    private readonly string _name = Guid.NewGuid().ToString("N");
    private int _cookie;

    /// <summary>Sends a command and returns the reply.</summary>
    /// <exception cref="DemoException">No answer, or an error in it.</exception>
    public async Task<JsonObject> SendAsync(JsonObject command)
    {
        string cookie = $"{_name}_{_cookie++}";
        byte[] request = Encoding.UTF8.GetBytes($"{cookie} {command.ToJsonString()}");
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            await _socket.SendAsync(request, node).ConfigureAwait(false);
            if (await ReceiveAsync(cookie).ConfigureAwait(false) is { } reply)
            {
                return (string?)reply["result"] is "ok" or "pong"
                    ? reply
                    : throw new DemoException($"{command["command"]}: {reply["error-reason"]}");
            }
        }

        throw new DemoException($"no answer from {node}");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task<JsonObject?> ReceiveAsync(string cookie)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveAsync(limit.Token).ConfigureAwait(false);
                string text = Encoding.UTF8.GetString(datagram.Buffer);
                if (text.StartsWith(cookie + " ", StringComparison.Ordinal))
                {
                    return JsonNode.Parse(text[(cookie.Length + 1)..])!.AsObject();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return null;
        }
    }
}

/// <summary>The demo cannot go on; the message says why.</summary>
internal sealed class DemoException(string message) : Exception(message);
