using System.Text.Json;
using RtpCluster.Ng;

namespace RtpCluster.Unit.Ng;

/// <summary>Messages of a real Kamailio 5.6, and the JSON requests people copy from talks; one kind of each.</summary>
internal static class Recorded
{
    /// <summary>The datagrams, cookie included.</summary>
    public static byte[][] Kamailio { get; } =
    [
        .. File.ReadLines(Path("kamailio.jsonl"))
            .Select(line => NgCodec.ToBytes(JsonDocument.Parse(line).RootElement.GetProperty("raw").GetString()!)),
    ];

    /// <summary>JSON payloads with raw line breaks inside the SDP string.</summary>
    public static byte[][] JsonRequests { get; } =
        [.. Directory.GetFiles(Path("json"), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", name);
}
