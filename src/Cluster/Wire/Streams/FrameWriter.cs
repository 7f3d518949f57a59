using System.Buffers;
using Google.Protobuf;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>
/// The frames of any number of callers on one stream: whatever has gathered while the last write was under way is the next write.
/// Whoever finds it idle begins to write on its own thread. Safe for concurrent use.
/// </summary>
internal sealed class FrameWriter
{
    private const int KeptBytes = 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _gathering = new(4096);
    private ArrayBufferWriter<byte> _writing = new(4096);
    private Func<ReadOnlyMemory<byte>, ValueTask>? _send;
    private Action? _failed;
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>From now on frames go out, those that have gathered first.</summary>
    /// <param name="send">Sends bytes at once; it is not called again before it has ended.</param>
    /// <param name="failed">Called once when a write fails.</param>
    public void Open(Func<ReadOnlyMemory<byte>, ValueTask> send, Action failed)
    {
        lock (_gate)
        {
            _send = send;
            _failed = failed;
            if (_isClosed || _gathering.WrittenCount == 0)
            {
                return;
            }

            _isWriting = true;
        }

        _ = WriteAsync(send);
    }

    /// <summary>Writes a frame sometime; false: the stream has ended, its other end does not take what we send, or the message is too long.</summary>
    public bool TryWrite(uint id, byte code, IMessage? message)
    {
        Func<ReadOnlyMemory<byte>, ValueTask> send;
        lock (_gate)
        {
            if (_isClosed || _gathering.WrittenCount > PeerFrame.MaxBytes || !PeerFrame.TryWrite(_gathering, id, code, message))
            {
                return false;
            }

            if (_isWriting || _send is null)
            {
                return true;
            }

            _isWriting = true;
            send = _send;
        }

        _ = WriteAsync(send);
        return true;
    }

    /// <summary>Ends it: what is not written is dropped. Completes when nothing is written any more.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (!_isWriting)
            {
                _ended.TrySetResult();
            }
        }

        return _ended.Task;
    }

    private async Task WriteAsync(Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        try
        {
            while (TryTake())
            {
                await send(_writing.WrittenMemory).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // However a write fails, the stream is broken.
        catch (Exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _isClosed = true;
                _isWriting = false;
                _ended.TrySetResult();
            }

            _failed?.Invoke();
        }
    }

    private bool TryTake()
    {
        lock (_gate)
        {
            if (_isClosed || _gathering.WrittenCount == 0)
            {
                _isWriting = false;
                if (_isClosed)
                {
                    _ended.TrySetResult();
                }

                return false;
            }

            if (_writing.Capacity > KeptBytes)
            {
                _writing = new(4096);
            }

            _writing.ResetWrittenCount();
            (_gathering, _writing) = (_writing, _gathering);
            return true;
        }
    }
}
