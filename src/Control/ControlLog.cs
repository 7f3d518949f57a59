using Microsoft.Extensions.Logging;
using RtpCluster.Contracts;

namespace RtpCluster.Control;

/// <summary>What the control side logs.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Protocol} {Endpoint}")]
    public static partial void Listening(this ILogger logger, string protocol, NetEndpoint endpoint);

    [LoggerMessage(2, LogLevel.Warning, "Dropped a message of {Length} bytes from {Client}: no cookie")]
    public static partial void NoCookie(this ILogger logger, NetEndpoint client, int length);

    [LoggerMessage(3, LogLevel.Warning, "Request from {Client} refused: {Reason}")]
    public static partial void Refused(this ILogger logger, NetEndpoint client, string reason);

    [LoggerMessage(4, LogLevel.Warning, "{Verb} from {Client} has unknown words: {Words}")]
    public static partial void UnknownWords(this ILogger logger, string verb, NetEndpoint client, string words);

    [LoggerMessage(5, LogLevel.Error, "{Verb} from {Client} failed")]
    public static partial void RequestFailed(this ILogger logger, string verb, NetEndpoint client, Exception error);

    [LoggerMessage(6, LogLevel.Debug, "{Verb} from {Client}: {Result} in {Micros} us")]
    public static partial void Served(this ILogger logger, string verb, NetEndpoint client, string result, long micros);

    [LoggerMessage(7, LogLevel.Warning, "Dropped a request from {Client}: {Running} requests are running")]
    public static partial void Overloaded(this ILogger logger, NetEndpoint client, int running);

    [LoggerMessage(8, LogLevel.Warning, "Closed {Protocol} connection from {Client}: {Reason}")]
    public static partial void ConnectionClosed(this ILogger logger, string protocol, NetEndpoint client, string reason);

    [LoggerMessage(9, LogLevel.Error, "Listener {Protocol} {Endpoint}: {What}")]
    public static partial void ListenerTrouble(this ILogger logger, string protocol, NetEndpoint endpoint, string what, Exception? error);

    [LoggerMessage(10, LogLevel.Debug, "Known but not served yet in {Verb} from {Client}: {Words}")]
    public static partial void UnservedWords(this ILogger logger, string verb, NetEndpoint client, string words);
}
