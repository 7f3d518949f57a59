using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace RtpCluster.Telemetry.Logging;

/// <summary>
/// <c>2026-01-31T12:00:00.123Z INFO  [call-id] source: text</c>. Control characters are shown as '?': a call-id is a peer's text and must not
/// make lines of its own.
/// </summary>
public sealed class HumanFormatter : ITextFormatter
{
    // "l": strings as they are, without quotes.
    private static readonly MessageTemplateTextFormatter Message = new("{Message:l}", CultureInfo.InvariantCulture);
    private static readonly string[] Levels = ["TRACE", "DEBUG", "INFO ", "WARN ", "ERROR", "FATAL"];

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(Levels[(int)logEvent.Level]);
        if (Text(logEvent, "CallId") is { } callId)
        {
            output.Write(" [");
            output.Write(Clean(callId));
            output.Write(']');
        }

        if (Text(logEvent, "SourceContext") is { } source)
        {
            output.Write(' ');
            output.Write(source[(source.LastIndexOf('.') + 1)..]);
            output.Write(':');
        }

        output.Write(' ');
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, message);
        output.Write(Clean(message.ToString()));
        output.Write('\n');
        if (logEvent.Exception is { } exception)
        {
            output.Write(exception.ToString());
            output.Write('\n');
        }
    }

    private static string? Text(LogEvent logEvent, string name) =>
        logEvent.Properties.TryGetValue(name, out var value) && value is ScalarValue { Value: string text } ? text : null;

    private static string Clean(string text) => text.Any(char.IsControl)
        ? string.Create(text.Length, text, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        })
        : text;
}
