using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RtpCluster.Contracts;
using RtpCluster.Sdp;

namespace RtpCluster.CallModel.Snapshots;

/// <summary>
/// A call's state as readable JSON: what the store keeps. Secrets are base64. What has its default value (false, zero, an empty list) is left
/// out: most of a state has. Unknown members of later formats are ignored.
/// </summary>
public static class CallSnapshot
{
    private static readonly JsonTypeInfo<CallState> s_state = MakeTypeInfo();

    /// <summary>Writes a state as UTF-8 JSON.</summary>
    public static byte[] Write(CallState state) => JsonSerializer.SerializeToUtf8Bytes(state, s_state);

    /// <summary>Reads a state.</summary>
    /// <exception cref="FormatException">It is damaged, or of a format newer than ours.</exception>
    public static CallState Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var state = JsonSerializer.Deserialize(json, s_state);
            return state is { Format: <= CallState.SnapshotFormat } ? state : throw new FormatException("the call snapshot is of a newer format");
        }
        catch (JsonException e)
        {
            throw new FormatException("the call snapshot is damaged", e);
        }
    }

    private static JsonTypeInfo<CallState> MakeTypeInfo()
    {
        var options = new JsonSerializerOptions(CallSnapshotContext.Default.Options)
        {
            TypeInfoResolver = CallSnapshotContext.Default.WithAddedModifier(LeaveOutDefaults),
        };
        return (JsonTypeInfo<CallState>)options.GetTypeInfo(typeof(CallState));
    }

    /// <summary>Beyond the defaults that the serializer leaves out by itself: empty lists too, but nothing that a reader must be told.</summary>
    private static void LeaveOutDefaults(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.IsRequired)
            {
                property.ShouldSerialize = static (_, _) => true;
            }
            else if (property.AssociatedParameter is null && typeof(ICollection).IsAssignableFrom(property.PropertyType))
            {
                // An init-only list that is left out would be read as null.
                property.ShouldSerialize = static (_, value) => value is ICollection { Count: > 0 };
            }
        }
    }
}

/// <summary>Source-generated serialization of the call state.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    Converters =
    [
        typeof(InstantConverter), typeof(StreamIdConverter), typeof(IpAddressConverter), typeof(NetEndpointConverter),
        typeof(SdpProtocolConverter),
    ])]
[JsonSerializable(typeof(CallState))]
internal sealed partial class CallSnapshotContext : JsonSerializerContext;

/// <summary>Microseconds as a number.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Micros);
}

/// <summary>The number.</summary>
internal sealed class StreamIdConverter : JsonConverter<StreamId>
{
    public override StreamId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    public override void Write(Utf8JsonWriter writer, StreamId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>The literal address.</summary>
internal sealed class IpAddressConverter : JsonConverter<IpAddress>
{
    public override IpAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IpAddress.TryParse(reader.GetString(), out var address) ? address : IpAddress.None;

    public override void Write(Utf8JsonWriter writer, IpAddress value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[48];
        int length = 0;
        if (value.Family != IpFamily.None)
        {
            value.TryFormat(text, out length);
        }

        writer.WriteStringValue(text[..length]);
    }
}

/// <summary>address:port.</summary>
internal sealed class NetEndpointConverter : JsonConverter<NetEndpoint>
{
    public override NetEndpoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        NetEndpoint.TryParse(reader.GetString(), out var endpoint) ? endpoint : default;

    public override void Write(Utf8JsonWriter writer, NetEndpoint value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.IsNone ? string.Empty : value.ToString());
}

/// <summary>The protocol's name; an empty one is a media that is not negotiated yet.</summary>
internal sealed class SdpProtocolConverter : JsonConverter<SdpProtocol>
{
    public override SdpProtocol Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: > 0 } name ? SdpProtocol.Of(name) : new SdpProtocol(string.Empty, SdpProtocolFlags.Rtp);

    public override void Write(Utf8JsonWriter writer, SdpProtocol value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
