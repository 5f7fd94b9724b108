using System.Globalization;
using Haetae.Intel.Tags;
using Microsoft.Data.Sqlite;

namespace Haetae.Intel.Sanctions;

/// <summary>Sanction facts in the database of a home folder.</summary>
internal static class SqliteSanctions
{
    internal static readonly string[] Columns = ["subject", "written", "asset", "change", "not_before", "not_after", "basis", "source", "entry", "programmes"];

    internal static object?[] Values(SanctionFact fact) =>
    [
        fact.Subject, fact.Written, fact.Asset, (long)fact.Change, Text(fact.NotBefore), Text(fact.NotAfter),
        Word(fact.Basis), fact.Source, fact.Entry, fact.Programmes,
    ];

    internal static IReadOnlyList<SanctionFact> Find(SqliteConnection connection, string subject)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", Columns)} FROM sanction_fact WHERE subject = $subject ORDER BY id";
        command.Parameters.AddWithValue("$subject", TagSubject.KeyOf(subject));
        using var rows = command.ExecuteReader();
        var facts = new List<SanctionFact>();
        while (rows.Read())
            facts.Add(new SanctionFact(
                rows.GetString(0), TextOf(rows, 1), TextOf(rows, 2), (SanctionChange)rows.GetInt32(3),
                TextOf(rows, 4) is { } first ? Day(first) : null, Day(rows.GetString(5)), Enum.Parse<SanctionBasis>(rows.GetString(6), ignoreCase: true),
                rows.GetString(7), TextOf(rows, 8), TextOf(rows, 9)));
        return facts;
    }

    /// <summary>A mirror looked again and again, so it covers all days between its first look and its last change; a list covers its own day.</summary>
    internal static SanctionCover? Cover(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT min(not_after), max(not_after) FROM sanction_fact WHERE basis = 'mirror'
            UNION ALL SELECT max(not_after), max(not_after) FROM sanction_fact WHERE basis = 'list'
            """;
        using var row = command.ExecuteReader();
        while (row.Read())
            if (!row.IsDBNull(0)) return new SanctionCover(Day(row.GetString(0)), Day(row.GetString(1)));
        return null;
    }

    internal static string Word(SanctionBasis basis) => basis switch
    {
        SanctionBasis.Mirror => "mirror",
        SanctionBasis.List => "list",
        _ => "notice",
    };

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? TextOf(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
