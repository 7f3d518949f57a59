using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Load;

/// <summary>Sends offers at a fixed pace and the answer after each reply; measures every round trip. No request waits for another.</summary>
public sealed class PairClient : IDisposable
{
    private readonly Socket _socket;
    private readonly ConcurrentDictionary<string, long> _running = new();
    private readonly List<double> _millis = [];
    private readonly Thread _receiver;
    private int _answered;
    private int _errors;

    public PairClient(Lab lab)
    {
        _socket = lab.Node.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 << 20, ReceiveTimeout = 2000 };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, 2223));
            return socket;
        });
        _receiver = new Thread(Receive);
        _receiver.Start();
    }

    public int Answered => Volatile.Read(ref _answered);

    public int Errors => Volatile.Read(ref _errors);

    public void Run(string prefix, int calls, int perSecond)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond < i)
            {
                Pause.Micros(200);
            }

            Send("offer", $"{prefix}{i}");
        }
    }

    /// <summary>The round-trip time in ms that a fraction of all requests did not exceed.</summary>
    public double Quantile(double fraction)
    {
        lock (_millis)
        {
            return _millis.Count == 0 ? double.NaN : _millis.Order().ElementAt(Math.Min(_millis.Count - 1, (int)(_millis.Count * fraction)));
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _receiver.Join();
    }

    private void Send(string command, string callId)
    {
        string sdp = NgClient.Sdp(command == "offer" ? Lab.CallerV4 : Lab.CalleeV4, 6000);
        string cookie = $"{command}_{callId}";
        string toTag = command == "answer" ? "6:to-tag1:b" : "";
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{cookie} d7:command{command.Length}:{command}7:call-id{callId.Length}:{callId}8:from-tag1:a{toTag}3:sdp{sdp.Length}:{sdp}e");
        _running[cookie] = Stopwatch.GetTimestamp();
        _socket.Send(Encoding.Latin1.GetBytes(text));
    }

    private void Receive()
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (true)
            {
                int n = _socket.Receive(buffer);
                string cookie = Encoding.Latin1.GetString(buffer, 0, Array.IndexOf(buffer, (byte)' ', 0, n));
                if (!_running.TryRemove(cookie, out long sent))
                {
                    continue;
                }

                lock (_millis)
                {
                    _millis.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }

                if (buffer.AsSpan(0, n).IndexOf("6:result2:ok"u8) < 0)
                {
                    Interlocked.Increment(ref _errors);
                }
                else if (cookie.StartsWith("offer_", StringComparison.Ordinal))
                {
                    Send("answer", cookie[6..]);
                }
                else
                {
                    Interlocked.Increment(ref _answered);
                }
            }
        }
        catch (SocketException)
        {
        }
    }
}
