using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Drills.Load;

/// <summary>
/// Asks as Kamailio does: a second for an answer, then the same cookie at the next node, five times in all; also when a node says that it is full.
/// Any number of requests at once. Notes every command in the history.
/// </summary>
public sealed class RetryingProxy : IDisposable
{
    private const int TimeoutMillis = 1000, Attempts = 5;
    private readonly Socket _socket;
    private readonly History _history;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _waiting = new();
    private int _cookie;
    private long _slowest;

    public RetryingProxy(NetworkNamespace where, History history)
    {
        _history = history;
        _socket = where.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
            socket.Bind(new IPEndPoint(IPAddress.Parse(Phones.Host), 0));
            return socket;
        });
        _ = ReceiveAsync();
    }

    /// <summary>Longest time that an answer took, retries included.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Volatile.Read(ref _slowest));

    /// <summary>The answer; null: nobody answered.</summary>
    /// <param name="nodes">Whom to ask, in order.</param>
    /// <param name="command">The command.</param>
    /// <param name="values">Its keys; the first is the call-id.</param>
    public async Task<string?> AskAsync(int[] nodes, string command, params (string Key, string Value)[] values)
    {
        string cookie = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}_{GetHashCode()}_{Interlocked.Increment(ref _cookie)}");
        var text = new StringBuilder(cookie).Append(" d7:command").Append(Word(command));
        foreach (var (key, value) in values)
        {
            text.Append(Word(key)).Append(Word(value));
        }

        byte[] message = Encoding.Latin1.GetBytes(text.Append('e').ToString());
        var entry = _history.Begin(values[0].Value, command);
        long began = Stopwatch.GetTimestamp();
        string? reply = null;
        for (int i = 0; i < Attempts; i++)
        {
            reply = await TryAsync(cookie, message, nodes[i % nodes.Length]) ?? reply;
            if (reply is not null && !IsFull(reply))
            {
                break;
            }
        }

        _history.End(entry, reply);
        long took = Stopwatch.GetElapsedTime(began).Ticks;
        for (long seen; took > (seen = Volatile.Read(ref _slowest)) && Interlocked.CompareExchange(ref _slowest, took, seen) != seen;)
        {
        }

        return reply;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static bool IsFull(string reply) =>
        reply.Contains("load limit", StringComparison.Ordinal) || reply.Contains("Parallel session limit reached", StringComparison.Ordinal);

    private async Task<string?> TryAsync(string cookie, byte[] message, int node)
    {
        var answer = _waiting[cookie] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _socket.SendToAsync(message, new IPEndPoint(IPAddress.Parse(ClusterLab.Address(node)), 2223));
            return await answer.Task.WaitAsync(TimeSpan.FromMilliseconds(TimeoutMillis));
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (SocketException)
        {
            await Task.Delay(TimeoutMillis);
            return null;
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[65536];
        while (true)
        {
            try
            {
                var got = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                string reply = Encoding.Latin1.GetString(buffer, 0, got.ReceivedBytes);
                int blank = reply.IndexOf(' ', StringComparison.Ordinal);
                if (blank > 0 && _waiting.TryRemove(reply[..blank], out var waiting))
                {
                    waiting.TrySetResult(reply[(blank + 1)..]);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                // A node that is gone.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static string Word(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text}");
}
