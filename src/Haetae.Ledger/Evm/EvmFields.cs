using System.Globalization;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>The fields of one JSON object of an EVM node's answer, each read exactly or refused by name.</summary>
internal readonly struct EvmFields
{
    private const int ShownLength = 60;

    private readonly JsonElement _object;
    private readonly EvmPlace _place;

    internal EvmFields(JsonElement element, EvmPlace place)
    {
        (_object, _place) = (element, place);
        if (element.ValueKind != JsonValueKind.Object) throw new LedgerException($"{place}: {Shown(element)} stands where an object is expected.");
    }

    internal EvmPlace Place => _place;

    /// <summary>The field, if it is there and not null.</summary>
    internal bool TryGet(string name, out JsonElement value) => _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    internal string? Text(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, value, "text");
    }

    /// <summary>Hex as it stands, in lower case.</summary>
    internal string? Hex(string name) => Text(name)?.ToLowerInvariant();

    internal UInt256? Quantity(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var plain)) return plain;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text)
        {
            if (UInt256.TryParseHex(text, out var number)) return number;
            if (text == "0x") return UInt256.Zero; // some nodes print nothing for 0
        }

        throw Wrong(name, value, "a quantity (0x and up to 64 hexadecimal digits)");
    }

    internal ulong? Number(string name)
    {
        if (Quantity(name) is not { } number) return null;
        if (number.IsNarrow && number.Lower <= ulong.MaxValue) return (ulong)number.Lower;
        throw new LedgerException($"{_place}: '{name}' is {number}, which does not fit in 64 bits.");
    }

    internal ulong Need(string name) => Number(name) ?? throw Missing(name);

    internal UInt256 NeedQuantity(string name) => Quantity(name) ?? throw Missing(name);

    internal Hash256? Hash(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return TryHash(value, out var hash) ? hash : throw Wrong(name, value, "a hash (0x and 64 hexadecimal digits)");
    }

    internal Hash256 NeedHash(string name) => Hash(name) ?? throw Missing(name);

    internal AccountAddress? Address(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text)
        {
            if (text.Length == 2 + 2 * AccountAddress.Size && AccountAddress.TryParse(text, out var address, out _)) return address;
            if (text is "" or "0x") return null; // a creation's 'to' in some nodes' words
        }

        throw Wrong(name, value, "an address (0x and 40 hexadecimal digits)");
    }

    internal AccountAddress NeedAddress(string name) => Address(name) ?? throw Missing(name);

    internal byte[]? Bytes(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.Length % 2 == 0)
        {
            var bytes = new byte[text.Length / 2 - 1];
            if (Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == System.Buffers.OperationStatus.Done) return bytes;
        }

        throw Wrong(name, value, "bytes (0x and pairs of hexadecimal digits)");
    }

    /// <summary>The items of a list; none where it is absent or null.</summary>
    internal JsonElement.ArrayEnumerator Items(string name)
    {
        if (!TryGet(name, out var value)) return default;
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, value, "a list");
    }

    internal Hash256[] Topics()
    {
        var topics = new List<Hash256>(EvmLog.MostTopics);
        foreach (var item in Items("topics"))
        {
            if (!TryHash(item, out var topic)) throw Wrong("topics", item, "a topic (0x and 64 hexadecimal digits)");
            if (topics.Count == EvmLog.MostTopics) throw new LedgerException($"{_place}: it has more than {EvmLog.MostTopics} topics, which no event has.");
            topics.Add(topic);
        }

        return [.. topics];
    }

    internal LedgerException Missing(string name) => new($"{_place}: it has no '{name}'.");

    private LedgerException Wrong(string name, JsonElement value, string wanted) => new($"{_place}: '{name}' is {Shown(value)}, which is not {wanted}.");

    private static bool TryHash(JsonElement value, out Hash256 hash)
    {
        hash = default;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: 66 } text
            && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && Hash256.TryParse(text.AsSpan(2), out hash);
    }

    /// <summary>A stranger's JSON, short and on one line.</summary>
    internal static string Shown(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined) return "nothing";
        var raw = value.GetRawText();
        var shown = new StringBuilder();
        foreach (var letter in raw.AsSpan(0, Math.Min(raw.Length, ShownLength))) shown.Append(char.IsControl(letter) ? ' ' : letter);
        return raw.Length > ShownLength ? string.Create(CultureInfo.InvariantCulture, $"{shown}...") : shown.ToString();
    }
}
