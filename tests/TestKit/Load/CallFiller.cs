using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Load;

/// <summary>
/// Sets up many calls as fast as nodes answer: offer at one, answer at the next, never more than a window of them at once. What gets no answer is sent
/// again with its cookie, what is refused with another one. Not safe for concurrent use.
/// </summary>
public sealed class CallFiller : IDisposable
{
    private const double SilenceSeconds = 2, RefusalSeconds = 0.2, LookSeconds = 0.1;
    private readonly Socket _socket;
    private readonly SocketAddress[] _nodes;
    private readonly string _prefix;
    private readonly Func<int, string> _keys;
    private readonly Dictionary<int, Step> _open = [];
    private readonly byte[] _buffer = new byte[65536];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly int _calls;
    private int _next;

    /// <summary>Prepares it.</summary>
    /// <param name="where">The client's host.</param>
    /// <param name="prefix">What the call-ids begin with; a number follows.</param>
    /// <param name="calls">How many calls.</param>
    /// <param name="nodes">Where the nodes listen.</param>
    /// <param name="keys">More keys of a call's requests, bencoded.</param>
    public CallFiller(NetworkNamespace where, string prefix, int calls, IReadOnlyList<IPEndPoint> nodes, Func<int, string> keys)
    {
        _prefix = prefix;
        _calls = calls;
        _keys = keys;
        _nodes = [.. nodes.Select(n => n.Serialize())];
        _socket = where.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 << 20 };
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return socket;
        });
    }

    /// <summary>Calls that are set up.</summary>
    public int Done => _next - _open.Count;

    /// <summary>Requests that were sent again.</summary>
    public int Again { get; private set; }

    /// <summary>The last refusal; empty: none.</summary>
    public string LastError { get; private set; } = string.Empty;

    /// <summary>Runs until all calls are set up.</summary>
    /// <param name="window">Most calls on their way at once.</param>
    /// <param name="limit">Seconds in all.</param>
    /// <exception cref="TimeoutException">Not in that time.</exception>
    public void Run(int window, double limit)
    {
        double lookAt = 0;
        while (Done < _calls)
        {
            while (_open.Count < window && _next < _calls)
            {
                Send(_next++, new Step());
            }

            if (_socket.Poll(1000, SelectMode.SelectRead))
            {
                Take(_buffer.AsSpan(0, _socket.Receive(_buffer)));
            }

            double now = _watch.Elapsed.TotalSeconds;
            if (now > lookAt)
            {
                lookAt = now + LookSeconds;
                Look(now);
                if (now > limit)
                {
                    throw new TimeoutException($"{Done} of {_calls} calls set up within {limit} s, {Again} requests sent again, last refusal: {LastError}");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Look(double now)
    {
        foreach (var (call, step) in _open.Where(o => now > o.Value.At + (o.Value.Refused ? RefusalSeconds : SilenceSeconds)).ToArray())
        {
            Again++;
            Send(call, step with { Attempt = step.Attempt + 1, Cookie = step.Cookie + (step.Refused ? 1 : 0), Refused = false });
        }
    }

    private void Send(int call, Step step)
    {
        _open[call] = step with { At = _watch.Elapsed.TotalSeconds };
        string id = string.Create(CultureInfo.InvariantCulture, $"{_prefix}{call}");
        string sdp = NgClient.Sdp(step.Answers ? Lab.CalleeV4 : Lab.CallerV4, 6000);
        string verb = step.Answers ? "6:answer" : "5:offer", toTag = step.Answers ? "6:to-tag1:b" : "";
        _socket.SendTo(
            Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{call}-{(step.Answers ? 'a' : 'o')}{step.Cookie}-{_prefix} d7:command{verb}7:call-id{id.Length}:{id}{_keys(call)}8:from-tag1:a{toTag}3:sdp{sdp.Length}:{sdp}e")),
            SocketFlags.None, _nodes[(call + (step.Answers ? 1 : 0) + step.Attempt) % _nodes.Length]);
    }

    private void Take(ReadOnlySpan<byte> reply)
    {
        if (!Utf8Parser.TryParse(reply, out int call, out int digits) || !_open.TryGetValue(call, out var step)
            || (reply[digits + 1] == (byte)'a') != step.Answers)
        {
            return;
        }

        if (reply.IndexOf("6:result2:ok"u8) < 0)
        {
            LastError = Encoding.Latin1.GetString(reply);
            _open[call] = step with { Refused = true };
        }
        else if (step.Answers)
        {
            _open.Remove(call);
        }
        else
        {
            Send(call, new Step { Answers = true });
        }
    }

    private readonly record struct Step(bool Answers, int Cookie, int Attempt, bool Refused, double At);
}
