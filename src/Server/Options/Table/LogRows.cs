using static RtpCluster.Server.Options.Table.Row;

namespace RtpCluster.Server.Options.Table;

/// <summary>Logging options.</summary>
internal static class LogRows
{
    private const string Group = "Logging";

    public static IEnumerable<OptionSpec> All =>
    [
        Int(Group, "log-level", 'L', 6, "syslog level", "Lowest severity that is logged: 3 errors, 4 warnings, 6 information, 7 debug").Between(-1, 9),
        Flag(Group, "log-stderr", 'E', "Log to stderr; always so (a service manager keeps it)"),
        Word(Group, "log-format", "default", ["default", "parsable", "json"], "Human lines, or one JSON object a line (json)"),
        Text(Group, "log-facility", '\0', "daemon", "Syslog facility; the service manager decides").Later(),
        .. Named(Group, OptionKind.Text, OptionSupport.Ignored,
            "log-facility-cdr: Syslog facility of call records", "log-facility-rtcp: Syslog facility of RTCP data",
            "log-facility-dtmf: Syslog facility of DTMF events", "log-name: Program name in syslog",
            "log-mark-prefix: Text before call ids in logs", "log-mark-suffix: Text after call ids in logs"),
        .. Named(Group, OptionKind.Flag, OptionSupport.Ignored,
            "split-logs: Split multi-line logs", "no-log-timestamps: Leave out timestamps", "debug-srtp: Log raw SRTP errors"),
        Int(Group, "max-log-line-length", '\0', 500, "characters", "Split longer lines").Later(),
        Flag(Group, "log-srtp-keys", '\0', "Log SRTP keys as errors").Danger("writes key material to the log").Later(),
        .. new[] { "core", "spandsp", "ffmpeg", "transcoding", "codec", "rtcp", "ice", "crypto", "srtp", "internals", "http", "control", "dtx" }
            .Select(name => Int(Group, "log-level-" + name, '\0', 6, "syslog level", "Log level of this part").Between(-1, 9).Later()),
    ];
}
