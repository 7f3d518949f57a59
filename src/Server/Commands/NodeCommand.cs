using System.Text;
using RtpCluster.Contracts;
using RtpCluster.Control;
using RtpCluster.Server.Options;
using RtpCluster.Server.Roles;
using RtpCluster.Telemetry.Logging;

namespace RtpCluster.Server.Commands;

/// <summary>The default command: reads the options, reports every fault at once, runs a node.</summary>
internal static class NodeCommand
{
    private const int Ok = 0, Failed = 1, Usage = 2;

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(string[] words)
    {
        var values = OptionReader.Read(words, Environment.GetEnvironmentVariable, ReadFile);
        if (values.Flag("help"))
        {
            Console.Out.Write(HelpPrinter.Print(SubcommandTable.All.Select(row => new KeyValuePair<string, string>(row.Name, row.Help))));
            return Ok;
        }

        if (values.Flag("version"))
        {
            Console.Out.WriteLine($"rtpcluster {NodeOptionsBinder.Version}");
            return Ok;
        }

        if (values.Flag("codecs"))
        {
            Console.Out.WriteLine("Every codec is relayed as it is; none is transcoded yet.");
            return Ok;
        }

        if (NodeOptionsBinder.Bind(values, new HostNetwork()) is not { } options)
        {
            Console.Error.Write(Describe(values.Errors));
            return values.Errors.Any(error => error.IsUsage) ? Usage : Failed;
        }

        using var log = new NodeLog(options.LogLevel, options.LogJson);
        return await RunAsync(options, values, log);
    }

    private static async Task<int> RunAsync(NodeOptions options, OptionValues values, NodeLog log)
    {
        using var signals = new StopSignals();
        try
        {
            return await new NodeRole(options, log).RunAsync(values.Warnings, signals.Stopped);
        }
        catch (Exception e) when (e is ListenException or MediaNodeException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("rtpcluster: " + e.Message);
            return Failed;
        }
    }

    private static string Describe(List<OptionError> errors)
    {
        var text = new StringBuilder();
        text.Append("rtpcluster: ").Append(errors.Count).Append(errors.Count == 1 ? " fault" : " faults").AppendLine(" in the configuration:");
        foreach (var error in errors)
        {
            text.Append("  ").AppendLine(error.ToString());
        }

        return text.ToString();
    }

    private static string? ReadFile(string name)
    {
        try
        {
            return File.ReadAllText(name, Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
