using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Haetae.Tests.Tracing.Reports;

/// <summary>The part of JSON Schema 2020-12 that our formats use. An unknown keyword is an error, so that no rule is skipped in silence.</summary>
internal static class SchemaCheck
{
    private static readonly HashSet<string> Notes = ["$schema", "$id", "$defs", "title", "description"];

    public static List<string> Errors(JsonNode? value, JsonObject schema)
    {
        var errors = new List<string>();
        Check(value, schema, schema, "$", errors);
        return errors;
    }

    private static void Check(JsonNode? value, JsonObject rule, JsonObject root, string at, List<string> errors)
    {
        foreach (var (keyword, argument) in rule)
        {
            if (Notes.Contains(keyword)) continue;
            var holds = keyword switch
            {
                "$ref" => Follow(argument!.GetValue<string>()),
                "type" => argument is JsonArray many ? many.Any(type => Is(value, type!.GetValue<string>())) : Is(value, argument!.GetValue<string>()),
                "const" => JsonNode.DeepEquals(value, argument),
                "enum" => argument!.AsArray().Any(item => JsonNode.DeepEquals(item, value)),
                "pattern" => value?.GetValueKind() != JsonValueKind.String || Regex.IsMatch(value.GetValue<string>(), argument!.GetValue<string>()),
                "minimum" => value?.GetValueKind() != JsonValueKind.Number || value.GetValue<long>() >= argument!.GetValue<long>(),
                "minItems" => value is not JsonArray list || list.Count >= argument!.GetValue<int>(),
                "maxItems" => value is not JsonArray items || items.Count <= argument!.GetValue<int>(),
                "required" => value is not JsonObject members || argument!.AsArray().All(name => members.ContainsKey(name!.GetValue<string>())),
                "properties" => Properties(argument!.AsObject()),
                "additionalProperties" => value is not JsonObject given || argument!.GetValue<bool>() || given.All(member => rule["properties"]!.AsObject().ContainsKey(member.Key)),
                "items" => Items(argument!.AsObject()),
                _ => throw new NotSupportedException($"The schema uses '{keyword}', which this check does not know."),
            };
            if (!holds) errors.Add($"{at}: {keyword}");
        }

        bool Follow(string reference)
        {
            Check(value, root["$defs"]![reference["#/$defs/".Length..]]!.AsObject(), root, at, errors);
            return true;
        }

        bool Properties(JsonObject properties)
        {
            if (value is not JsonObject members) return true;
            foreach (var (name, inner) in properties)
            {
                if (members.TryGetPropertyValue(name, out var member)) Check(member, inner!.AsObject(), root, $"{at}.{name}", errors);
            }

            return true;
        }

        bool Items(JsonObject inner)
        {
            if (value is not JsonArray items) return true;
            for (var i = 0; i < items.Count; i++) Check(items[i], inner, root, $"{at}[{i}]", errors);
            return true;
        }
    }

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => value is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue(out long _),
        _ => throw new NotSupportedException($"The type '{type}' is unknown here."),
    };
}
