using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization.Metadata;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>Takes a frame; the payload is only good during the call. Runs on the connection's reading thread, one frame at a time.</summary>
internal delegate void FrameHandler(MessageKind kind, uint id, ReadOnlySpan<byte> payload);

/// <summary>
/// One end of the Unix socket between agent and media process. <see cref="Send{T}"/> is safe from any thread and never blocks; frames are
/// read by a thread of their own, on which their handler and what awaits an answer go on: each change of thread would cost more than the work.
/// </summary>
internal sealed class FrameConnection(Socket socket) : IDisposable
{
    private readonly FrameWriter _writer = new(socket);
    private bool _ended;

    /// <summary>The connection is over.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>Sends a frame. After the connection has ended frames go nowhere.</summary>
    public void Send<T>(MessageKind kind, uint id, T payload, JsonTypeInfo<T> type)
        where T : class
    {
        _writer.Queue(kind, id, payload, type);
        _writer.Flush();
    }

    /// <summary>Puts a frame behind those that <see cref="Flush"/>, or the next frame sent, takes along: one system call for many answers.</summary>
    public void Queue<T>(MessageKind kind, uint id, T payload, JsonTypeInfo<T> type)
        where T : class => _writer.Queue(kind, id, payload, type);

    /// <summary>Sends what was queued.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>Sends a frame without payload.</summary>
    public void Send(MessageKind kind, uint id)
    {
        _writer.Queue<object>(kind, id, null, null);
        _writer.Flush();
    }

    /// <summary>Sends what waits, then ends the connection.</summary>
    public void Complete() => _writer.Complete();

    /// <summary>Reads until either side ends or <paramref name="cancel"/> fires; ordinary ends do not throw.</summary>
    /// <param name="handler">Takes each frame.</param>
    /// <param name="cancel">Ends the connection.</param>
    /// <param name="paused">Called when the handler has had every frame that came at once, before waiting for more; null: nobody cares.</param>
    public async Task RunAsync(FrameHandler handler, CancellationToken cancel, Action? paused = null)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = new Thread(() =>
        {
            try
            {
                CurrentThread.SetPatient();
                Read(handler, paused);
                over.TrySetResult();
            }
            catch (Exception e)
            {
                over.TrySetException(e);
            }
        })
        { IsBackground = true, Name = "frame reader" };
        using var stopped = cancel.Register(_writer.Abort);
        reader.Start();
        try
        {
            await over.Task.ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _ended, true);
            _writer.Abort();
            socket.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Abort();

    private unsafe void Read(FrameHandler handler, Action? paused)
    {
        byte[] buffer = new byte[64 * 1024];
        int filled = 0;
        int fd = (int)socket.SafeHandle.DangerousGetHandle();
        while (true)
        {
            nint received;
            fixed (byte* start = buffer)
            {
                received = LibC.recv(fd, start + filled, buffer.Length - filled, 0);
            }

            if (received < 0 && Marshal.GetLastPInvokeError() is Errno.Again or Errno.Interrupted)
            {
                socket.Poll(-1, SelectMode.SelectRead);
                continue;
            }

            if (received <= 0)
            {
                return;
            }

            filled += (int)received;
            int consumed = Dispatch(handler, buffer.AsSpan(0, filled), out int needed);
            if (needed > Protocol.MaxFrame)
            {
                return;
            }

            if (consumed > 0)
            {
                paused?.Invoke();
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
}
