using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Haetae.Cli.Exercise;

namespace Haetae.Tests.Cli.Exercise;

/// <summary>The published schema and the written file agree; checked with the few schema words the schema uses.</summary>
public sealed class TruthSchemaTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-truth-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_truth_file_is_what_its_schema_says()
    {
        var result = PracticeHeist.Write(_root, 9, 1_000, Convert.ToHexStringLower, CancellationToken.None);
        var schema = JsonNode.Parse(File.ReadAllText(SchemaPath()))!;
        Check(schema, schema, JsonNode.Parse(File.ReadAllText(result.TruthPath)), "$");
    }

    private static void Check(JsonNode root, JsonNode schema, JsonNode? value, string at)
    {
        if (schema["$ref"] is { } reference) Check(root, root["$defs"]![((string)reference!)["#/$defs/".Length..]]!, value, at);
        if (schema["const"] is { } constant) Assert.True(JsonNode.DeepEquals(constant, value), $"{at} is not {constant}");
        if (schema["enum"] is JsonArray words) Assert.True(words.Any(w => JsonNode.DeepEquals(w, value)), $"{at} is '{value}'");
        if (schema["pattern"] is { } pattern) Assert.Matches(new Regex((string)pattern!), (string)value!);
        if (schema["minimum"] is { } minimum) Assert.True((long)value! >= (long)minimum, $"{at} is {value}");
        if (schema["type"] is { } type) Assert.True(Kind(value) == (string)type!, $"{at} is no {type}");
        if (schema["items"] is { } items)
            foreach (var (i, item) in value!.AsArray().Index()) Check(root, items, item, $"{at}[{i}]");
        if (schema["required"] is JsonArray required)
            foreach (var name in required) Assert.True(value!.AsObject().ContainsKey((string)name!), $"{at} lacks {name}");
        if (schema["properties"] is not JsonObject known) return;
        foreach (var (name, member) in value!.AsObject())
        {
            Assert.True(known.ContainsKey(name), $"the schema does not know {at}.{name}");
            Check(root, known[name]!, member, $"{at}.{name}");
        }
    }

    private static string Kind(JsonNode? value) =>
        value!.GetValueKind() == JsonValueKind.Number ? "integer" : value.GetValueKind().ToString().ToLowerInvariant();

    private static string SchemaPath()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Haetae.slnx")))
                return Path.Combine(folder.FullName, "docs", "formats", "haetae.truth.1.schema.json");
        throw new InvalidOperationException("Haetae.slnx is in no folder above the tests.");
    }
}
