using System.Text.RegularExpressions;
using Haetae.Intel.Files;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Labels;

/// <summary>Which column of a table says what of a tag, and what holds for every row of it.</summary>
public sealed partial record ColumnMap
{
    /// <summary>Fields and the columns that tell them, by the names in the table's first line.</summary>
    internal IReadOnlyList<Said> Columns { get; private init; } = [];

    /// <summary>Fields with the same value in every row, where the row does not say otherwise.</summary>
    internal IReadOnlyList<Said> Constants { get; private init; } = [];

    /// <summary>Whether columns are named; else only constants are, for tables whose columns are known.</summary>
    public bool HasColumns => Columns.Count > 0;

    /// <param name="columns">Each <c>field=COLUMN,field=COLUMN</c>.</param>
    /// <param name="constants">Each <c>field=VALUE,field=VALUE</c>.</param>
    /// <exception cref="FormatException">A field is not one of a tag, stands twice, or has no value; or no column tells the subject.</exception>
    public static ColumnMap Parse(IEnumerable<string> columns, IEnumerable<string> constants)
    {
        var map = new ColumnMap { Columns = Pairs(columns, PackFields.IsOfTag), Constants = Pairs(constants, field => field != PackField.Address && field != PackField.TxHash && field != PackField.IsPublic) };
        if (map.HasColumns && !map.Columns.Any(said => said.Field is PackField.Address or PackField.TxHash)) throw new FormatException("no column tells the address: add address=COLUMN (or tx_hash=COLUMN)");
        return map;
    }

    /// <summary>The map laid on a table's first line.</summary>
    /// <exception cref="UnknownFormException">A column is not there.</exception>
    internal LabelTable Over(string[] head, string fileName)
    {
        var places = Columns.Select(said => (said.Field, Place(head, said.Value!))).ToList();
        return new LabelTable("a table, by the columns named", Path.GetFileNameWithoutExtension(fileName), "unknown", [], row =>
            [[.. places.Select(place => new Said(place.Field, place.Item2 < row.Length ? Value(place.Field, row[place.Item2]) : null))]]);
    }

    private static int Place(string[] head, string column)
    {
        var at = Array.FindIndex(head, name => string.Equals(name.Trim().TrimStart('\uFEFF'), column, StringComparison.OrdinalIgnoreCase));
        return at >= 0 ? at : throw new UnknownFormException($"it has no column '{TagProblem.Quoted(column)}'; its first line is '{TagProblem.Quoted(string.Join(',', head))}'");
    }

    /// <summary>Several concepts in one cell are parted by a semicolon or a bar.</summary>
    private static string? Value(PackField field, string text) =>
        field == PackField.Concepts && text.Trim().Length > 0 ? LabelText.List(text.Split([';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : text;

    private static List<Said> Pairs(IEnumerable<string> texts, Func<PackField, bool> isAllowed)
    {
        var pairs = new List<Said>();
        foreach (var text in texts.SelectMany(text => NextPair().Split(text)))
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (text.Trim(), "") : (text[..at].Trim(), text[(at + 1)..].Trim());
            if (value.Length == 0) throw new FormatException($"'{text}' is not field=VALUE");
            if (!PackFields.TryName(name, out var field) || !isAllowed(field)) throw new FormatException($"'{name}' is no field here; fields are {string.Join(", ", PackFields.Names(isAllowed))}");
            if (pairs.Any(pair => pair.Field == field)) throw new FormatException($"'{name}' stands twice");
            pairs.Add(new Said(field, value));
        }

        return pairs;
    }

    // A comma ends a value only where another field begins: addresses of the web hold commas too.
    [GeneratedRegex(",(?=\\s*[a-z_]+=)")]
    private static partial Regex NextPair();
}
