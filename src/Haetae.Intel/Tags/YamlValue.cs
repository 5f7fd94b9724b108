using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Haetae.Intel.Tags;

/// <summary>Values as YAML that every reader takes for the same text: readers of version 1.1 see numbers, dates and truths in bare words.</summary>
internal static class YamlValue
{
    private static readonly SearchValues<char> Bare = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./-:");
    private static readonly HashSet<string> Spoken = new(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"], StringComparer.OrdinalIgnoreCase);

    /// <summary>A text: bare where nothing can be read into it, else in quotes.</summary>
    internal static string Of(string text)
    {
        if (IsBare(text)) return text;
        return text.All(IsPrintable) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : InDoubleQuotes(text);
    }

    /// <summary>A day, or a day and a time, bare: GraphSense wants it read as a date. Anything else is a text.</summary>
    internal static string OfDate(string text) => TagKnowledge.DayOf(text) is not null && text.AsSpan(10).IndexOfAnyExcept("0123456789 T:.Z+-") < 0 ? text : Of(text);

    internal static string Of(bool value) => value ? "true" : "false";

    /// <summary>A list or an object of JSON in YAML's short form; null where it would not be read back as the same text.</summary>
    internal static string? OfJson(string json)
    {
        try
        {
            return JsonNode.Parse(json) is { } node and (JsonArray or JsonObject) && IsOfTexts(node) && node.ToJsonString() == json ? Flow(node) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException)
        {
            return null; // no JSON, or two members of one name
        }
    }

    /// <summary>YAML as it is read here knows texts, and no numbers.</summary>
    private static bool IsOfTexts(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.All(IsOfTexts),
        JsonObject map => map.All(member => IsOfTexts(member.Value)),
        _ => node.GetValueKind() == JsonValueKind.String,
    };

    private static string Flow(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray list => $"[{string.Join(", ", list.Select(Flow))}]",
        JsonObject map => $"{{{string.Join(", ", map.Select(member => $"{Of(member.Key)}: {Flow(member.Value)}"))}}}",
        _ => Of(node.GetValue<string>()),
    };

    private static bool IsBare(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] is not (' ' or ':') && !text.AsSpan().ContainsAnyExcept(Bare)
        && !text.Contains(": ", StringComparison.Ordinal) && !Spoken.Contains(text);

    private static bool IsPrintable(char letter) =>
        letter is >= ' ' and not '\u007F' && char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);

    private static string InDoubleQuotes(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') quoted.Append('\\').Append((char)rune.Value);
            else if (rune.IsBmp && IsPrintable((char)rune.Value)) quoted.Append((char)rune.Value);
            else if (rune.IsBmp) quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        }

        return quoted.Append('"').ToString();
    }
}
