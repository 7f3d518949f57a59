using System.Diagnostics;
using RtpCluster.TestKit.ArchitectureRules;

namespace RtpCluster.Model;

/// <summary>
/// Spin searches every state of takeover.pml: none may lose an acknowledged command, and every model that lacks one of the protections must.
/// </summary>
public sealed class TakeoverModelTests
{
    [Fact]
    public void No_acknowledged_command_is_lost()
    {
        string verdict = Verify("-DSAFETY -DCOLLAPSE", "-m100000");
        Assert.Contains("errors: 0", verdict, StringComparison.Ordinal);
        Assert.DoesNotContain("search depth too small", verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_FENCE")]
    [InlineData("NO_AGENT_CHECK")]
    [InlineData("NO_AGENT_READ")]
    [InlineData("NO_INCARNATION")]
    [InlineData("NO_COMMIT_CHECK")]
    [InlineData("VERSION_ONLY")]
    [InlineData("READ_BEFORE_FENCE")]
    public void Each_protection_is_needed(string removed)
    {
        string verdict = Verify("-DSAFETY -DBITSTATE", "-m100000 -w29", "-D" + removed, "-DCOMMANDS=3");
        Assert.Contains("assertion violated", verdict, StringComparison.Ordinal);
    }

    private static string Verify(string compile, string search, params string[] defines)
    {
        var folder = Directory.CreateTempSubdirectory("model-");
        try
        {
            string model = Path.Combine(Repository.Root, "tests", "Model", "takeover.pml");
            Run(folder, "spin", ["-a", .. defines, model]);
            Run(folder, "gcc", ["-O2", .. compile.Split(' '), "-DMEMLIM=6000", "-o", "pan", "pan.c"]);
            return Run(folder, Path.Combine(folder.FullName, "pan"), search.Split(' '));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Run(DirectoryInfo folder, string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return output;
    }
}
