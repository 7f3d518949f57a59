using RtpCluster.Contracts;

namespace RtpCluster.Control.Http;

/// <summary>
/// The connection of one demo page: ng as everywhere, and a will. The will is what the page wants done when it has gone: a page that is closed or
/// crashes can say nothing any more, but its connection ends. For one WebSocket.
/// </summary>
internal sealed class DemoSession(Dispatcher dispatcher, CookieCache cookies)
{
    /// <summary>The subprotocol.</summary>
    public const string Protocol = "demo.rtpcluster";

    /// <summary>Pages whose host vanishes without a word are gone after this time and <see cref="PingTimeout"/>. Browsers answer pings by themselves.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long a page may take to answer a ping.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);

    private byte[] _will = [];

    private static ReadOnlySpan<byte> Word => "when-gone\n"u8;

    /// <summary>Keeps a will, which takes the place of the former one (<c>when-gone</c> and ng commands without cookies, a line each), or answers a request.</summary>
    public ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> message, NetEndpoint client)
    {
        if (message.Span.StartsWith(Word))
        {
            _will = message.Span[Word.Length..].ToArray();
            return default;
        }

        return dispatcher.DispatchAsync(cookies, message.Span, client);
    }

    /// <summary>The page has gone: its will is done, in order.</summary>
    public async Task EndAsync(NetEndpoint client)
    {
        for (int at = 0; at < _will.Length;)
        {
            int length = _will.AsSpan(at).IndexOf((byte)'\n');
            length = length < 0 ? _will.Length - at : length;
            await dispatcher.DispatchPlainAsync(_will.AsSpan(at, length), client).ConfigureAwait(false);
            at += length + 1;
        }
    }
}
