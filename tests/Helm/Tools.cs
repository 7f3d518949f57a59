using System.Diagnostics;
using System.Text.RegularExpressions;
using RtpCluster.TestKit.ArchitectureRules;

namespace RtpCluster.Helm;

/// <summary>Helm and the validator, as <c>build/install.sh helm</c> installed them.</summary>
internal static partial class Tools
{
    private static readonly string s_folder = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "rtpcluster", "helm");

    /// <summary>The chart's folder.</summary>
    public static string Chart { get; } = Path.Combine(Repository.Root, "deploy", "helm", "rtpcluster");

    /// <summary>Runs Helm.</summary>
    public static (int ExitCode, string Output) Helm(params string[] arguments) => Run(Path.Combine(s_folder, "bin", "helm"), "", arguments);

    /// <summary>The chart rendered with a values file; what is random is masked.</summary>
    public static string Render(string values)
    {
        var (exitCode, output) = Helm("template", "media", Chart, "--namespace", "voip", "--values", Path.Combine(Chart, "ci", values));
        Assert.True(exitCode == 0, output);
        return Random().Replace(output, "$1cmFuZG9t");
    }

    /// <summary>Validates manifests against Kubernetes' schemas; the faults, a line each.</summary>
    public static string Validate(string manifests)
    {
        // A module is looked for from where the script stands.
        string script = Path.Combine(s_folder, $"validate-{Guid.NewGuid():N}.mjs");
        File.Copy(Path.Combine(Repository.Root, "tests", "Helm", "validator", "validate.mjs"), script);
        try
        {
            return Run("node", manifests, script).Output;
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int ExitCode, string Output) Run(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start: run build/install.sh helm");
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    [GeneratedRegex(@"^(  (?:password|cluster\.key): ).*$", RegexOptions.Multiline)]
    private static partial Regex Random();
}
