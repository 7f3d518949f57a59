using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RtpCluster.NodeAgent.Interop;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>
/// The sending half of a <see cref="FrameConnection"/>. A frame leaves on the caller's thread, without waiting: what the socket does not
/// take at once a thread of its own sends later. So a request costs no change of thread, and a reader that stopped blocks nobody.
/// </summary>
internal sealed unsafe class FrameWriter(Socket socket)
{
    /// <summary>A reader that is this far behind is given up.</summary>
    private const int MaxBacklog = 256 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _waiting = new(64 * 1024);
    private bool _behind;
    private bool _completed;

    /// <summary>Puts a frame behind those that wait. After <see cref="Complete"/> frames go nowhere. Any thread.</summary>
    public void Queue<T>(MessageKind kind, uint id, T? payload, JsonTypeInfo<T>? type)
        where T : class
    {
        lock (_lock)
        {
            if (_completed)
            {
                return;
            }

            Append(kind, id, payload, type);
            if (_behind && _waiting.WrittenCount > MaxBacklog)
            {
                End();
            }
        }
    }

    /// <summary>Sends what waits, or leaves it to the thread that catches up. Any thread.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_completed || _behind || _waiting.WrittenCount == 0)
            {
                return;
            }

            int sent = SendNow(_waiting.WrittenSpan, LibC.MsgDontWait);
            if (sent == _waiting.WrittenCount)
            {
                _waiting.ResetWrittenCount();
                return;
            }

            byte[] rest = _waiting.WrittenSpan[sent..].ToArray();
            _waiting.ResetWrittenCount();
            _behind = true;
            new Thread(() => CatchUp(rest)) { IsBackground = true, Name = "frame writer" }.Start();
        }
    }

    /// <summary>Takes no more frames; the connection ends when those taken have left. Any thread.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            Flush();
            if (!_completed && !_behind)
            {
                End();
            }

            _completed = true;
        }
    }

    /// <summary>Ends the connection at once, whatever still waits. Any thread.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            End();
        }
    }

    private void CatchUp(byte[] bytes)
    {
        while (true)
        {
            int sent = SendNow(bytes, flags: 0);
            lock (_lock)
            {
                if (sent < bytes.Length || (_completed && _waiting.WrittenCount == 0))
                {
                    End();
                    return;
                }

                if (_waiting.WrittenCount == 0)
                {
                    _behind = false;
                    return;
                }

                bytes = _waiting.WrittenSpan.ToArray();
                _waiting.ResetWrittenCount();
            }
        }
    }

    /// <summary>Wakes the reading half, which closes the socket.</summary>
    private void End()
    {
        _completed = true;
        _waiting.ResetWrittenCount();
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over already.
        }
    }

    private int SendNow(ReadOnlySpan<byte> bytes, int flags)
    {
        int sent = 0;
        bool held = false;
        try
        {
            socket.SafeHandle.DangerousAddRef(ref held);
            int fd = (int)socket.SafeHandle.DangerousGetHandle();
            fixed (byte* start = bytes)
            {
                while (sent < bytes.Length)
                {
                    nint n = LibC.send(fd, start + sent, bytes.Length - sent, flags | LibC.MsgNoSignal);
                    if (n > 0)
                    {
                        sent += (int)n;
                    }
                    else if (Marshal.GetLastPInvokeError() == Errno.Again && flags == 0)
                    {
                        socket.Poll(-1, SelectMode.SelectWrite);
                    }
                    else if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                    {
                        break;
                    }
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over already: the reading half tells the owner.
        }
        finally
        {
            if (held)
            {
                socket.SafeHandle.DangerousRelease();
            }
        }

        return sent;
    }

    private void Append<T>(MessageKind kind, uint id, T? payload, JsonTypeInfo<T>? type)
        where T : class
    {
        int start = _waiting.WrittenCount;
        _waiting.GetSpan(Protocol.HeaderSize)[..Protocol.HeaderSize].Clear();
        _waiting.Advance(Protocol.HeaderSize);
        if (payload is not null && type is not null)
        {
            using var json = new Utf8JsonWriter(_waiting);
            JsonSerializer.Serialize(json, payload, type);
        }

        // The header lies in memory that the writer owns; it is written last, when the length is known.
        var header = MemoryMarshal.AsMemory(_waiting.WrittenMemory).Span[start..];
        BinaryPrimitives.WriteInt32LittleEndian(header, _waiting.WrittenCount - start - sizeof(int));
        header[4] = (byte)kind;
        BinaryPrimitives.WriteUInt32LittleEndian(header[5..], id);
    }
}
