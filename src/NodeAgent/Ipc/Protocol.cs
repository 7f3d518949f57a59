using System.Text.Json;
using System.Text.Json.Serialization;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>
/// The words on the Unix socket. Frame: u32 length of the rest, u8 kind, u32 request number (little endian), JSON payload in UTF-8.
/// </summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CallIdConverter), typeof(StreamIdConverter), typeof(InstantConverter), typeof(EndpointConverter), typeof(AddressConverter), typeof(PlanConverter)])]
[JsonSerializable(typeof(HelloRequest))]
[JsonSerializable(typeof(HelloReply))]
[JsonSerializable(typeof(PortsRequest))]
[JsonSerializable(typeof(HoldReply))]
[JsonSerializable(typeof(ApplyReply))]
[JsonSerializable(typeof(CallRequest))]
[JsonSerializable(typeof(StatisticsReply))]
[JsonSerializable(typeof(ErrorReply))]
[JsonSerializable(typeof(FactMessage))]
[JsonSerializable(typeof(MediaPlan))]
[JsonSerializable(typeof(MediaTotals))]
internal sealed partial class Protocol : JsonSerializerContext
{
    /// <summary>Counts up when an older media process could misread a newer agent.</summary>
    public const int Version = 6;

    /// <summary>Bytes before the payload.</summary>
    public const int HeaderSize = 9;

    /// <summary>Longest frame either side accepts.</summary>
    public const int MaxFrame = 64 * 1024 * 1024;
}

/// <summary>A call-id as its string.</summary>
internal sealed class CallIdConverter : JsonConverter<CallId>
{
    /// <inheritdoc/>
    public override CallId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CallId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>A stream id as its number.</summary>
internal sealed class StreamIdConverter : JsonConverter<StreamId>
{
    /// <inheritdoc/>
    public override StreamId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, StreamId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>An instant as microseconds since the Unix epoch.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    /// <inheritdoc/>
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Micros);
}

/// <summary>An endpoint as <c>address:port</c>; none as the empty string.</summary>
internal sealed class EndpointConverter : JsonConverter<NetEndpoint>
{
    private const int MaxText = 64;

    /// <inheritdoc/>
    public override NetEndpoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[MaxText];
        int length = reader.ValueSpan.Length <= MaxText ? reader.CopyString(text) : 0;
        return length == 0 ? default
            : NetEndpoint.TryParse(text[..length], out var endpoint) ? endpoint
            : throw new JsonException("not an endpoint");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, NetEndpoint value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.IsNone ? "" : value.ToString());
}

/// <summary>An address as its text, also as a property name.</summary>
internal sealed class AddressConverter : JsonConverter<IpAddress>
{
    /// <inheritdoc/>
    public override IpAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IpAddress.TryParse(reader.GetString(), out var address) ? address : IpAddress.None;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpAddress value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
