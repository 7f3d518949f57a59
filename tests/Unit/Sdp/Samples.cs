using RtpCluster.Sdp;

namespace RtpCluster.Unit.Sdp;

/// <summary>The real session descriptions in Data/, byte for byte.</summary>
internal static class Samples
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Data");

    public static IEnumerable<string> Names => Directory.GetFiles(Folder, "*.sdp").Select(path => Path.GetFileName(path)).Order();

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name), System.Text.Encoding.Latin1);

    public static SdpSession Parse(string text)
    {
        Assert.True(SdpParser.TryParse(text, strict: false, out var sessions, out string error), error);
        return Assert.Single(sessions);
    }

    public static SdpSession Session(string name) => Parse(Text(name));
}
