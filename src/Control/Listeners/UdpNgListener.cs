using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.Control.Interop;

namespace RtpCluster.Control.Listeners;

/// <summary>
/// ng over UDP on one address. One thread of its own receives, decodes and starts each request, so that a busy thread pool delays none; a
/// request that waits (for its call's owner, for a store) goes on elsewhere while the thread takes the next.
/// </summary>
internal sealed class UdpNgListener(NetEndpoint endpoint, int tos, Dispatcher dispatcher, ControlStatistics statistics, TimeProvider time, ILogger logger)
    : IListener
{
    private const int MaxDatagram = 65_535;
    private const int ReceiveBuffer = 4 * 1024 * 1024;

    /// <summary>How soon the thread notices a stop, in microseconds.</summary>
    private const int PollMicros = 100_000;

    private readonly Socket _socket = new(Sockets.Family(endpoint), SocketType.Dgram, ProtocolType.Udp);
    private readonly CookieCache _cookies = new(time);
    private volatile bool _stopping;
    private Thread? _thread;

    /// <summary>What it is bound to; tells the port when the option said 0.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <inheritdoc/>
    public Task StartAsync()
    {
        try
        {
            Sockets.SetFamilyOnly(_socket);
            _socket.ReceiveBufferSize = ReceiveBuffer;
            Sockets.SetTos(_socket, tos);
            _socket.SetSocketOption(
                _socket.AddressFamily == AddressFamily.InterNetwork ? SocketOptionLevel.IP : SocketOptionLevel.IPv6,
                SocketOptionName.PacketInformation,
                true);
            _socket.ReceiveTimeout = 1_000;
            _socket.Bind(Sockets.ToSystem(endpoint));
        }
        catch (SocketException e)
        {
            throw ListenException.For("listen-ng", endpoint, e);
        }

        _thread = new Thread(Receive) { IsBackground = true, Name = $"ng-udp {endpoint}" };
        _thread.Start();
        logger.Listening("udp", endpoint);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        _stopping = true;
        if (_thread is { } thread)
        {
            await Task.Run(thread.Join).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }

    private void Receive()
    {
        PatientThread.Set();
        var buffer = new byte[MaxDatagram];
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!_stopping)
        {
            try
            {
                if (!_socket.Poll(PollMicros, SelectMode.SelectRead))
                {
                    continue;
                }

                EndPoint from = any;
                var flags = SocketFlags.None;
                int length = _socket.ReceiveMessageFrom(buffer, ref flags, ref from, out var info);
                Serve(buffer.AsSpan(0, length), (IPEndPoint)from, info);
            }
            catch (SocketException e)
            {
                if (e.SocketErrorCode is not (SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted))
                {
                    logger.ListenerTrouble("udp", endpoint, "receive failed", e);
                }
            }
        }
    }

    private void Serve(ReadOnlySpan<byte> datagram, IPEndPoint from, IPPacketInformation info)
    {
        var work = dispatcher.DispatchAsync(_cookies, datagram, Sockets.FromSystem(from));
        if (work.IsCompletedSuccessfully)
        {
            Reply(work.Result, from, info);
        }
        else
        {
            _ = ReplyAsync(work, from, info);
        }
    }

    private async Task ReplyAsync(ValueTask<byte[]?> work, IPEndPoint to, IPPacketInformation info) =>
        Reply(await work.ConfigureAwait(false), to, info);

    private void Reply(byte[]? reply, IPEndPoint to, IPPacketInformation info)
    {
        if (reply is null)
        {
            return;
        }

        try
        {
            if (!UdpReply.TrySend(_socket, reply, to, info.Address, info.Interface))
            {
                statistics.CountDropped();
            }
        }
        catch (ObjectDisposedException)
        {
            // The listener has stopped while the request ran: nobody can be answered any more.
            statistics.CountDropped();
        }
    }
}
