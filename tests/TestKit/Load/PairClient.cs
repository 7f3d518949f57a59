using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Load;

/// <summary>
/// Sends offers at a fixed pace and the answer after each reply; measures every round trip. No request waits for another. All requests are
/// made beforehand: while it runs it allocates nothing, so that its own collector is in no figure.
/// </summary>
public sealed class PairClient : IDisposable
{
    private readonly Socket _socket;
    private readonly SocketAddress[] _targets;
    private readonly byte[][] _offers;
    private readonly byte[][] _answers;
    private readonly long[] _sent;
    private readonly double[] _millis;
    private readonly Thread _receiver;
    private int _answered;
    private int _errors;
    private bool _disposed;

    /// <summary>Makes the requests of <paramref name="calls"/> calls, named <paramref name="prefix"/> and a number, to the lab's node.</summary>
    public PairClient(Lab lab, string prefix, int calls)
        : this(lab.Node, prefix, calls, [new IPEndPoint(IPAddress.Loopback, 2223)], static _ => string.Empty)
    {
    }

    /// <summary>As above, to any number of nodes in turns.</summary>
    /// <param name="where">The client's host.</param>
    /// <param name="prefix">What the call-ids begin with.</param>
    /// <param name="calls">How many calls.</param>
    /// <param name="nodes">Where the nodes listen; a call's answer goes to another one than its offer when there are several.</param>
    /// <param name="keys">More keys of a call's requests, bencoded.</param>
    public PairClient(NetworkNamespace where, string prefix, int calls, IReadOnlyList<IPEndPoint> nodes, Func<int, string> keys)
    {
        _offers = [.. Enumerable.Range(0, calls).Select(i => Request("offer", $"o{i}-{prefix}", $"{prefix}{i}", keys(i)))];
        _answers = [.. Enumerable.Range(0, calls).Select(i => Request("answer", $"a{i}-{prefix}", $"{prefix}{i}", keys(i)))];
        _targets = [.. nodes.Select(n => n.Serialize())];
        _sent = new long[2 * calls];
        _millis = new double[2 * calls];
        Array.Fill(_millis, double.NaN);
        _socket = where.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 << 20, ReceiveTimeout = 200 };
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return socket;
        });
        _receiver = new Thread(Receive) { IsBackground = true };
        _receiver.Start();
    }

    /// <summary>Calls whose answer came back.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Replies other than ok.</summary>
    public int Errors => Volatile.Read(ref _errors);

    /// <summary>How late the latest offer left, in ms: more than a little and the figures are the generator's own.</summary>
    public double Lateness { get; private set; }

    /// <summary>Sends the offers, so many a second.</summary>
    public void Run(int perSecond)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < _offers.Length; i++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond < i)
            {
                Pause.Micros(200);
            }

            Lateness = Math.Max(Lateness, Stopwatch.GetElapsedTime(start).TotalMilliseconds - (i * 1000.0 / perSecond));
            Send(_offers[i], 2 * i);
        }
    }

    /// <summary>The round-trip time in ms that a fraction of all requests did not exceed.</summary>
    public double Quantile(double fraction) => Quantile(_millis, fraction);

    /// <summary>The round-trip time in ms that a fraction of the offers did not exceed.</summary>
    public double OfferQuantile(double fraction) => Quantile(_millis.Where((_, slot) => slot % 2 == 0), fraction);

    /// <inheritdoc/>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _receiver.Join();
        _socket.Dispose();
    }

    private static double Quantile(IEnumerable<double> millis, double fraction)
    {
        double[] all = [.. millis.Where(m => !double.IsNaN(m)).Order()];
        return all.Length == 0 ? double.NaN : all[Math.Min(all.Length - 1, (int)(all.Length * fraction))];
    }

    private static byte[] Request(string command, string cookie, string callId, string keys)
    {
        string sdp = NgClient.Sdp(command == "offer" ? Lab.CallerV4 : Lab.CalleeV4, 6000);
        string toTag = command == "answer" ? "6:to-tag1:b" : "";
        return Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{cookie} d7:command{command.Length}:{command}7:call-id{callId.Length}:{callId}{keys}8:from-tag1:a{toTag}3:sdp{sdp.Length}:{sdp}e"));
    }

    private void Send(byte[] request, int slot)
    {
        Volatile.Write(ref _sent[slot], Stopwatch.GetTimestamp());
        _socket.SendTo(request, SocketFlags.None, _targets[((slot / 2) + (slot % 2)) % _targets.Length]);
    }

    private void Receive()
    {
        byte[] buffer = new byte[65536];
        while (!Volatile.Read(ref _disposed))
        {
            try
            {
                Take(buffer.AsSpan(0, _socket.Receive(buffer)));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Nothing comes: look whether we are done.
            }
        }
    }

    private void Take(ReadOnlySpan<byte> reply)
    {
        bool answer = reply[0] == (byte)'a';
        if (!Utf8Parser.TryParse(reply[1..], out int call, out _))
        {
            return;
        }

        int slot = (2 * call) + (answer ? 1 : 0);
        _millis[slot] = Stopwatch.GetElapsedTime(Volatile.Read(ref _sent[slot])).TotalMilliseconds;
        if (reply.IndexOf("6:result2:ok"u8) < 0)
        {
            Interlocked.Increment(ref _errors);
        }
        else if (answer)
        {
            Interlocked.Increment(ref _answered);
        }
        else
        {
            Send(_answers[call], (2 * call) + 1);
        }
    }
}
