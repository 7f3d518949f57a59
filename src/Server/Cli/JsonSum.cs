using System.Text.Json;
using System.Text.Json.Nodes;

namespace RtpCluster.Server.Cli;

/// <summary>Adds up statistics of several nodes.</summary>
public static class JsonSum
{
    /// <summary>Objects member by member, numbers added, lists one behind the other, of everything else the first.</summary>
    public static string Of(IEnumerable<string> texts)
    {
        JsonNode? sum = null;
        foreach (string text in texts)
        {
            sum = Add(sum, JsonNode.Parse(text));
        }

        return sum?.ToJsonString() ?? "{}";
    }

    private static JsonNode? Add(JsonNode? a, JsonNode? b)
    {
        switch (a, b)
        {
            case (null, _):
                return b?.DeepClone();
            case (JsonObject left, JsonObject right):
                foreach (var (name, value) in right)
                {
                    left[name] = Add(left[name]?.DeepClone(), value);
                }

                return left;
            case (JsonArray left, JsonArray right):
                foreach (var item in right)
                {
                    left.Add(item?.DeepClone());
                }

                return left;
            case (JsonValue left, JsonValue right) when left.GetValueKind() == JsonValueKind.Number && right.GetValueKind() == JsonValueKind.Number:
                decimal total = left.GetValue<JsonElement>().GetDecimal() + right.GetValue<JsonElement>().GetDecimal();
                // As an element again, as everything else in here is.
                return JsonNode.Parse(total.ToString(System.Globalization.CultureInfo.InvariantCulture));
            default:
                return a;
        }
    }
}
