using System.Text.Json;
using RtpCluster.Contracts;

namespace RtpCluster.NodeAgent.Ipc;

/// <summary>Reads one value that begins at the reader's present token.</summary>
internal delegate T PartReader<T>(ref Utf8JsonReader reader);

/// <summary>The small parts of a plan for <see cref="PlanConverter"/>, each an array of values in a fixed order. Bad input throws JsonException.</summary>
internal static class PlanParts
{
    public static void Write<T>(Utf8JsonWriter writer, T[] values, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray();
        foreach (var value in values)
        {
            write(writer, value);
        }

        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, NetEndpoint value)
    {
        if (value.IsNone)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue((int)value.Address.Family);
        writer.WriteNumberValue((ulong)(value.Address.Bits >> 64));
        writer.WriteNumberValue((ulong)value.Address.Bits);
        writer.WriteNumberValue(value.Port);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, SrtpKeys? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue((int)value.Suite);
        writer.WriteBase64StringValue(value.MasterKey);
        writer.WriteBase64StringValue(value.MasterSalt);
        writer.WriteBase64StringValue(value.Mki);
        writer.WriteBooleanValue(value.UnencryptedSrtp);
        writer.WriteBooleanValue(value.UnencryptedSrtcp);
        writer.WriteBooleanValue(value.UnauthenticatedSrtp);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, PayloadTypePlan value)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Number);
        writer.WriteStringValue(value.Name);
        writer.WriteNumberValue(value.ClockRate);
        writer.WriteNumberValue(value.SilenceByte);
        writer.WriteNumberValue(value.NominalBytes);
        writer.WriteBooleanValue(value.FullBand);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, OutputPlan value)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.To.Value);
        Write(writer, value.PayloadTypeMaps, Write);
        writer.WriteNumberValue((uint)value.Flags);
        writer.WriteBase64StringValue(value.StripExtensions);
        writer.WriteNumberValue(value.Layer);
        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, SrtpCheckpoint value)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Ssrc);
        writer.WriteBooleanValue(value.Outbound);
        writer.WriteNumberValue(value.RtpIndex);
        writer.WriteNumberValue(value.RtcpIndex);
        writer.WriteEndArray();
    }

    /// <summary>The present token must open an array.</summary>
    public static void Start(in Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("an array of values should begin here");
        }
    }

    /// <summary>The next token must close an array: a longer one comes from a newer protocol.</summary>
    public static void End(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray)
        {
            throw new JsonException("more values than this protocol has");
        }
    }

    public static T[] Read<T>(ref Utf8JsonReader reader, PartReader<T> read)
    {
        reader.Read();
        Start(reader);
        var values = new List<T>(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            values.Add(read(ref reader));
        }

        return [.. values];
    }

    public static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }

    public static bool Flag(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetBoolean();
    }

    public static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString() ?? throw new JsonException("null where a text should be");
    }

    public static NetEndpoint NextEndpoint(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? default : Endpoint(ref reader);
    }

    public static NetEndpoint Endpoint(ref Utf8JsonReader reader)
    {
        Start(reader);
        var family = (IpFamily)Number(ref reader);
        var endpoint = new NetEndpoint(new IpAddress(new UInt128(Unsigned(ref reader), Unsigned(ref reader)), family), (ushort)Number(ref reader));
        End(ref reader);
        return endpoint;
    }

    public static SrtpKeys? NextKeys(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Start(reader);
        var keys = new SrtpKeys
        {
            Suite = (SrtpSuite)Number(ref reader),
            MasterKey = Bytes(ref reader),
            MasterSalt = Bytes(ref reader),
            Mki = Bytes(ref reader),
            UnencryptedSrtp = Flag(ref reader),
            UnencryptedSrtcp = Flag(ref reader),
            UnauthenticatedSrtp = Flag(ref reader),
        };
        End(ref reader);
        return keys;
    }

    public static PayloadTypePlan PayloadType(ref Utf8JsonReader reader)
    {
        Start(reader);
        var plan = new PayloadTypePlan((byte)Number(ref reader), Text(ref reader), (int)Number(ref reader), (short)Number(ref reader),
            (int)Number(ref reader), Flag(ref reader));
        End(ref reader);
        return plan;
    }

    public static OutputPlan Output(ref Utf8JsonReader reader)
    {
        Start(reader);
        var plan = new OutputPlan
        {
            To = new StreamId((int)Number(ref reader)),
            PayloadTypeMaps = Read(ref reader, Map),
            Flags = (OutputFlags)Number(ref reader),
            StripExtensions = Bytes(ref reader),
            Layer = (int)Number(ref reader),
        };
        End(ref reader);
        return plan;
    }

    public static void Write(Utf8JsonWriter writer, PayloadTypeMap value) => writer.WriteNumberValue((value.From << 8) | value.To);

    public static PayloadTypeMap Map(ref Utf8JsonReader reader) => new((byte)(reader.GetInt32() >> 8), (byte)reader.GetInt32());

    public static SrtpCheckpoint Checkpoint(ref Utf8JsonReader reader)
    {
        Start(reader);
        var state = new SrtpCheckpoint((uint)Number(ref reader), Flag(ref reader), Unsigned(ref reader), (uint)Number(ref reader));
        End(ref reader);
        return state;
    }

    public static ulong Unsigned(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetUInt64();
    }

    public static byte[] Bytes(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetBytesFromBase64();
    }
}
