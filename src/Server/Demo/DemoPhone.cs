using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using RtpCluster.Contracts;
using RtpCluster.Media.Rtcp;
using RtpCluster.Media.Rtp;

namespace RtpCluster.Server.Demo;

/// <summary>One RTP port of the room: a publisher's microphone or a subscriber's loudspeaker.</summary>
internal sealed class DemoPhone : IDisposable
{
    /// <summary>G.711 A-law.</summary>
    private const byte PayloadType = 8;
    private const int ClockRate = 8000;
    private readonly UdpClient _socket;
    private readonly SyntheticSpeech? _voice;
    private readonly byte[] _packet = new byte[12 + SyntheticSpeech.FrameBytes];
    private readonly Lock _lock = new();
    private RtpReceiverStatistics _heard;
    private ushort _sequence;

    public DemoPhone(string name, IPAddress address, SyntheticSpeech? voice = null)
    {
        Name = name;
        _voice = voice;
        _socket = new UdpClient(new IPEndPoint(address, 0));
        _packet[0] = 0x80;
        _packet[1] = PayloadType;
        BinaryPrimitives.WriteInt32BigEndian(_packet.AsSpan(8), name.GetHashCode(StringComparison.Ordinal));
    }

    /// <summary>What the table calls it.</summary>
    public string Name { get; }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    /// <summary>The node's port for it.</summary>
    public IPEndPoint? Node { get; set; }

    /// <summary>Packets sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Sends the next 20 ms of speech.</summary>
    public async Task SpeakAsync()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), _sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), (uint)(_sequence * SyntheticSpeech.FrameBytes));
        _voice!.Fill(_packet.AsSpan(12));
        _sequence++;
        await _socket.SendAsync(_packet, Node!).ConfigureAwait(false);
        Sent++;
    }

    /// <summary>Counts what arrives until cancelled.</summary>
    public async Task ListenAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var datagram = await _socket.ReceiveAsync(cancel).ConfigureAwait(false);
                var now = new Instant((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10);
                if (RtpHeader.TryParse(datagram.Buffer, out var header) && header.PayloadType == PayloadType)
                {
                    lock (_lock)
                    {
                        _heard.Add(header.Sequence, header.Timestamp, datagram.Buffer.Length, now, ClockRate);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>What this listener has measured so far.</summary>
    public DemoQuality Measure()
    {
        lock (_lock)
        {
            double loss = _heard.Expected > 0 ? 100.0 * Math.Max(0, _heard.Lost) / _heard.Expected : 0;
            double jitter = _heard.JitterMicros / 1000.0;
            double mos = _heard.Packets == 0 ? 0 : MosCalculator.Calculate(MosModel.Listening, false, loss, jitter, 0) / 10.0;
            return new DemoQuality(_heard.Packets, loss, jitter, mos);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}

/// <summary>A listener's measurements: packets, loss in percent, jitter in ms, MOS (listening quality).</summary>
internal readonly record struct DemoQuality(long Packets, double LossPercent, double JitterMillis, double Mos);
