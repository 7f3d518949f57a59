using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>Takes a frame; the payload is only good during the call. Runs on the connection's reading task, one frame at a time.</summary>
internal delegate void FrameHandler(MessageKind kind, uint id, ReadOnlySpan<byte> payload);

/// <summary>
/// One end of the Unix socket between agent and media process. <see cref="Send{T}"/> is safe from any thread and never blocks: one task
/// serialises whatever waits and sends it in one write, so that a thousand requests in flight cost few system calls.
/// </summary>
internal sealed class FrameConnection(Socket socket) : IDisposable
{
    private const int FlushBytes = 256 * 1024;

    private readonly Channel<Outgoing> _queue = Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true });
    private bool _ended;

    /// <summary>The connection is over.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>Queues a frame. After the connection has ended frames go nowhere.</summary>
    public void Send<T>(MessageKind kind, uint id, T payload, JsonTypeInfo<T> type)
        where T : class => _queue.Writer.TryWrite(new Outgoing(kind, id, payload, type));

    /// <summary>Queues a frame without payload.</summary>
    public void Send(MessageKind kind, uint id) => _queue.Writer.TryWrite(new Outgoing(kind, id, null, null));

    /// <summary>Sends what is queued, then ends the connection.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Reads and writes until either side ends or <paramref name="cancel"/> fires; ordinary ends do not throw.</summary>
    public async Task RunAsync(FrameHandler handler, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var write = WriteLoopAsync(stop.Token);
        var read = ReadLoopAsync(handler, stop.Token);
        try
        {
            await await Task.WhenAny(write, read).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side went away: the owner sees that this method returned.
        }
        finally
        {
            Volatile.Write(ref _ended, true);
            _queue.Writer.TryComplete();
            await stop.CancelAsync().ConfigureAwait(false);
            socket.Dispose();
            await Task.WhenAll(write, read).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        socket.Dispose();
    }

    private async Task WriteLoopAsync(CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushBytes);
        using var json = new Utf8JsonWriter(buffer);
        while (await _queue.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
        {
            while (buffer.WrittenCount < FlushBytes && _queue.Reader.TryRead(out var frame))
            {
                Append(buffer, json, frame);
            }

            var rest = buffer.WrittenMemory;
            while (rest.Length > 0)
            {
                rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancel).ConfigureAwait(false)..];
            }

            buffer.ResetWrittenCount();
        }
    }

    private static void Append(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json, in Outgoing frame)
    {
        int start = buffer.WrittenCount;
        buffer.GetSpan(Protocol.HeaderSize)[..Protocol.HeaderSize].Clear();
        buffer.Advance(Protocol.HeaderSize);
        if (frame.Type is not null)
        {
            json.Reset();
            JsonSerializer.Serialize(json, frame.Payload, frame.Type);
        }

        // The header lies in memory that the writer owns; it is written last, when the length is known.
        var header = System.Runtime.InteropServices.MemoryMarshal.AsMemory(buffer.WrittenMemory).Span[start..];
        BinaryPrimitives.WriteInt32LittleEndian(header, buffer.WrittenCount - start - sizeof(int));
        header[4] = (byte)frame.Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(header[5..], frame.Id);
    }

    private async Task ReadLoopAsync(FrameHandler handler, CancellationToken cancel)
    {
        byte[] buffer = new byte[64 * 1024];
        int filled = 0;
        while (true)
        {
            int received = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancel).ConfigureAwait(false);
            if (received == 0)
            {
                return;
            }

            filled += received;
            int consumed = Dispatch(handler, buffer.AsSpan(0, filled), out int needed);
            if (needed > Protocol.MaxFrame)
            {
                return;
            }

            if (consumed > 0)
            {
                buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                filled -= consumed;
            }

            if (needed > buffer.Length)
            {
                Array.Resize(ref buffer, Math.Max(needed, buffer.Length * 2));
            }
        }
    }

    /// <summary>Hands out the whole frames in a buffer; returns the bytes used and the size of the frame that is still incomplete.</summary>
    private static int Dispatch(FrameHandler handler, ReadOnlySpan<byte> data, out int needed)
    {
        int at = 0;
        needed = 0;
        while (data.Length - at >= sizeof(int))
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(data[at..]);
            if (length is < Protocol.HeaderSize - sizeof(int) or > Protocol.MaxFrame)
            {
                needed = int.MaxValue;
                return at;
            }

            needed = length + sizeof(int);
            if (data.Length - at < needed)
            {
                return at;
            }

            var frame = data.Slice(at, needed);
            handler((MessageKind)frame[4], BinaryPrimitives.ReadUInt32LittleEndian(frame[5..]), frame[Protocol.HeaderSize..]);
            at += needed;
        }

        return at;
    }

    private readonly record struct Outgoing(MessageKind Kind, uint Id, object? Payload, JsonTypeInfo? Type);
}
