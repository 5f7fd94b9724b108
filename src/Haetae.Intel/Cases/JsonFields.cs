using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Ledger;

namespace Haetae.Intel.Cases;

/// <summary>A JSON object whose members must be exactly those that are asked for; what is wrong is named by its path.</summary>
internal sealed class JsonFields
{
    private readonly JsonObject _members;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private JsonFields(JsonObject members, string path)
    {
        _members = members;
        Path = path;
    }

    internal string Path { get; }

    /// <summary>Reads an object whole: a member nobody asks for is an error.</summary>
    internal static T Read<T>(JsonNode? node, string path, Func<JsonFields, T> read)
    {
        var fields = new JsonFields(node as JsonObject ?? throw Wrong(path, "an object"), path);
        var value = read(fields);
        if (fields._members.Select(member => member.Key).FirstOrDefault(name => !fields._asked.Contains(name)) is { } surplus)
            throw new IntelException($"{path}.{surplus}: there is no such member.");
        return value;
    }

    internal string Text(string name, int most = 100_000) => TextOrNull(name, most) ?? throw Wrong(At(name), "a text");

    internal string? TextOrNull(string name, int most = 100_000)
    {
        if (Take(name) is not { } node) return null;
        var text = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Wrong(At(name), "a text");
        return text.Length <= most ? text : throw new IntelException($"{At(name)}: {text.Length} characters, where {most} are the most.");
    }

    internal string Hash(string name) =>
        Text(name) is { Length: 64 } text && !text.AsSpan().ContainsAnyExcept("0123456789abcdef") ? text : throw Wrong(At(name), "64 hex digits");

    internal string? DayOrNull(string name) =>
        TextOrNull(name) is not { } text || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? TextOrNull(name) : throw Wrong(At(name), "a day");

    internal string OneOf(string name, IReadOnlyList<string> words) =>
        Text(name) is var text && words.Contains(text) ? text : throw Wrong(At(name), $"one of {string.Join(", ", words)}");

    internal int Number(string name) => NumberOrNull(name) ?? throw Wrong(At(name), "a whole number");

    internal int? NumberOrNull(string name) => CountOrNull(name) is not { } count ? null : count <= int.MaxValue ? (int)count : throw Wrong(At(name), "a smaller number");

    internal long? CountOrNull(string name)
    {
        if (Take(name) is not { } node) return null;
        return node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out long number) && number >= 0 ? number : throw Wrong(At(name), "a whole number");
    }

    internal long Amount(string name) => AmountOrNull(name) ?? throw Wrong(At(name), "an amount");

    internal long? AmountOrNull(string name)
    {
        if (TextOrNull(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount.ToString(CultureInfo.InvariantCulture) == text
            ? amount : throw Wrong(At(name), "an amount: a whole number of satoshi, as a text");
    }

    /// <summary>Whether the member is there at all.</summary>
    internal bool Has(string name) => _members.ContainsKey(name);

    /// <summary>An amount of up to 256 bits, in base units.</summary>
    internal UInt256 Wide(string name) => WideOf(Text(name), At(name));

    private static UInt256 WideOf(string text, string path) =>
        UInt256.TryParse(text, out var amount) && amount.ToString() == text ? amount : throw Wrong(path, "an amount: a whole number of base units, as a text");

    /// <summary>A list of lists of a fixed length.</summary>
    internal IReadOnlyList<T> Tuples<T>(string name, int length, Func<Cells, T> read) => Items(name, (node, path) =>
        node is JsonArray cells && cells.Count == length ? read(new Cells(cells, path)) : throw Wrong(path, $"a list of {length}"));

    /// <summary>The items of a list of a fixed length.</summary>
    internal readonly struct Cells(JsonArray cells, string path)
    {
        internal string Text(int at) => cells[at]?.GetValueKind() == JsonValueKind.String ? cells[at]!.GetValue<string>() : throw Wrong($"{path}[{at}]", "a text");

        internal UInt256 Wide(int at) => WideOf(Text(at), $"{path}[{at}]");

        internal int Number(int at) =>
            cells[at] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out int number) && number >= 0 ? number : throw Wrong($"{path}[{at}]", "a whole number");
    }

    internal T Object<T>(string name, Func<JsonFields, T> read) => Read(Take(name), At(name), read);

    internal IReadOnlyList<T> List<T>(string name, Func<JsonFields, T> read) => Items(name, (node, path) => Read(node, path, read));

    internal IReadOnlyList<string> Texts(string name) =>
        Items(name, (node, path) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw Wrong(path, "a text"));

    private IReadOnlyList<T> Items<T>(string name, Func<JsonNode?, string, T> read)
    {
        var array = Take(name) as JsonArray ?? throw Wrong(At(name), "a list");
        return [.. array.Select((node, i) => read(node, $"{At(name)}[{i}]"))];
    }

    private JsonNode? Take(string name)
    {
        _asked.Add(name);
        return _members.TryGetPropertyValue(name, out var node) ? node : null;
    }

    private string At(string name) => $"{Path}.{name}";

    private static IntelException Wrong(string path, string wanted) => new($"{path}: this must be {wanted}.");
}
