using System.Diagnostics;

namespace RtpCluster.TestKit.ArchitectureRules;

/// <summary>The working copy the tests were built from.</summary>
public static class Repository
{
    /// <summary>Its root folder, where the solution is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The projects below src/, by name, with the names of the projects each refers to.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ProjectReferences() => Directory
        .GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(
            file => Path.GetFileNameWithoutExtension(file),
            file => (IReadOnlyList<string>)[.. System.Xml.Linq.XDocument.Load(file).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))]);

    /// <summary>Files under version control (and new ones that are not ignored), relative to the root, with '/'.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    /// <summary>Text of a file.</summary>
    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "RtpCluster.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests do not run inside a working copy");
    }

    private static List<string> ListFiles()
    {
        var start = new ProcessStartInfo("git", "-c safe.directory=* ls-files --cached --others --exclude-standard")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Root, file)))];
    }
}
