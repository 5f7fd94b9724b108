using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Haetae.Intel.Storage;

/// <summary>A database file.</summary>
internal sealed class SqliteLocation(string file) : StoreLocation
{
    public override string ToString() => file;

    internal override HaetaeDatabase OpenForWriting()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return SqliteDatabase.Open(this, SqliteOpenMode.ReadWriteCreate);
    }

    internal override HaetaeDatabase? OpenForReading() => File.Exists(file) ? SqliteDatabase.Open(this, SqliteOpenMode.ReadOnly) : null;
}

/// <summary>Facts in a SQLite file.</summary>
internal sealed class SqliteDatabase : HaetaeDatabase
{
    private SqliteDatabase(SqliteConnection connection, StoreLocation location)
        : base(connection, location)
    {
    }

    internal static SqliteDatabase Open(SqliteLocation location, SqliteOpenMode mode)
    {
        SQLitePCL.Batteries_V2.Init();
        var database = new SqliteDatabase(new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = location.ToString(), Mode = mode, Pooling = false }.ToString()), location);
        try
        {
            database.Prepare(mode);
            return database;
        }
        catch (Exception wrong)
        {
            database.Dispose();
            if (wrong is SqliteException) throw new IntelException($"{location}: {wrong.Message}", wrong);
            throw;
        }
    }

    /// <remarks>SQLite walks the list and seeks each item in the index, so nothing is paid per item but the seek.</remarks>
    internal override string Each(string table, string on) => $"json_each(@list) j CROSS JOIN {table} ON {on}";

    internal override DbCommand CommandOver<T>(string sql, IEnumerable<T> list) => Command(sql, "@list", JsonSerializer.Serialize(list));

    internal override DbTransaction BeginWriting() => Connection.BeginTransaction();

    internal override long Insert(string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        using var command = (SqliteCommand)Command($"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(column => "@" + column))}) ON CONFLICT DO NOTHING");
        foreach (var column in columns) command.Parameters.Add(new SqliteParameter("@" + column, null));
        long added = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) command.Parameters[i].Value = row[i] ?? DBNull.Value;
            added += command.ExecuteNonQuery();
        }

        return added;
    }

    private protected override int Version()
    {
        using var command = Command("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'script'");
        if ((long)command.ExecuteScalar()! == 0) return 0;
        command.CommandText = "SELECT coalesce(max(number), 0) FROM script";
        return (int)(long)command.ExecuteScalar()!;
    }

    private void Prepare(SqliteOpenMode mode)
    {
        Connection.Open();
        if (mode == SqliteOpenMode.ReadOnly)
        {
            Run("PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;");
            RequireVersion();
            return;
        }

        // A commit survives a killed program; after a power cut the last ones may be missing, never half there.
        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-131072;");
        Update();
    }
}
