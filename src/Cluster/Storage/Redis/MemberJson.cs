using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RtpCluster.Cluster.Storage;

/// <summary>A member as JSON in Redis: readable, and changed by scripts.</summary>
internal static class MemberJson
{
    private const string VersionField = "version";

    private static readonly string[] s_words = ["active", "draining", "dead"];

    /// <summary>A state's word.</summary>
    public static string Word(MemberState state) => s_words[(int)state];

    /// <summary>What a member is.</summary>
    public static byte[] Write(MemberInfo info) => JsonSerializer.SerializeToUtf8Bytes(info, MemberJsonContext.Default.MemberInfo);

    /// <summary>Reads the hash of all members.</summary>
    public static MembersReply Read(long now, RespValue[] fields, string storeId)
    {
        long version = 0;
        var members = new SortedDictionary<string, Member>(StringComparer.Ordinal);
        for (int i = 0; i + 1 < fields.Length; i += 2)
        {
            string name = fields[i].Text;
            if (name == VersionField)
            {
                version = fields[i + 1].Integer;
            }
            else if (NodeRef.TryParse(name, out var node) && Parse(node, fields[i + 1].Bytes, now) is { } member)
            {
                members[name] = member;
            }
        }

        return new(version, [.. members.Values], storeId);
    }

    private static Member? Parse(NodeRef node, byte[] json, long now)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json, MemberJsonContext.Default.MemberRecord);
            int state = Array.IndexOf(s_words, record?.State);
            if (record?.Info is null || state < 0)
            {
                return null;
            }

            var votes = record.Votes.Keys.Order(StringComparer.Ordinal).Select(v => NodeRef.TryParse(v, out var by) ? by : NodeRef.None);
            return new(node, (MemberState)state, record.Info, now - record.At, [.. votes]);
        }
        catch (JsonException)
        {
            // Somebody else's field: not a member.
            return null;
        }
    }

    internal sealed record MemberRecord(string State, long At, MemberInfo? Info, Dictionary<string, double> Votes);
}

/// <summary>Source-generated serialization of members.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MemberInfo))]
[JsonSerializable(typeof(MemberJson.MemberRecord))]
internal sealed partial class MemberJsonContext : JsonSerializerContext;
