using RtpCluster.TestKit.ArchitectureRules;

namespace RtpCluster.Architecture;

public sealed class FileTests
{
    private const int MaxFilesInFolder = 15;

    /// <summary>Folders that hold more files for a reason.</summary>
    private static readonly Dictionary<string, string> LargeFolders = new()
    {
        ["tests/Unit/MediaEngine"] = "one file for each behaviour of the one packet pipeline",
    };

    public static TheoryData<string> Rules => [.. FileRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_file_keeps_the_rule(string name)
    {
        var rule = FileRules.All.Single(rule => rule.Name == name);
        var broken = Repository.Files.Where(rule.Applies)
            .Select(file => (file, problem: rule.Finds(Repository.Read(file))))
            .Where(found => found.problem is not null)
            .Select(found => $"{found.file}: {found.problem}");
        Assert.Empty(broken);
    }

    [Fact]
    public void A_folder_holds_fifteen_source_files_at_most()
    {
        var large = Repository.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .GroupBy(file => Path.GetDirectoryName(file)!)
            .Where(folder => folder.Count() > MaxFilesInFolder && !LargeFolders.ContainsKey(folder.Key))
            .Select(folder => $"{folder.Key}: {folder.Count()}");
        Assert.Empty(large);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("RtpCluster.sln").Replace('\\', '/');
        Assert.DoesNotContain(Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)), file => !solution.Contains(file));
    }
}
