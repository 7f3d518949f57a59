using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using RtpCluster.Contracts;
using RtpCluster.Media.Srtp;
using RtpCluster.TestKit.Netns;

namespace RtpCluster.TestKit.Rtp;

/// <summary>
/// A phone's media: one RTP port (and RTCP on the next) that sends numbered packets, answers sender reports and counts what arrives.
/// Thread-safe; sending is paced by <see cref="RtpPacer"/>.
/// </summary>
public sealed class RtpPeer : IDisposable
{
    private readonly Socket _rtp;
    private readonly Socket _rtcp;
    private readonly Dictionary<(uint Ssrc, ushort Sequence), int> _received = [];
    private readonly HashSet<EndPoint> _sources = [];
    private (uint Ssrc, ushort Sequence)? _last;
    private long _lastArrival;
    private ushort _sequence;
    private uint _timestamp;
    private int _toSend;
    private (uint Ssrc, uint Lsr, long Ticks) _lastReport;
    private SrtpContext? _protect, _unprotect;
    private readonly Dictionary<uint, SrtpSsrcState> _protectStates = [];
    private readonly Dictionary<uint, SrtpSsrcState> _unprotectStates = [];

    private RtpPeer(Socket rtp, Socket rtcp, uint ssrc, byte payloadType)
    {
        _rtp = rtp;
        _rtcp = rtcp;
        Ssrc = ssrc;
        PayloadType = payloadType;
        _ = ReceiveRtpAsync();
        _ = ReceiveRtcpAsync();
    }

    /// <summary>The SSRC it sends with.</summary>
    public uint Ssrc { get; set; }

    /// <summary>The payload type it sends.</summary>
    public byte PayloadType { get; set; }

    /// <summary>Payload type of a packet by its number, from 0; null: <see cref="PayloadType"/>.</summary>
    public Func<int, byte>? PayloadTypeOf { get; set; }

    /// <summary>Sequence number of its next packet.</summary>
    public ushort Sequence
    {
        get => _sequence;
        set => _sequence = value;
    }

    /// <summary>Its RTP port.</summary>
    public int Port => ((IPEndPoint)_rtp.LocalEndPoint!).Port;

    /// <summary>Where it sends to; null: nowhere yet.</summary>
    public IPEndPoint? Remote { get; set; }

    /// <summary>Payload types that arrived.</summary>
    public HashSet<byte> PayloadTypesReceived { get; } = [];

    /// <summary>SSRCs that arrived.</summary>
    public IReadOnlyCollection<uint> SsrcsReceived
    {
        get
        {
            lock (_received)
            {
                return [.. _received.Keys.Select(key => key.Ssrc).Distinct()];
            }
        }
    }

    /// <summary>Arrived packets that failed SRTP authentication.</summary>
    public int Refused { get; private set; }

    /// <summary>Packets sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>Sender reports and receiver reports that arrived.</summary>
    public int ReportsReceived { get; private set; }

    /// <summary>The longest time between two packets that arrived, since <see cref="WatchGaps"/>.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>Begins to measure <see cref="LongestGap"/> with the next packet.</summary>
    public void WatchGaps()
    {
        lock (_received)
        {
            _lastArrival = 0;
            LongestGap = default;
        }
    }

    /// <summary>Different packets received.</summary>
    public int Received
    {
        get
        {
            lock (_received)
            {
                return _received.Count;
            }
        }
    }

    /// <summary>Packets received more than once.</summary>
    public int Duplicates
    {
        get
        {
            lock (_received)
            {
                return _received.Values.Sum(count => count - 1);
            }
        }
    }

    /// <summary>Packets that came after a later one of the same SSRC.</summary>
    public int Reordered { get; private set; }

    /// <summary>Every address that sent RTP to us.</summary>
    public IReadOnlyCollection<EndPoint> Sources
    {
        get
        {
            lock (_received)
            {
                return [.. _sources];
            }
        }
    }

    /// <summary>Opens both ports inside a namespace.</summary>
    public static RtpPeer Open(NetworkNamespace where, IPAddress address, int port, uint ssrc, byte payloadType = 8) =>
        where.Enter(() => new RtpPeer(Bind(address, port), Bind(address, port + 1), ssrc, payloadType));

    /// <summary>Speaks SRTP: protects what it sends and unprotects what it gets. Set before the first packet.</summary>
    public void UseSrtp(SrtpKeys? send, SrtpKeys? receive)
    {
        _protect = send is null ? null : SrtpContext.Create(send);
        _unprotect = receive is null ? null : SrtpContext.Create(receive);
    }

    /// <summary>Asks for so many more packets.</summary>
    public void Send(int packets) => Interlocked.Add(ref _toSend, packets);

    /// <summary>Everything asked for has been sent.</summary>
    public bool Idle => Volatile.Read(ref _toSend) == 0;

    /// <summary>Sends one packet if any is due; called every 20 ms by the pacer.</summary>
    public void Tick()
    {
        if (Remote is null || Volatile.Read(ref _toSend) == 0)
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[256];
        var packet = buffer[..172];
        packet.Fill(0xd5);
        packet[0] = 0x80;
        packet[1] = (byte)((PayloadTypeOf?.Invoke(Sent) ?? PayloadType) | (Sent == 0 ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
        _timestamp += 160;
        _rtp.SendTo(_protect is null ? packet : buffer[..Protect(buffer, 172)], Remote);
        Sent++;
        Interlocked.Decrement(ref _toSend);
    }

    /// <summary>Sends a sender report with a report block on what was heard; called about once a second by the pacer.</summary>
    public void Report()
    {
        if (Remote is null || Sent == 0 || _protect is not null || _unprotect is not null)
        {
            return;
        }

        Span<byte> packet = stackalloc byte[52];
        packet.Clear();
        (uint ssrc, uint lsr, long ticks) = _lastReport;
        bool block = ssrc != 0;
        packet = packet[..(block ? 52 : 28)];
        packet[0] = (byte)(0x80 | (block ? 1 : 0));
        packet[1] = 200;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((packet.Length / 4) - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Ssrc);
        var now = DateTime.UtcNow - DateTime.UnixEpoch;
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], (uint)((long)now.TotalSeconds + 2208988800L));
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], (uint)((now.TotalSeconds % 1) * 4294967296.0));
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], _timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], (uint)Sent);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], (uint)Sent * 160);
        if (block)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet[28..], ssrc);
            BinaryPrimitives.WriteUInt32BigEndian(packet[36..], 1000);
            BinaryPrimitives.WriteUInt32BigEndian(packet[44..], lsr);
            var held = System.Diagnostics.Stopwatch.GetElapsedTime(ticks);
            BinaryPrimitives.WriteUInt32BigEndian(packet[48..], (uint)(held.TotalSeconds * 65536));
        }

        _rtcp.SendTo(packet, new IPEndPoint(Remote.Address, Remote.Port + 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _protect?.Dispose();
        _unprotect?.Dispose();
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private async Task ReceiveRtpAsync()
    {
        byte[] buffer = new byte[2048];
        var any = new IPEndPoint(_rtp.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (await TryReceiveAsync(_rtp, buffer, any).ConfigureAwait(false) is { } got)
        {
            bool isRtcp = buffer[1] is >= 192 and <= 223; // rtcp-mux
            if (got.ReceivedBytes < 12 || isRtcp)
            {
                continue;
            }

            uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(8));
            var key = (ssrc, BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(2)));
            if (_unprotect is not null && !Unprotect(ssrc, buffer.AsSpan(0, got.ReceivedBytes)))
            {
                Refused++;
                continue;
            }

            lock (_received)
            {
                long now = System.Diagnostics.Stopwatch.GetTimestamp();
                if (_lastArrival != 0)
                {
                    var gap = System.Diagnostics.Stopwatch.GetElapsedTime(_lastArrival, now);
                    LongestGap = gap > LongestGap ? gap : LongestGap;
                }

                _lastArrival = now;
                PayloadTypesReceived.Add((byte)(buffer[1] & 0x7f));
                Reordered += _last is { } last && last.Ssrc == ssrc && (short)(key.Item2 - last.Sequence) < 0 ? 1 : 0;
                _last = key;
                _received[key] = _received.GetValueOrDefault(key) + 1;
                _sources.Add(got.RemoteEndPoint);
            }
        }
    }

    private int Protect(Span<byte> packet, int length)
    {
        var state = _protectStates.GetValueOrDefault(Ssrc);
        length = _protect!.ProtectRtp(ref state, packet, length);
        _protectStates[Ssrc] = state;
        return length;
    }

    private bool Unprotect(uint ssrc, Span<byte> packet)
    {
        var state = _unprotectStates.GetValueOrDefault(ssrc);
        bool good = _unprotect!.TryUnprotectRtp(ref state, packet, out _, out _);
        _unprotectStates[ssrc] = state;
        return good;
    }

    private async Task ReceiveRtcpAsync()
    {
        byte[] buffer = new byte[2048];
        var any = new IPEndPoint(_rtp.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (await TryReceiveAsync(_rtcp, buffer, any).ConfigureAwait(false) is { } got)
        {
            ReportsReceived++;
            if (got.ReceivedBytes >= 28 && buffer[1] == 200)
            {
                uint lsr = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(10));
                _lastReport = (BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(4)), lsr, System.Diagnostics.Stopwatch.GetTimestamp());
            }
        }
    }

    private static async ValueTask<SocketReceiveFromResult?> TryReceiveAsync(Socket socket, byte[] buffer, EndPoint any)
    {
        while (true)
        {
            try
            {
                return await socket.ReceiveFromAsync(buffer, SocketFlags.None, any).ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }
}
