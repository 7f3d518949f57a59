using System.Reflection;
using RtpCluster.TestKit.ArchitectureRules;

namespace RtpCluster.Architecture;

public sealed class LayerTests
{
    private const string Prefix = "RtpCluster.";

    public static TheoryData<string> Projects => [.. Repository.ProjectReferences().Keys.Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_point_down_and_shells_do_not_know_each_other(string project)
    {
        Assert.NotNull(Layers.Of(project));
        string[] declared = [.. Repository.ProjectReferences()[project].Select(to => $"{project} -> {to}: {Layers.Breaks(project, to)}")];
        Assert.DoesNotContain(declared, line => !line.EndsWith(": ", StringComparison.Ordinal));

        // What the compiler really used, transitive references included.
        string[] used = [.. Load(project).GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => $"{project} -> {name[Prefix.Length..]}: {Layers.Breaks(project, name[Prefix.Length..])}")];
        Assert.DoesNotContain(used, line => !line.EndsWith(": ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Pure_layers_use_no_sockets_tasks_or_hosting(string project)
    {
        if (Layers.Of(project) >= Layers.Shell)
        {
            return;
        }

        string[] banned = ["System.Net.Sockets", "System.Net.Http", "System.Threading.Thread", "Microsoft.Extensions", "Microsoft.AspNetCore", "Serilog", "System.Console"];
        var used = Load(project).GetReferencedAssemblies().Select(name => name.Name!).Where(name => banned.Any(ban => name.StartsWith(ban, StringComparison.Ordinal)));
        Assert.Empty(used);
        Assert.Contains("BannedSymbols.Pure.txt", Repository.Read("Directory.Build.targets"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Pure_layers_have_the_banned_symbol_analyzer(string project)
    {
        // Contracts holds the asynchronous boundaries themselves (IMediaNode, ICallStore) and no logic.
        if (Layers.Of(project) is > 0 and < Layers.Shell)
        {
            Assert.Contains("<PureLayer>true</PureLayer>", Repository.Read($"src/{project}/{project}.csproj"));
        }
    }

    private static Assembly Load(string project) => Assembly.Load(project == "Server" ? "rtpcluster" : Prefix + project);
}
