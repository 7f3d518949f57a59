using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Drills;

/// <summary>Asks as Kamailio does: a second for an answer, then the same cookie at the next node, five times in all. One request at a time.</summary>
public sealed class Proxy : IDisposable
{
    private const int TimeoutMillis = 1000, Attempts = 5;
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65536];
    private int _cookie;

    public Proxy(NetworkNamespace where) => _socket = where.Enter(() =>
        new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = TimeoutMillis });

    /// <summary>Longest time that an answer took, retries included.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>The answer; null: nobody answered.</summary>
    /// <param name="nodes">Whom to ask, in order.</param>
    /// <param name="command">The command.</param>
    /// <param name="values">Its keys.</param>
    public string? Ask(int[] nodes, string command, params (string Key, string Value)[] values)
    {
        string cookie = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}_{GetHashCode()}_{_cookie++}");
        var text = new StringBuilder(cookie).Append(" d7:command").Append(Word(command));
        foreach (var (key, value) in values)
        {
            text.Append(Word(key)).Append(Word(value));
        }

        byte[] message = Encoding.Latin1.GetBytes(text.Append('e').ToString());
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < Attempts; i++)
        {
            if (Try(cookie, message, nodes[i % nodes.Length]) is { } reply)
            {
                Slowest = watch.Elapsed > Slowest ? watch.Elapsed : Slowest;
                return reply;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private string? Try(string cookie, byte[] message, int node)
    {
        try
        {
            _socket.SendTo(message, new IPEndPoint(IPAddress.Parse(ClusterLab.Address(node)), 2223));
            while (true)
            {
                string reply = Encoding.Latin1.GetString(_buffer, 0, _socket.Receive(_buffer));
                if (reply.StartsWith(cookie + " ", StringComparison.Ordinal))
                {
                    return reply[(cookie.Length + 1)..];
                }
            }
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static string Word(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
}
