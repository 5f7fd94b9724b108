using System.Text.Json;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Tron;

/// <summary>Fields of TRON's JSON answers, each with an error that says where and which. What is absent is zero or empty: the interface leaves such fields out.</summary>
/// <param name="element">An object.</param>
/// <param name="place">Where it stands, for errors: "block 7", "transaction ab…".</param>
internal readonly struct TronFields(JsonElement element, string place)
{
    internal string Place => place;

    internal TronFields Inner(string name) =>
        Find(name, JsonValueKind.Object) is { } inner ? new TronFields(inner, place) : throw Wrong(name, "is missing");

    internal TronFields? Optional(string name) => Find(name, JsonValueKind.Object) is { } inner ? new TronFields(inner, place) : null;

    /// <summary>The items of a list, which may be absent.</summary>
    internal IEnumerable<JsonElement> List(string name) => Find(name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : [];

    internal string Text(string name) => Find(name, JsonValueKind.String)?.GetString() ?? "";

    internal bool Truth(string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    internal Hash256 Hash(string name) => Hash256.TryParse(Text(name), out var hash) ? hash : throw Wrong(name, "is no hash of 64 hexadecimal digits");

    /// <summary>An address as hexadecimal with or without 0x41, or Base58Check; null where the field is absent or empty.</summary>
    internal AccountAddress? Address(string name)
    {
        var text = Text(name);
        if (text.Length == 0) return null;
        return AccountAddress.TryParse(text, out var address, out var error) ? address : throw Wrong(name, $"is no address: {error}");
    }

    internal byte[] Bytes(string name)
    {
        try
        {
            return Convert.FromHexString(Text(name));
        }
        catch (FormatException)
        {
            throw Wrong(name, "is not hexadecimal");
        }
    }

    /// <summary>A whole number of 0 or more, as a number or as text (nodes asked for 64-bit numbers as text give that).</summary>
    internal ulong Number(string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number)) return number;
        if (value.ValueKind == JsonValueKind.String && ulong.TryParse(value.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number)) return number;
        throw Wrong(name, $"is no whole number of 0 or more but {Shorten(value.GetRawText())}");
    }

    internal LedgerException Wrong(string name, string what) => new($"{place}: the field '{name}' {what}. Is it TRON's HTTP interface that answers there?");

    private JsonElement? Find(string name, JsonValueKind kind)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new LedgerException($"{place}: an object was expected, not {element.ValueKind}. Is it TRON's HTTP interface that answers there?");
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == kind ? value : throw Wrong(name, $"is no {kind}");
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
