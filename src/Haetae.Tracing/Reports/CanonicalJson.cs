using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Haetae.Tracing.Reports;

/// <summary>Any JSON document in the canonical form of RFC 8785. Numbers are integers within 2^53 - 1; others are refused, never rounded.</summary>
public static class CanonicalJson
{
    public static byte[] Bytes(JsonNode? node)
    {
        using var stream = new MemoryStream();
        var writer = new CanonicalWriter(stream);
        Write(writer, node);
        writer.Finish();
        return stream.ToArray();
    }

    /// <summary>The SHA-256 of the canonical bytes without the top member <c>digest</c>, in lower-case hex: what a result's own digest must equal.</summary>
    public static string Digest(JsonObject document)
    {
        var rest = (JsonObject)document.DeepClone();
        rest.Remove("digest");
        return Convert.ToHexStringLower(SHA256.HashData(Bytes(rest)));
    }

    private static void Write(CanonicalWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.Null();
                break;
            case JsonObject members:
                writer.BeginObject();
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.Name(name);
                    Write(writer, value);
                }

                writer.EndObject();
                break;
            case JsonArray items:
                writer.BeginArray();
                foreach (var item in items) Write(writer, item);
                writer.EndArray();
                break;
            case JsonValue value:
                WriteValue(writer, value);
                break;
        }
    }

    private static void WriteValue(CanonicalWriter writer, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                writer.String(value.GetValue<string>());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Boolean(value.GetValue<bool>());
                break;
            case JsonValueKind.Number when value.TryGetValue(out long number):
                writer.Integer(number);
                break;
            case JsonValueKind.Number when value.TryGetValue(out int small):
                writer.Integer(small);
                break;
            case JsonValueKind.Number when value.TryGetValue(out uint whole):
                writer.Integer(whole);
                break;
            default:
                throw new ArgumentException($"{value.ToJsonString()} is not an integer: amounts and fractions are written as strings.");
        }
    }
}
