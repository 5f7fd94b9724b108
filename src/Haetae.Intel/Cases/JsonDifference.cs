using System.Text.Json.Nodes;

namespace Haetae.Intel.Cases;

/// <summary>The first place, in reading order, where one JSON document differs from another.</summary>
internal static class JsonDifference
{
    private const int Longest = 80;

    /// <returns>The path and both values in words; null where the two say the same.</returns>
    internal static string? First(JsonNode? claimed, JsonNode? found, string path)
    {
        switch (claimed, found)
        {
            case (JsonObject one, JsonObject other):
                foreach (var (name, value) in one)
                {
                    if (!other.TryGetPropertyValue(name, out var twin)) return $"{path}.{name}: the claim has it; recomputed, there is no such member";
                    if (First(value, twin, $"{path}.{name}") is { } difference) return difference;
                }

                return other.Select(member => member.Key).FirstOrDefault(name => !one.ContainsKey(name)) is { } missing ? $"{path}.{missing}: it is missing from the claim" : null;
            case (JsonArray one, JsonArray other):
                for (var i = 0; i < Math.Min(one.Count, other.Count); i++)
                {
                    if (First(one[i], other[i], $"{path}[{i}]{Called(one[i])}") is { } difference) return difference;
                }

                return one.Count == other.Count ? null : $"{path}: {one.Count} are claimed, recomputed there are {other.Count}";
            default:
                return JsonNode.DeepEquals(claimed, found) ? null : $"{path}: claimed is {Short(claimed)}, recomputed it is {Short(found)}";
        }
    }

    /// <summary>What a list's item speaks of, so that a reader need not count.</summary>
    private static string Called(JsonNode? item)
    {
        if (item is not JsonObject members) return "";
        if (members["policy"] is JsonValue policy) return $" ({Short(policy)})";
        return members["txid"] is JsonValue id && members["vout"] is { } vout ? $" ({Short(id).Trim('"')}:{Short(vout)})" : "";
    }

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= Longest ? text : $"{text[..Longest]}…";
    }
}
