using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Haetae.Intel.Tags;

/// <summary>A YAML file as a stream of events: no document is ever held whole.</summary>
internal sealed class YamlText(TextReader text)
{
    /// <summary>Text in packs is short; a longer one is a mistake or an attack.</summary>
    internal const int MaximumLength = 64 * 1024;

    private const int MaximumDepth = 32;

    private readonly Parser _parser = new(new Scanner(text, skipComments: true));

    internal ParsingEvent Current { get; private set; } = new StreamStart();

    internal long Line => Current.Start.Line;

    /// <summary>Goes to the next event; false at the end.</summary>
    internal bool Next()
    {
        if (!_parser.MoveNext()) return false;
        Current = _parser.Current!;
        return true;
    }

    /// <summary>Passes over a whole value, from its first event to its last.</summary>
    internal void Skip()
    {
        for (var depth = Current.NestingIncrease; depth > 0; depth += Current.NestingIncrease)
            if (!Next()) return;
    }

    /// <summary>The value as text; null for YAML's ways of writing nothing. A list or a mapping becomes JSON.</summary>
    internal string? Value()
    {
        if (Current is Scalar scalar) return Text(scalar);
        var line = Line;
        return Json(0)?.ToJsonString() ?? throw new PackRowException($"line {line} holds nothing that can be kept");
    }

    /// <summary>A text with the spaces around it that quotes kept: whoever mends it will want to say so.</summary>
    internal string? Verbatim() => Current is Scalar scalar && Text(scalar) is not null ? scalar.Value : Value();

    /// <summary>The value as a JSON array of strings; a single text is an array of one.</summary>
    internal string? List()
    {
        var node = Json(0);
        if (node is null) return null;
        if (node is not JsonArray list) return new JsonArray(node).ToJsonString();
        return list.Count == 0 ? null : list.ToJsonString();
    }

    private JsonNode? Json(int depth)
    {
        if (depth > MaximumDepth) throw new PackRowException($"values lie deeper than {MaximumDepth} levels");
        switch (Current)
        {
            case Scalar scalar:
                return Text(scalar) is { } text ? JsonValue.Create(text) : null;
            case SequenceStart:
                var list = new JsonArray();
                while (Next() && Current is not SequenceEnd) list.Add(Json(depth + 1));
                return list;
            case MappingStart:
                var map = new JsonObject();
                while (Next() && Current is not MappingEnd)
                {
                    var name = Current is Scalar key ? key.Value : throw new PackRowException("a name is not a text");
                    if (!Next()) break;
                    map[name] = Json(depth + 1);
                }

                return map;
            default:
                throw new PackRowException("YAML aliases are not read: write the value out");
        }
    }

    private static string? Text(Scalar scalar)
    {
        if (scalar.Value.Length > MaximumLength) throw new PackRowException($"a text of {scalar.Value.Length} characters; {MaximumLength} are taken");
        var text = PackFields.Storable(scalar.Value).Trim();
        return scalar.Style == ScalarStyle.Plain && text is "" or "~" or "null" or "Null" or "NULL" ? null : text;
    }
}
