using System.Globalization;
using System.Text;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>One field of a row: nothing, text, a whole number, or a list.</summary>
/// <param name="Text">Null: nothing.</param>
/// <param name="IsText">Whether JSON puts it in quotation marks.</param>
/// <param name="Items">Null: no list.</param>
public readonly record struct EtlValue(string? Text, bool IsText, IReadOnlyList<EtlValue>? Items = null, IReadOnlyList<(string Name, EtlValue Value)>? Fields = null)
{
    public static EtlValue Nothing => default;

    public static EtlValue Of(string? text) => new(text, true);

    public static EtlValue Of(ulong? number) => new(number?.ToString(CultureInfo.InvariantCulture), false);

    public static EtlValue Of(UInt256? number) => new(number?.ToString(), false);

    public static EtlValue Of(Hash256? hash) => new(hash is { } known ? "0x" + known : null, true);

    public static EtlValue Of(AccountAddress? address) => new(address?.ToString(), true);

    public static EtlValue Of(ReadOnlySpan<byte> bytes) => new("0x" + Convert.ToHexStringLower(bytes), true);

    public static EtlValue List(IEnumerable<EtlValue> items) => new(null, false, [.. items]);

    public static EtlValue Of(EvmWithdrawal one) => new(null, false, null,
    [
        ("index", Of(one.Index)), ("validator_index", Of(one.ValidatorIndex)), ("address", Of((AccountAddress?)one.Address)), ("amount", Of(one.Amount)),
    ]);

    /// <summary>As a field of CSV, before quotation marks: lists joined by commas, objects as JSON without spaces.</summary>
    public string ToCsv()
    {
        if (Items is not null) return string.Join(',', Items.Select(item => item.ToCsv()));
        return Fields is not null ? ToJson(spaced: false) : Text ?? "";
    }

    /// <summary>As JSON; with spaces as Python's json.dumps puts them.</summary>
    public string ToJson(bool spaced = true)
    {
        var comma = spaced ? ", " : ",";
        if (Items is not null) return "[" + string.Join(comma, Items.Select(item => item.ToJson(spaced))) + "]";
        if (Fields is not null) return "{" + string.Join(comma, Fields.Select(field => $"\"{field.Name}\"{(spaced ? ": " : ":")}{field.Value.ToJson(spaced)}")) + "}";
        if (Text is null) return "null";
        return IsText ? Quoted(Text) : Text;
    }

    /// <summary>A text of JSON in ASCII alone, as Python writes it.</summary>
    private static string Quoted(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                < ' ' or > '~' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => json.Append(letter),
            };
        }

        return json.Append('"').ToString();
    }
}

/// <summary>A row: its fields in order.</summary>
public sealed record EtlRow(IReadOnlyList<(string Name, EtlValue Value)> Fields)
{
    /// <summary>One line of CSV without its end, quoted where commas, quotation marks or line ends ask for it.</summary>
    public string ToCsv() => string.Join(',', Fields.Select(field => Quoted(field.Value.ToCsv())));

    /// <summary>The first line of a CSV file of such rows.</summary>
    public string Header => string.Join(',', Fields.Select(one => one.Name));

    /// <summary>One line of JSON without its end.</summary>
    public string ToJson() => "{" + string.Join(", ", Fields.Select(field => $"\"{field.Name}\": {field.Value.ToJson()}")) + "}";

    /// <summary>A file of CSV: nothing at all where there are no rows, as ethereum-etl writes it.</summary>
    public static void WriteCsv(TextWriter file, IEnumerable<EtlRow> rows)
    {
        var first = true;
        foreach (var row in rows)
        {
            if (first) file.Write(row.Header + "\n");
            first = false;
            file.Write(row.ToCsv() + "\n");
        }
    }

    public static void WriteJson(TextWriter file, IEnumerable<EtlRow> rows)
    {
        foreach (var row in rows) file.Write(row.ToJson() + "\n");
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : text;
}
