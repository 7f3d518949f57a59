using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace RtpCluster.Telemetry.Logging;

/// <summary>The node's log on stderr: human lines or one JSON object a line. Its level follows syslog's numbers and may change while running.</summary>
public sealed class NodeLog : IDisposable
{
    private readonly LoggingLevelSwitch _level = new();
    private readonly Logger _logger;
    private int _syslogLevel;

    /// <summary>Opens the log.</summary>
    /// <param name="syslogLevel">Lowest severity logged, syslog's number: 3 errors, 4 warnings, 6 information, 7 debug.</param>
    /// <param name="json">One JSON object a line.</param>
    public NodeLog(int syslogLevel, bool json)
    {
        SyslogLevel = syslogLevel;
        ITextFormatter formatter = json ? new JsonLineFormatter() : new HumanFormatter();
        _logger = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(_level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.Console(formatter, standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
        Factory = new SerilogLoggerFactory(_logger);
    }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory Factory { get; }

    /// <summary>The level, syslog's number.</summary>
    public int SyslogLevel
    {
        get => _syslogLevel;
        set
        {
            _syslogLevel = value;
            _level.MinimumLevel = FromSyslog(value);
        }
    }

    /// <summary>The nearest level of ours: 0-2 fatal, 3 error, 4 warning, 5-6 information, 7 debug, above: everything.</summary>
    public static LogEventLevel FromSyslog(int level) => level switch
    {
        <= 2 => LogEventLevel.Fatal,
        3 => LogEventLevel.Error,
        4 => LogEventLevel.Warning,
        5 or 6 => LogEventLevel.Information,
        7 => LogEventLevel.Debug,
        _ => LogEventLevel.Verbose,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Factory.Dispose();
        _logger.Dispose();
    }
}
