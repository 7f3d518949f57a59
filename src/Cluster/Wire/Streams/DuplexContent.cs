using System.Net;

namespace RtpCluster.Cluster.Wire.Streams;

/// <summary>A request body that is written piece by piece for as long as its response lasts.</summary>
internal sealed class DuplexContent : HttpContent
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Stream? _stream;

    /// <summary>Sends bytes at once. Only after the response has begun.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var stream = _stream ?? throw new IOException("the request has not begun");
        await stream.WriteAsync(bytes).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Again when the client tries another connection: the last one counts.
        _stream = stream;
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _ended.TrySetResult();
        base.Dispose(disposing);
    }
}
