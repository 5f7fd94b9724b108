using System.Globalization;
using Haetae.Intel.Storage;
using Microsoft.Data.Sqlite;

namespace Haetae.Intel.Clusters;

/// <summary>The cuts of clusters in the database of a home folder.</summary>
public static class ClusterCuts
{
    /// <summary>Number of the script that made the table.</summary>
    private const int Script = 10;

    /// <summary>The transactions that are cut on a chain, oldest cut first, each with the fact that cut it. None when no database or no cut is there.</summary>
    public static IReadOnlyList<ClusterCutFact> Current(string file, string chain)
    {
        var current = new Dictionary<string, ClusterCutFact>(StringComparer.Ordinal);
        foreach (var fact in All(file, chain))
        {
            current.Remove(fact.TxId);
            if (fact.Change == CutChange.Cut) current[fact.TxId] = fact;
        }

        return [.. current.Values.OrderBy(fact => fact.At).ThenBy(fact => fact.TxId, StringComparer.Ordinal)];
    }

    /// <summary>Every fact about a chain's transactions, in the order in which they were written.</summary>
    public static IReadOnlyList<ClusterCutFact> All(string file, string chain)
    {
        using var connection = File.Exists(file) ? HaetaeDatabase.TryOpenForReading(file, Script) : null;
        if (connection is null) return [];
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT txid, change, reason, made_by, made_at FROM cluster_cut WHERE chain = $chain ORDER BY id";
        command.Parameters.AddWithValue("$chain", chain);
        using var rows = command.ExecuteReader();
        var facts = new List<ClusterCutFact>();
        while (rows.Read())
            facts.Add(new ClusterCutFact(
                chain, rows.GetString(0), (CutChange)rows.GetInt32(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetString(3),
                DateTimeOffset.Parse(rows.GetString(4), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)));
        return facts;
    }

    /// <summary>Writes a fact down, unless it would say what holds already.</summary>
    /// <returns>False when it did.</returns>
    public static bool Add(string file, ClusterCutFact fact)
    {
        using var connection = HaetaeDatabase.OpenForWriting(file);
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT change FROM cluster_cut WHERE chain = $chain AND txid = $txid ORDER BY id DESC LIMIT 1";
        command.Parameters.AddWithValue("$chain", fact.Chain);
        command.Parameters.AddWithValue("$txid", fact.TxId);
        var last = command.ExecuteScalar() is long change ? (CutChange)change : CutChange.TakenBack;
        if (last == fact.Change) return false;
        command.CommandText = "INSERT INTO cluster_cut (id, chain, txid, change, reason, made_by, made_at) SELECT coalesce(max(id), 0) + 1, $chain, $txid, $change, $reason, $by, $at FROM cluster_cut";
        command.Parameters.AddWithValue("$change", (long)fact.Change);
        command.Parameters.AddWithValue("$reason", (object?)fact.Reason ?? DBNull.Value);
        command.Parameters.AddWithValue("$by", fact.By);
        command.Parameters.AddWithValue("$at", fact.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        command.ExecuteNonQuery();
        transaction.Commit();
        return true;
    }
}
