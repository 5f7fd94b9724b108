using System.Globalization;
using System.Text.Json;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>One row of a table, CSV or JSON: each field read exactly or refused by file, line and name.</summary>
/// <remarks>An empty field of CSV is nothing: the form cannot tell it from an empty text. A row of JSON lives until the next is read.</remarks>
internal readonly struct EtlLine(string file, long number, Dictionary<string, int>? names, List<string> fields, JsonElement json)
{
    private const int ShownLength = 60;

    internal string File => file;

    internal long Number => number;

    internal bool Has(string name) => names?.ContainsKey(name) ?? json.TryGetProperty(name, out _);

    /// <summary>Null: nothing, or no such column.</summary>
    internal string? Text(string name)
    {
        if (names is not null) return names.TryGetValue(name, out var at) && fields[at].Length > 0 ? fields[at] : null;
        if (!json.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw Wrong(name, value.GetRawText(), "text or a number"),
        };
    }

    internal string? Hex(string name) => Text(name)?.ToLowerInvariant();

    internal UInt256? Quantity(string name)
    {
        if (Text(name) is not { } text) return null;
        if (UInt256.TryParse(text, out var value) || UInt256.TryParseHex(text, out value)) return value;
        throw Wrong(name, text, "a whole number from 0 to 2^256 - 1");
    }

    internal ulong? Whole(string name)
    {
        if (Text(name) is not { } text) return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(name, text, "a whole number of 64 bits");
    }

    internal ulong Need(string name) => Whole(name) ?? throw Missing(name);

    internal Hash256? Hash(string name)
    {
        if (Text(name) is not { } text) return null;
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && Hash256.TryParse(text.AsSpan(2), out var hash) ? hash : throw Wrong(name, text, "a hash (0x and 64 hexadecimal digits)");
    }

    internal Hash256 NeedHash(string name) => Hash(name) ?? throw Missing(name);

    internal AccountAddress? Address(string name)
    {
        if (Text(name) is not { } text) return null;
        return AccountAddress.TryParse(text, out var address, out var error) ? address : throw Wrong(name, text, "an address: " + error);
    }

    internal AccountAddress NeedAddress(string name) => Address(name) ?? throw Missing(name);

    internal byte[]? Bytes(string name)
    {
        if (Text(name) is not { } text) return null;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.Length % 2 == 0)
        {
            var bytes = new byte[text.Length / 2 - 1];
            if (Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == System.Buffers.OperationStatus.Done) return bytes;
        }

        throw Wrong(name, text, "bytes (0x and pairs of hexadecimal digits)");
    }

    /// <summary>A list: of JSON, or joined by commas.</summary>
    internal List<string> List(string name)
    {
        if (names is not null) return Text(name) is { } text ? [.. text.Split(',')] : [];
        var items = new List<string>();
        if (!json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return items;
        if (value.ValueKind == JsonValueKind.String) return value.GetString() is { Length: > 0 } joined ? [.. joined.Split(',')] : items;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, value.GetRawText(), "a list");
        foreach (var item in value.EnumerateArray()) items.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText());
        return items;
    }

    /// <summary>A list of JSON objects, which CSV holds joined by commas.</summary>
    internal List<T> Objects<T>(string name, Func<EtlLine, T> read)
    {
        var (inFile, atLine) = (file, number);
        var items = new List<T>();
        if (names is null)
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) Take(value);
            return items;
        }

        if (Text(name) is not { } text) return items;
        try
        {
            using var document = JsonDocument.Parse(text.StartsWith('[') ? text : "[" + text + "]");
            Take(document.RootElement);
        }
        catch (JsonException)
        {
            throw Wrong(name, text, "a list of JSON objects");
        }

        return items;

        void Take(JsonElement list)
        {
            if (list.ValueKind != JsonValueKind.Array) throw new LedgerException($"{inFile}, line {atLine}: '{name}' is no list.");
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.Object) throw new LedgerException($"{inFile}, line {atLine}: an item of '{name}' is no JSON object.");
                items.Add(read(new EtlLine(inFile, atLine, null, [], item)));
            }
        }
    }

    internal LedgerException Missing(string name) => new($"{file}, line {number}: it has no '{name}'.");

    internal LedgerException Wrong(string name, string text, string wanted) =>
        new($"{file}, line {number}: '{name}' is '{string.Concat(text.Take(ShownLength).Select(letter => char.IsControl(letter) ? ' ' : letter))}{(text.Length > ShownLength ? "..." : "")}', which is not {wanted}.");
}
