using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using RtpCluster.Contracts;

namespace RtpCluster.Cluster.Wire;

/// <summary>Plans, statistics and facts as JSON inside the messages: they grow with the product, and both ends skip what they do not know.</summary>
internal static class WireJson
{
    private static readonly JsonSerializerOptions s_options = new() { IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly FrozenDictionary<string, Type> s_facts = typeof(MediaFact).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(MediaFact)) && !t.IsAbstract).ToFrozenDictionary(t => t.Name);

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, s_options);

    public static T? Read<T>(ReadOnlySpan<byte> json)
        where T : class => json.IsEmpty ? null : JsonSerializer.Deserialize<T>(json, s_options);

    /// <summary>A fact's kind and JSON.</summary>
    public static (string Kind, byte[] Json) WriteFact(MediaFact fact) => (fact.GetType().Name, JsonSerializer.SerializeToUtf8Bytes(fact, fact.GetType(), s_options));

    /// <summary>The fact; null: of a kind that this version does not know.</summary>
    public static MediaFact? ReadFact(string kind, ReadOnlySpan<byte> json) =>
        s_facts.TryGetValue(kind, out var type) ? (MediaFact?)JsonSerializer.Deserialize(json, type, s_options) : null;
}
