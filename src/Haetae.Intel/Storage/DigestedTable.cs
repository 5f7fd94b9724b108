using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Haetae.Intel.Storage;

/// <summary>A table whose rows are known again by the digest of what they say.</summary>
/// <param name="said">The columns of which the digest is made.</param>
/// <param name="import">The column that tells which import brought the row, where there is one; it is no part of what is said.</param>
internal sealed class DigestedTable(string name, string[] said, string? import = null)
{
    private readonly string[] _columns = ["id", "digest", .. said, .. import is null ? [] : new[] { import }];

    /// <summary>The number of each row; rows that are not there yet are added, in their order.</summary>
    /// <param name="rows">Each a value for every said column.</param>
    internal long[] IdsOf(HaetaeDatabase database, IReadOnlyList<object?[]> rows, long? importId, out long added)
    {
        added = 0;
        if (rows.Count == 0) return [];
        var digests = rows.Select(Digest).ToArray();
        var ids = Find(database, digests);
        var next = database.NextId(name);
        var missing = new List<object?[]>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (!ids.TryAdd(digests[i], next)) continue;
            missing.Add([next++, digests[i], .. rows[i], .. importId is null ? [] : new object?[] { importId }]);
        }

        added = database.Insert(name, _columns, missing);
        return added == missing.Count ? [.. digests.Select(digest => ids[digest])] : throw new IntelException($"{database.Location}: a number of the table {name} was given twice. Nothing was added.");
    }

    private Dictionary<string, long> Find(HaetaeDatabase database, string[] digests)
    {
        var ids = new Dictionary<string, long>(digests.Length);
        using var command = database.CommandOver($"SELECT t.id, t.digest FROM {database.Each(name + " t", "t.digest = j.value")}", digests.Distinct());
        using var rows = command.ExecuteReader();
        while (rows.Read()) ids.Add(rows.GetString(1), rows.GetInt64(0));
        return ids;
    }

    /// <summary>Each field by its length and text, so that no two rows run together; 128 bits of SHA-256.</summary>
    private static string Digest(object?[] fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields)
        {
            var value = Convert.ToString(field, CultureInfo.InvariantCulture);
            if (field is null) text.Append("-;");
            else text.Append(CultureInfo.InvariantCulture, $"{value!.Length}:{value};");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
