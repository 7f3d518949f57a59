using System.Text;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace RtpCluster.Telemetry.Logging;

/// <summary>One JSON object a line: <c>time</c>, <c>level</c>, <c>message</c>, <c>exception</c>, and every property by its own name.</summary>
public sealed class JsonLineFormatter : ITextFormatter
{
    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", logEvent.Timestamp.UtcDateTime);
            json.WriteString("level", logEvent.Level.ToString().ToLowerInvariant());
            json.WriteString("message", logEvent.RenderMessage());
            if (logEvent.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            foreach (var (name, value) in logEvent.Properties)
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        output.Write('\n');
    }

    private static void Write(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue { Value: null }:
                json.WriteNull(name);
                break;
            case ScalarValue { Value: bool flag }:
                json.WriteBoolean(name, flag);
                break;
            case ScalarValue { Value: int or long or short or ushort or byte or uint } number:
                json.WriteNumber(name, Convert.ToInt64(number.Value));
                break;
            case ScalarValue { Value: string text }:
                json.WriteString(name, text);
                break;
            default:
                json.WriteString(name, value.ToString());
                break;
        }
    }
}
