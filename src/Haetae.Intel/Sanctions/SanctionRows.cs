using System.Data.Common;
using System.Globalization;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Sanctions;

/// <summary>Sanction facts as rows of the database.</summary>
internal static class SanctionRows
{
    internal static readonly string[] Columns = ["subject", "written", "asset", "change", "not_before", "not_after", "basis", "source", "entry", "programmes"];

    internal static object?[] Values(SanctionFact fact) =>
    [
        fact.Subject, fact.Written, fact.Asset, (long)fact.Change, Text(fact.NotBefore), Text(fact.NotAfter),
        Word(fact.Basis), fact.Source, fact.Entry, fact.Programmes,
    ];

    /// <remarks>One statement for all subjects, as for tags.</remarks>
    internal static IReadOnlyList<SanctionFact>[] Find(HaetaeDatabase database, IReadOnlyList<string> subjects, Func<long, TagImportNote> importOf)
    {
        var answers = new IReadOnlyList<SanctionFact>[subjects.Count];
        Array.Fill(answers, []);
        var found = new List<(int At, SanctionFact Fact)>();
        using (var command = database.CommandOver(
            $"SELECT {string.Join(", ", Columns.Select(column => "f." + column))}, f.id, j.key FROM {database.Each("sanction_fact f", "f.subject = j.value")} ORDER BY f.id", subjects.Select(TagSubject.KeyOf)))
        using (var rows = command.ExecuteReader())
            while (rows.Read()) found.Add((rows.GetInt32(Columns.Length + 1), Row(rows)));

        var retractions = RetractionRows.Of(database, RetractionTarget.Sanction, found.Select(row => row.Fact.Id), importOf);
        foreach (var of in found.GroupBy(row => row.At))
            answers[of.Key] = [.. of.Select(row => retractions.TryGetValue(row.Fact.Id, out var said) ? row.Fact with { Retractions = said } : row.Fact)];
        return answers;
    }

    /// <summary>A mirror's commits are one source.</summary>
    internal static IReadOnlyList<SanctionSource> Sources(HaetaeDatabase database)
    {
        using var command = database.Command("SELECT basis, source, CAST(sum(1 - change) AS bigint), CAST(sum(change) AS bigint), min(not_after), max(not_after) FROM sanction_fact GROUP BY basis, source");
        using var rows = command.ExecuteReader();
        var sources = new List<SanctionSource>();
        while (rows.Read())
        {
            var source = rows.GetString(1);
            var commit = source.LastIndexOf(", commit ", StringComparison.Ordinal);
            sources.Add(new SanctionSource(
                Basis(rows.GetString(0)), commit < 0 ? source : source[..commit], rows.GetInt64(2), rows.GetInt64(3), Day(rows.GetString(4)), Day(rows.GetString(5))));
        }

        return [.. sources.GroupBy(one => (one.Basis, one.Source)).OrderBy(of => of.Key.Source, StringComparer.Ordinal).Select(of => new SanctionSource(
            of.Key.Basis, of.Key.Source, of.Sum(one => one.Listed), of.Sum(one => one.Removed), of.Min(one => one.First), of.Max(one => one.Last)))];
    }

    private static SanctionFact Row(DbDataReader rows) => new(
        rows.GetString(0), rows.Text(1), rows.Text(2), (SanctionChange)rows.GetInt32(3),
        rows.Text(4) is { } first ? Day(first) : null, Day(rows.GetString(5)), Basis(rows.GetString(6)),
        rows.GetString(7), rows.Text(8), rows.Text(9))
    {
        Id = rows.GetInt64(Columns.Length),
    };

    /// <summary>A mirror looked again and again, so it covers all days between its first look and its last change; a list covers its own day.</summary>
    internal static SanctionCover? Cover(HaetaeDatabase database)
    {
        using var command = database.Command(
            """
            SELECT min(not_after), max(not_after) FROM sanction_fact WHERE basis = 'mirror'
            UNION ALL SELECT max(not_after), max(not_after) FROM sanction_fact WHERE basis = 'list'
            """);
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

    private static SanctionBasis Basis(string word) => Enum.Parse<SanctionBasis>(word, ignoreCase: true);

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
