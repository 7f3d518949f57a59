using System.Net;
using System.Net.Sockets;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.Browser.Parts;

/// <summary>A plain-RTP phone that sends a G.711 (PCMU) tone every 20 ms and measures the tone it gets.</summary>
internal sealed class TonePhone : IAsyncDisposable
{
    private const int Rate = 8000, PacketSamples = 160, HeaderSize = 12;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _heard = [];
    private readonly double _frequency;
    private Task _work = Task.CompletedTask;

    /// <summary>Opens its port in a namespace.</summary>
    public TonePhone(NetworkNamespace where, string address, int port, double frequency)
    {
        Address = address;
        Port = port;
        _frequency = frequency;
        _socket = where.Enter(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            return socket;
        });
    }

    /// <summary>Its address.</summary>
    public string Address { get; }

    /// <summary>Its RTP port.</summary>
    public int Port { get; }

    /// <summary>Packets that came.</summary>
    public int Received { get; private set; }

    /// <summary>Its SDP.</summary>
    public string Sdp => $"v=0\r\no=- 1 1 IN IP4 {Address}\r\ns=-\r\nc=IN IP4 {Address}\r\nt=0 0\r\nm=audio {Port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n";

    /// <summary>Begins to send and to listen.</summary>
    public void Start(string nodeAddress, int nodePort) =>
        _work = Task.WhenAll(SendAsync(new IPEndPoint(IPAddress.Parse(nodeAddress), nodePort)), ListenAsync());

    /// <summary>How much of the last half second is that tone: 1 all, 0 nothing.</summary>
    public double Purity(double frequency)
    {
        double[] samples;
        lock (_heard)
        {
            samples = [.. _heard.TakeLast(Rate / 2)];
        }

        if (samples.Length < Rate / 4)
        {
            return 0;
        }

        double sine = 0, cosine = 0, energy = 1e-9;
        for (int i = 0; i < samples.Length; i++)
        {
            double angle = 2 * Math.PI * frequency * i / Rate;
            sine += samples[i] * Math.Sin(angle);
            cosine += samples[i] * Math.Cos(angle);
            energy += samples[i] * samples[i];
        }

        return 2 * ((sine * sine) + (cosine * cosine)) / (energy * samples.Length);
    }

    /// <summary>How loud the last half second was: mean power, 1 at most.</summary>
    public double Level()
    {
        lock (_heard)
        {
            return _heard.Count == 0 ? 0 : _heard.TakeLast(Rate / 2).Average(s => s * s);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(IPEndPoint target)
    {
        byte[] packet = new byte[HeaderSize + PacketSamples];
        packet[0] = 0x80;
        packet[8] = 0x77;
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (int n = 0; await pulse.WaitForNextTickAsync(_stop.Token); n++)
        {
            (packet[2], packet[3]) = ((byte)(n >> 8), (byte)n);
            int timestamp = n * PacketSamples;
            for (int i = 0; i < 4; i++)
            {
                packet[4 + i] = (byte)(timestamp >> (24 - (8 * i)));
            }

            for (int i = 0; i < PacketSamples; i++)
            {
                packet[HeaderSize + i] = Encode(0.4 * Math.Sin(2 * Math.PI * _frequency * (timestamp + i) / Rate));
            }

            await _socket.SendToAsync(packet, target, _stop.Token);
        }
    }

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            int length = await _socket.ReceiveAsync(buffer, _stop.Token);
            if (length < HeaderSize || (buffer[1] & 0x7f) != 0)
            {
                continue;
            }

            Received++;
            lock (_heard)
            {
                _heard.AddRange(buffer[HeaderSize..length].Select(Decode));
                if (_heard.Count > 4 * Rate)
                {
                    _heard.RemoveRange(0, 2 * Rate);
                }
            }
        }
    }

    // ITU-T G.711 µ-law.
    private static byte Encode(double sample)
    {
        int value = Math.Min((int)Math.Abs(sample * 32635), 32635) + 0x84;
        int exponent = Math.Max(0, (int)Math.Log2(value) - 7);
        int mantissa = (value >> (exponent + 3)) & 0xf;
        return (byte)~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa);
    }

    private static double Decode(byte code)
    {
        int bits = ~code & 0xff;
        int value = ((((bits & 0xf) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
        return (bits & 0x80) != 0 ? -value / 32768.0 : value / 32768.0;
    }
}
