using RtpCluster.CallModel;
using RtpCluster.Contracts;
using RtpCluster.Ng;

namespace RtpCluster.Golden;

/// <summary>
/// Plays every file of Cases/ and compares what comes out with what stands there. A file is a sequence of steps: <c>&gt;</c> begins a request,
/// <c>&lt;</c> its reply, <c>=</c> the plan, <c>!</c> a directive. GOLDEN_WRITE=directory writes the files anew.
/// </summary>
public sealed class TranscriptTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cases");

    /// <summary>The names of the cases.</summary>
    public static TheoryData<string> Cases =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal).Cast<string>()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Replies_as_recorded(string name)
    {
        string[] expected = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        var actual = new Transcript(expected).Play();
        if (Environment.GetEnvironmentVariable("GOLDEN_WRITE") is { Length: > 0 } target)
        {
            File.WriteAllText(Path.Combine(target, name + ".txt"), string.Join('\n', actual) + "\n");
            return;
        }

        Assert.Equal(string.Join('\n', expected), string.Join('\n', actual));
    }
}
