using System.Globalization;
using System.Text.Json;
using RtpCluster.Telemetry.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace RtpCluster.Unit.Telemetry.Logging;

public sealed class FormatterTests
{
    [Fact]
    public void A_human_line_has_time_level_call_source_and_text()
    {
        string line = Format(new HumanFormatter(), log => log.ForContext("CallId", "a@b").ForContext("SourceContext", "RtpCluster.Call")
            .Warning("port {Port} of {Name}", 30000, "x"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARN  \[a@b\] Call: port 30000 of x\n$", line);
    }

    [Fact]
    public void A_peers_text_cannot_make_lines_of_its_own()
    {
        string line = Format(new HumanFormatter(), log => log.ForContext("CallId", "a\nFATAL fake").Information("said {What}", "x\r\ny\u001b[31m"));
        Assert.Equal(1, line.Count(c => c == '\n'));
        Assert.DoesNotContain('\u001b', line);
    }

    [Fact]
    public void A_json_line_is_one_object_with_its_properties()
    {
        string line = Format(new JsonLineFormatter(), log => log.ForContext("CallId", "a\nb").Error(new InvalidOperationException("no"), "port {Port}", 30000));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(1, line.Count(c => c == '\n'));
        Assert.Equal("error", json.GetProperty("level").GetString());
        Assert.Equal("port 30000", json.GetProperty("message").GetString());
        Assert.Equal(30000, json.GetProperty("Port").GetInt32());
        Assert.Equal("a\nb", json.GetProperty("CallId").GetString());
        Assert.Contains("InvalidOperationException", json.GetProperty("exception").GetString());
    }

    [Theory]
    [InlineData(-1, LogEventLevel.Fatal)]
    [InlineData(3, LogEventLevel.Error)]
    [InlineData(4, LogEventLevel.Warning)]
    [InlineData(5, LogEventLevel.Information)]
    [InlineData(6, LogEventLevel.Information)]
    [InlineData(7, LogEventLevel.Debug)]
    [InlineData(8, LogEventLevel.Verbose)]
    public void Syslog_levels_have_their_nearest_level(int syslog, LogEventLevel expected) => Assert.Equal(expected, NodeLog.FromSyslog(syslog));

    private static string Format(ITextFormatter formatter, Action<ILogger> write)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new Sink(formatter, text)).CreateLogger();
        write(logger);
        return text.ToString();
    }

    private sealed class Sink(ITextFormatter formatter, TextWriter text) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, text);
    }
}
