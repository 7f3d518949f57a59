using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;
using RtpCluster.Ng;
using RtpCluster.Ng.Framing;

namespace RtpCluster.Control;

/// <summary>
/// The way of every request, whatever it came by: cookie, cookie cache, decode, command, handler, encode. Safe for concurrent use. A handler
/// that completes at once is answered at once, on the caller's thread.
/// </summary>
internal sealed class Dispatcher(
    ControlOptions options, INgHandler handler, ICliHandler cli, ControlStatistics statistics, TimeProvider time, ILogger logger)
    : IDisposable
{
    /// <summary>How often a drain looks whether the running requests have ended.</summary>
    private static readonly TimeSpan DrainStep = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _cancel = new();
    private int _running;

    /// <summary>Waits for the running requests, at most <paramref name="timeout"/>; then cancels them. The last thing a dispatcher does.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        long started = time.GetTimestamp();
        bool waiting = true;
        while (waiting && time.GetElapsedTime(started) < timeout)
        {
            // One step more than it takes them to end, so that the last reply is on its way.
            waiting = Volatile.Read(ref _running) > 0;
            await Task.Delay(DrainStep, time).ConfigureAwait(false);
        }

        await _cancel.CancelAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();

    /// <summary>Runs a request with a cookie. Null: no reply. The cache is that of the listener the request came by.</summary>
    public ValueTask<byte[]?> DispatchAsync(CookieCache cookies, ReadOnlySpan<byte> message, NetEndpoint client)
    {
        if (!CookieFrame.TrySplit(message, out string cookie, out var payload))
        {
            statistics.CountMalformed();
            logger.NoCookie(client, message.Length);
            return default;
        }

        if (!cookies.TryBegin(cookie, out var earlier))
        {
            statistics.CountDuplicate();
            return earlier;
        }

        var work = DispatchPlainAsync(payload, client, cookie);
        return work.IsCompletedSuccessfully
            ? new ValueTask<byte[]?>(End(cookies, cookie, work.Result))
            : EndAsync(cookies, cookie, work);
    }

    /// <summary>Runs a request without a cookie. Null: no reply.</summary>
    public ValueTask<byte[]?> DispatchPlainAsync(ReadOnlySpan<byte> payload, NetEndpoint client, string? cookie = null)
    {
        if (Interlocked.Increment(ref _running) > options.MaxRunningRequests)
        {
            Interlocked.Decrement(ref _running);
            statistics.CountDropped();
            logger.Overloaded(client, options.MaxRunningRequests);
            return default;
        }

        if (!NgCodec.TryDecode(payload, out var dictionary, out var format, out string error)
            || !NgCommandParser.TryParse(dictionary, options.Templates, out var command, out error))
        {
            Interlocked.Decrement(ref _running);
            statistics.CountError(client.Address);
            logger.Refused(client, error);
            return new ValueTask<byte[]?>(NgCodec.Encode(NgReplies.Error(error), format));
        }

        command.ClientAddress = client.ToString();
        command.Cookie = cookie;
        LogWords(command, client);
        return ExecuteAsync(command, format, client);
    }

    private async ValueTask<byte[]?> ExecuteAsync(NgCommand command, NgFormat format, NetEndpoint client)
    {
        long started = time.GetTimestamp();
        string verb = NgVerbs.Of(command.Verb).ShortName;
        try
        {
            var reply = await HandleAsync(command).ConfigureAwait(false);
            long micros = (long)time.GetElapsedTime(started).TotalMicroseconds;
            string result = (reply["result"] as NgString)?.Text ?? string.Empty;
            statistics.CountRequest(client.Address, command.Verb, micros, result == "error");
            logger.Served(verb, client, result, micros);
            return NgCodec.Encode(reply, format);
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // The last line: a fault of one request must harm no other. It is logged whole, and the client's retry runs.
        catch (Exception e)
#pragma warning restore CA1031
        {
            statistics.CountFailure();
            statistics.CountError(client.Address);
            logger.RequestFailed(verb, client, e);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>The two commands that concern no call are answered here; everything else is the handler's.</summary>
    private ValueTask<NgDictionary> HandleAsync(NgCommand command) => command.Verb switch
    {
        NgVerb.Ping => new ValueTask<NgDictionary>(new NgDictionary().Add("result", "pong")),
        NgVerb.Cli => CliAsync(command.Body ?? string.Empty),
        _ => handler.HandleAsync(command, _cancel.Token),
    };

    private async ValueTask<NgDictionary> CliAsync(string line) =>
        NgReplies.Ok().Add("response", await cli.ExecuteAsync(line, _cancel.Token).ConfigureAwait(false));

    private void LogWords(NgCommand command, NetEndpoint client)
    {
        if (command.UnknownWords.Count > 0)
        {
            statistics.CountUnknownWords(command.UnknownWords.Count);
            logger.UnknownWords(NgVerbs.Of(command.Verb).ShortName, client, string.Join(' ', command.UnknownWords));
        }

        if (command.Unsupported.Count > 0 && logger.IsEnabled(LogLevel.Debug))
        {
            logger.UnservedWords(NgVerbs.Of(command.Verb).ShortName, client, string.Join(' ', command.Unsupported));
        }
    }

    private static async ValueTask<byte[]?> EndAsync(CookieCache cookies, string cookie, ValueTask<byte[]?> work) =>
        End(cookies, cookie, await work.ConfigureAwait(false));

    private static byte[]? End(CookieCache cookies, string cookie, byte[]? payload)
    {
        if (payload is null)
        {
            cookies.Fail(cookie);
            return null;
        }

        var frame = CookieFrame.Join(cookie, payload);
        cookies.Complete(cookie, frame);
        return frame;
    }
}
