using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Load;

/// <summary>
/// Asks for many calls at once (ng <c>query</c>) and notes when each answered ok; asks again for those that got nothing, and with
/// another cookie for those that got an error. Not safe for concurrent use.
/// </summary>
public sealed class QueryClient : IDisposable
{
    private const double LookSeconds = 0.005;
    private readonly Socket _socket;
    private readonly SocketAddress[] _nodes;
    private readonly string[] _calls;
    private readonly double[] _answeredAt;
    private readonly double[] _askedAt;
    private readonly int[] _refusals;
    private readonly byte[] _buffer = new byte[65536];
    private readonly Stopwatch _watch = new();
    private readonly string _salt = Guid.NewGuid().ToString("N");
    private int _answered;

    /// <summary>Prepares questions to nodes, in turns.</summary>
    public QueryClient(NetworkNamespace where, IReadOnlyList<IPEndPoint> nodes, IEnumerable<string> calls)
    {
        _nodes = [.. nodes.Select(n => n.Serialize())];
        _calls = [.. calls];
        _answeredAt = new double[_calls.Length];
        _askedAt = new double[_calls.Length];
        _refusals = new int[_calls.Length];
        Array.Fill(_askedAt, double.NegativeInfinity);
        _socket = where.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 16 << 20 };
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return socket;
        });
    }

    /// <summary>Calls that answered ok.</summary>
    public int Answered => _answered;

    /// <summary>Answers other than ok.</summary>
    public int Errors { get; private set; }

    /// <summary>The text of the last answer other than ok.</summary>
    public string LastError { get; private set; } = string.Empty;

    /// <summary>Seconds after the start within which a fraction of the calls had answered ok; NaN: they never did.</summary>
    public double SecondsUntil(double fraction)
    {
        double[] all = [.. _answeredAt.Where(s => s > 0).Order()];
        int index = Math.Max(0, (int)Math.Ceiling(_calls.Length * fraction) - 1);
        return index < all.Length ? all[index] : double.NaN;
    }

    /// <summary>Asks until every call has answered ok or the time is over.</summary>
    /// <param name="perSecond">Most questions a second.</param>
    /// <param name="again">Seconds after which a call without an ok is asked for again.</param>
    /// <param name="limit">Seconds in all.</param>
    public void Run(int perSecond, double again, double limit)
    {
        _watch.Restart();
        int sent = 0, next = 0;
        double lookAt = 0;
        while (_answered < _calls.Length && _watch.Elapsed.TotalSeconds < limit)
        {
            bool look = _watch.Elapsed.TotalSeconds >= lookAt;
            for (int looked = 0; look && sent < _watch.Elapsed.TotalSeconds * perSecond && looked < _calls.Length; looked++, next = (next + 1) % _calls.Length)
            {
                if (_answeredAt[next] == 0 && _watch.Elapsed.TotalSeconds - _askedAt[next] > again)
                {
                    Ask(next, sent++);
                }
            }

            // Nobody due is no reason to look again at once: the machine is the nodes'.
            lookAt = look ? _watch.Elapsed.TotalSeconds + LookSeconds : lookAt;
            if (!_socket.Poll(500, SelectMode.SelectRead))
            {
                continue;
            }

            while (_socket.Available > 0)
            {
                Take(_buffer.AsSpan(0, _socket.Receive(_buffer)));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Ask(int call, int turn)
    {
        string id = _calls[call];
        _askedAt[call] = _watch.Elapsed.TotalSeconds;
        _socket.SendTo(
            Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call}-{_refusals[call]}-{_salt} d7:command5:query7:call-id{id.Length}:{id}e")),
            SocketFlags.None, _nodes[turn % _nodes.Length]);
    }

    private void Take(ReadOnlySpan<byte> reply)
    {
        if (!Utf8Parser.TryParse(reply, out int call, out _) || _answeredAt[call] > 0)
        {
            return;
        }

        if (reply.IndexOf("6:result2:ok"u8) >= 0)
        {
            _answeredAt[call] = _watch.Elapsed.TotalSeconds;
            _answered++;
        }
        else
        {
            Errors++;
            _refusals[call]++;
            LastError = Encoding.Latin1.GetString(reply);
        }
    }
}
