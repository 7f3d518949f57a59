using System.Buffers;
using System.Threading.Tasks.Sources;
using Google.Protobuf;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>How a request on a stream ended.</summary>
/// <param name="Message">The answer; null: none.</param>
/// <param name="ByPost">The other node is of a version without streams: it was not asked.</param>
internal readonly record struct PeerAnswer<T>(T? Message, bool ByPost)
    where T : class;

/// <summary>A request that waits for its answer. Whoever takes it out of its stream's table completes it, once.</summary>
/// <param name="due">When it is given up, <see cref="Environment.TickCount64"/>.</param>
internal abstract class PendingAnswer(long due)
{
    /// <summary>When it is given up.</summary>
    public long Due => due;

    /// <summary>Takes the answer.</summary>
    public abstract void Read(PeerFrame frame);

    /// <summary>Lets the asker go on: on another thread, or on this one, which then does that first.</summary>
    public abstract void Complete(bool here);

    /// <summary>There will be no answer.</summary>
    public abstract void Fail(bool byPost);
}

/// <inheritdoc/>
internal sealed class PendingAnswer<T>(MessageParser<T> parser, long due) : PendingAnswer(due), IValueTaskSource<PeerAnswer<T>>
    where T : class, IMessage<T>
{
    private ManualResetValueTaskSourceCore<PeerAnswer<T>> _core;
    private T? _message;

    /// <summary>The end of it; to be awaited once.</summary>
    public ValueTask<PeerAnswer<T>> Answer => new(this, _core.Version);

    /// <inheritdoc/>
    public override void Read(PeerFrame frame)
    {
        try
        {
            _message = frame.Code == PeerFrame.Answered ? parser.ParseFrom(frame.Body) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            _message = null;
        }
    }

    /// <inheritdoc/>
    public override void Complete(bool here)
    {
        _core.RunContinuationsAsynchronously = !here;
        _core.SetResult(new(_message, false));
    }

    /// <inheritdoc/>
    public override void Fail(bool byPost)
    {
        _core.RunContinuationsAsynchronously = true;
        _core.SetResult(new(null, byPost));
    }

    /// <inheritdoc/>
    public PeerAnswer<T> GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
