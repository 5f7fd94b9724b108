using System.Globalization;
using Haetae.Intel.Storage;

namespace Haetae.Intel.Clusters;

/// <summary>The cuts of clusters in a store of facts.</summary>
public static class ClusterCuts
{
    private static readonly string[] Columns = ["id", "chain", "txid", "change", "reason", "made_by", "made_at"];

    /// <summary>The transactions that are cut on a chain, oldest cut first, each with the fact that cut it. None when no store or no cut is there.</summary>
    public static IReadOnlyList<ClusterCutFact> Current(StoreLocation store, string chain)
    {
        var current = new Dictionary<string, ClusterCutFact>(StringComparer.Ordinal);
        foreach (var fact in All(store, chain))
        {
            current.Remove(fact.TxId);
            if (fact.Change == CutChange.Cut) current[fact.TxId] = fact;
        }

        return [.. current.Values.OrderBy(fact => fact.At).ThenBy(fact => fact.TxId, StringComparer.Ordinal)];
    }

    /// <summary>Every fact about a chain's transactions, in the order in which they were written.</summary>
    public static IReadOnlyList<ClusterCutFact> All(StoreLocation store, string chain)
    {
        using var database = store.OpenForReading();
        if (database is null) return [];
        using var command = database.Command("SELECT txid, change, reason, made_by, made_at FROM cluster_cut WHERE chain = @chain ORDER BY id", "@chain", chain);
        using var rows = command.ExecuteReader();
        var facts = new List<ClusterCutFact>();
        while (rows.Read())
            facts.Add(new ClusterCutFact(
                chain, rows.GetString(0), (CutChange)rows.GetInt64(1), rows.Text(2), rows.GetString(3),
                DateTimeOffset.Parse(rows.GetString(4), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)));
        return facts;
    }

    /// <summary>Writes a fact down, unless it would say what holds already.</summary>
    /// <returns>False when it did.</returns>
    public static bool Add(StoreLocation store, ClusterCutFact fact)
    {
        using var database = store.OpenForWriting();
        using var transaction = database.BeginWriting();
        var last = CutChange.TakenBack;
        using (var command = database.Command("SELECT txid, change FROM cluster_cut WHERE chain = @chain ORDER BY id", "@chain", fact.Chain))
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                if (rows.GetString(0) == fact.TxId) last = (CutChange)rows.GetInt64(1);
        if (last == fact.Change) return false;
        database.Insert("cluster_cut", Columns,
            [[database.NextId("cluster_cut"), fact.Chain, fact.TxId, (long)fact.Change, fact.Reason, fact.By, fact.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)]]);
        transaction.Commit();
        return true;
    }
}
