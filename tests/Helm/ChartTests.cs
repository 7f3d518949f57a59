using RtpCluster.Server.Options;
using RtpCluster.TestKit.ArchitectureRules;

namespace RtpCluster.Helm;

/// <summary>The chart with the real Helm: lint, three renderings, Kubernetes' schemas, refused values.</summary>
public sealed class ChartTests
{
    private const string Refresh = "RTPCLUSTER_REFRESH_GOLDEN";

    public static TheoryData<string> ValueFiles => ["daemonset.yaml", "statefulset.yaml", "single.yaml"];

    [Fact]
    public void The_chart_passes_lint()
    {
        var (exitCode, output) = Tools.Helm("lint", "--strict", Tools.Chart);
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [MemberData(nameof(ValueFiles))]
    public void It_renders_what_it_rendered_before(string values)
    {
        string file = Path.Combine(Repository.Root, "tests", "Helm", "Rendered", values);
        string rendered = Tools.Render(values);
        if (Environment.GetEnvironmentVariable(Refresh) == "1")
        {
            File.WriteAllText(file, rendered);
        }

        Assert.Equal(File.ReadAllText(file), rendered);
    }

    [Theory]
    [MemberData(nameof(ValueFiles))]
    public void Every_manifest_fits_the_schema_of_its_kind(string values) => Assert.Equal("", Tools.Validate(Tools.Render(values)));

    [Theory]
    [MemberData(nameof(ValueFiles))]
    public void The_node_takes_the_options_it_is_given(string values)
    {
        string rendered = Tools.Render(values);
        string file = string.Join('\n', rendered.Split("  rtpcluster.conf: |\n")[1].Split('\n').TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)));
        var arguments = rendered.Split('\n').Select(line => line.Trim(' ', '-', '"'))
            .Where(line => line.StartsWith("interface=", StringComparison.Ordinal) || line.StartsWith("node-id=", StringComparison.Ordinal)
                || line.StartsWith("cluster-advertise=", StringComparison.Ordinal))
            .Select(line => "--" + line.Replace("$(POD_IP)", "192.0.2.1").Replace("$(HOST_IP)", "192.0.2.1").Replace("$(NODE_NAME)", "a"));

        var read = OptionReader.Read(["--config-file=x", .. arguments], _ => null, _ => file);

        Assert.Empty(read.Errors);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void The_validator_finds_a_fault()
    {
        string faulty = Tools.Render("single.yaml").Replace("replicas: 1", "replicas: one", StringComparison.Ordinal);
        Assert.Contains("StatefulSet media-rtpcluster: ", Tools.Validate(faulty), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workload.kinds=DaemonSet", "additional properties 'kinds' not allowed")]
    [InlineData("listeners.ng=0", "minimum: got 0, want 1")]
    [InlineData("redis.mode=external", "redis.addresses must name at least one host:port")]
    [InlineData("https.port=8443", "https.secret must name a secret")]
    [InlineData("kernelModule.mode=kmm", "kernelModule.image must be set")]
    [InlineData("media.portMin=40000", "media.portMin must be below media.portMax")]
    [InlineData("workload.kind=StatefulSet", "several nodes without redis do not know each other")]
    public void Values_that_cannot_work_are_refused_with_the_remedy(string value, string says)
    {
        var (exitCode, output) = Tools.Helm("template", "media", Tools.Chart, "--set", value);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(says, output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_readme_lists_the_values_as_they_are()
    {
        var (exitCode, output) = Tools.Run(Path.Combine(Repository.Root, "deploy", "helm", "readme.sh"), "");
        Assert.Equal(0, exitCode);
        Assert.Equal(output, File.ReadAllText(Path.Combine(Tools.Chart, "README.md")));
    }
}
