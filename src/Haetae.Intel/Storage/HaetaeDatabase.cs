using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Haetae.Intel.Storage;

/// <summary>The one database file of a home folder, brought up to date by numbered scripts when it is opened for writing.</summary>
public static class HaetaeDatabase
{
    public const string FileName = "haetae.db";

    /// <summary>Opens the database, making it if it is not there, and runs the scripts it has not seen.</summary>
    /// <exception cref="IntelException">It is no database, cannot be written, or was made by a newer program.</exception>
    public static SqliteConnection OpenForWriting(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return Open(file, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            // A commit survives a killed program; after a power cut the last ones may be missing, never half there.
            Run(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-131072;");
            Update(connection, file);
        });
    }

    /// <summary>Opens a database that is there, to look things up.</summary>
    /// <exception cref="IntelException">It is no database, or not of the version this program reads.</exception>
    public static SqliteConnection OpenForReading(string file) => Open(file, SqliteOpenMode.ReadOnly, connection =>
    {
        Run(connection, "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;");
        RequireKnown(Applied(connection), file);
        if (Missing(connection) is [var missing, ..]) throw new IntelException($"{file}: the database is of version {Applied(connection).Max}, without script {missing}. 'haetae tags import' brings it up to date.");
    });

    /// <summary>Opens a database that is there to look up what one script's tables hold; null when that script was not run on it yet, so that they hold nothing.</summary>
    /// <exception cref="IntelException">It is no database, or was made by a newer program.</exception>
    public static SqliteConnection? TryOpenForReading(string file, int script)
    {
        var isThere = false;
        var connection = Open(file, SqliteOpenMode.ReadOnly, connection =>
        {
            var applied = Applied(connection);
            RequireKnown(applied, file);
            isThere = applied.Contains(script);
        });
        if (isThere) return connection;
        connection.Dispose();
        return null;
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            prepare(connection);
            return connection;
        }
        catch (Exception wrong)
        {
            connection.Dispose();
            if (wrong is SqliteException) throw new IntelException($"{file}: {wrong.Message}", wrong);
            throw;
        }
    }

    // Scripts are numbered by subject, with gaps: one with a lower number may be newer than one that was run already.
    private static void Update(SqliteConnection connection, string file)
    {
        RequireKnown(Applied(connection), file);
        if (Missing(connection).Count == 0) return;
        using var transaction = connection.BeginTransaction();
        // Another program may have been faster while this one waited for the lock.
        var missing = Missing(connection, transaction);
        foreach (var (number, sql) in Scripts().Where(script => missing.Contains(script.Number)))
        {
            if (number == 1) Run(connection, "CREATE TABLE script (number INTEGER PRIMARY KEY)", transaction);
            Run(connection, sql, transaction);
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO script (number) VALUES ({number})"), transaction);
        }

        transaction.Commit();
    }

    private static void RequireKnown(SortedSet<int> applied, string file)
    {
        var known = Scripts().Select(script => script.Number).ToHashSet();
        if (applied.Any(number => !known.Contains(number))) throw new IntelException($"{file}: the database is of version {applied.Max}, this program knows {known.Max()}. Use a newer program.");
    }

    private static List<int> Missing(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        var applied = Applied(connection, transaction);
        return [.. Scripts().Select(script => script.Number).Where(number => !applied.Contains(number))];
    }

    private static SortedSet<int> Applied(SqliteConnection connection, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'script'";
        var applied = new SortedSet<int>();
        if ((long)command.ExecuteScalar()! == 0) return applied;
        command.CommandText = "SELECT number FROM script";
        using var rows = command.ExecuteReader();
        while (rows.Read()) applied.Add(rows.GetInt32(0));
        return applied;
    }

    private static IEnumerable<(int Number, string Sql)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), text.ReadToEnd());
        }
    }

    private static void Run(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
