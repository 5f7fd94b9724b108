using System.Globalization;
using Haetae.Intel.Storage;

namespace Haetae.Intel.Tags;

/// <summary>Withdrawals as rows of the database.</summary>
internal static class RetractionRows
{
    internal static readonly string[] Columns = ["tag", "pack", "sanction", "change", "since", "retracted_by", "reason"];

    internal static object?[] Values(Retraction said) =>
    [
        said.Target == RetractionTarget.Tag ? said.TargetId : null,
        said.Target == RetractionTarget.Pack ? said.TargetId : null,
        said.Target == RetractionTarget.Sanction ? said.TargetId : null,
        (long)said.Change, said.Since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), said.By, said.Reason,
    ];

    /// <summary>What was said of each of the facts, in the order it came; facts of which nothing was said are left out.</summary>
    internal static Dictionary<long, List<Retraction>> Of(HaetaeDatabase database, RetractionTarget target, IEnumerable<long> ids, Func<long, TagImportNote> importOf)
    {
        var said = new Dictionary<long, List<Retraction>>();
        var column = Columns[(int)target];
        // Most stores hold none, and a look-up of thousands of facts should not pay for them.
        using (var any = database.Command($"SELECT id FROM retraction WHERE {column} IS NOT NULL LIMIT 1"))
            if (any.ExecuteScalar() is null) return said;

        using var command = database.CommandOver(
            $"SELECT r.{column}, r.change, r.since, r.retracted_by, r.reason, r.import FROM {database.Each("retraction r", $"r.{column} = j.value")} ORDER BY r.id", ids);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var one = new Retraction(
                target, rows.GetInt64(0), (RetractionChange)rows.GetInt32(1), DateOnly.ParseExact(rows.GetString(2), "yyyy-MM-dd", CultureInfo.InvariantCulture),
                rows.GetString(3), rows.GetString(4), importOf(rows.GetInt64(5)));
            if (!said.TryGetValue(one.TargetId, out var list)) said.Add(one.TargetId, list = []);
            list.Add(one);
        }

        return said;
    }
}
