using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Haetae.Intel.Storage;

/// <summary>Facts in a PostgreSQL database, in a schema of their own.</summary>
/// <remarks>
/// Reading needs the right to SELECT, adding that to INSERT as well; nothing is ever changed or deleted. Writers take turns by an advisory
/// lock that ends with the transaction: a lock on tables would ask for rights to change them.
/// </remarks>
internal sealed partial class PostgresDatabase : HaetaeDatabase
{
    internal const string Schema = "haetae";

    /// <summary>"Haetae" in ASCII: other programs in the same database lock other numbers.</summary>
    private const long WritersLock = 0x4861_6574_6165;

    private readonly PostgresLocation _location;
    private readonly Dictionary<string, bool[]> _areNumbers = [];
    private NpgsqlConnection? _aside;

    private PostgresDatabase(PostgresLocation location)
        : base(location.Connection(), location) => _location = location;

    internal static PostgresDatabase OpenForWriting(PostgresLocation location) => Opened(location, database =>
    {
        database.Update();
        return true;
    })!;

    internal static PostgresDatabase? OpenForReading(PostgresLocation location) => Opened(location, database =>
    {
        if (database.Version() == 0) return false;
        database.RequireVersion();
        database.Run("SET default_transaction_read_only = on");
        return true;
    });

    /// <remarks>A connection reads the rows of one command at a time, so this one gets a connection of its own.</remarks>
    internal override DbCommand CommandAside(string sql, string parameter, object? value)
    {
        if (_aside is null)
        {
            _aside = _location.Connection();
            _aside.Open();
        }

        return Command(_aside, sql, parameter, value);
    }

    /// <remarks>OFFSET 0 keeps the planner from turning thousands of seeks into one walk over the whole table, whatever it believes of its size.</remarks>
    internal override string Each(string table, string on) =>
        $"""
        (SELECT item AS value, place - 1 AS key FROM unnest(@list) WITH ORDINALITY AS u (item, place)) j
        CROSS JOIN LATERAL (SELECT * FROM {table} WHERE {on} OFFSET 0) {table[(table.LastIndexOf(' ') + 1)..]}
        """;

    internal override DbCommand CommandOver<T>(string sql, IEnumerable<T> list) => Command(sql, "@list", list.ToArray());

    internal override DbTransaction BeginWriting()
    {
        var transaction = Connection.BeginTransaction();
        try
        {
            using var command = Command($"SELECT pg_advisory_xact_lock({WritersLock})");
            command.CommandTimeout = 0; // another program may be busy with a long file
            command.ExecuteNonQuery();
            return transaction;
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }

    /// <remarks>One round trip: each column travels as one array.</remarks>
    internal override long Insert(string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows)
    {
        if (rows.Count == 0) return 0;
        var areNumbers = AreNumbers(table, columns);
        using var command = (NpgsqlCommand)Command($"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT * FROM unnest({string.Join(", ", columns.Select(column => "@" + column))}) ON CONFLICT DO NOTHING");
        for (var i = 0; i < columns.Count; i++)
        {
            command.Parameters.Add(areNumbers[i]
                ? new NpgsqlParameter<long?[]>("@" + columns[i], NpgsqlDbType.Array | NpgsqlDbType.Bigint) { TypedValue = [.. rows.Select(row => (long?)row[i])] }
                : new NpgsqlParameter<string?[]>("@" + columns[i], NpgsqlDbType.Array | NpgsqlDbType.Text) { TypedValue = [.. rows.Select(row => (string?)row[i])] });
        }

        return command.ExecuteNonQuery();
    }

    public override void Dispose()
    {
        _aside?.Dispose();
        base.Dispose();
    }

    /// <remarks>Asked of the catalogue's tables: a look-up by name may be answered from before another program's commit that was waited for.</remarks>
    private protected override int Version()
    {
        using var command = Command($"SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{Schema}' AND c.relname = 'script'");
        if ((long)command.ExecuteScalar()! == 0) return 0;
        command.CommandText = $"SELECT coalesce(max(number), 0) FROM {Schema}.script";
        return checked((int)(long)command.ExecuteScalar()!);
    }

    /// <remarks>Whoever may not make a schema can work in one that was made for them.</remarks>
    private protected override void MakeRoom()
    {
        using var there = Command($"SELECT count(*) FROM pg_namespace WHERE nspname = '{Schema}'");
        if ((long)there.ExecuteScalar()! == 0) Run($"CREATE SCHEMA {Schema}");
    }

    /// <summary>The two words for types that mean something else here: numbers are of 64 bits, and the order of texts is that of their bytes.</summary>
    private protected override string Translate(string script) => TypeWord().Replace(script, word => word.Value == "INTEGER" ? "bigint" : "text COLLATE \"C\"");

    private static PostgresDatabase? Opened(PostgresLocation location, Func<PostgresDatabase, bool> prepare)
    {
        var database = new PostgresDatabase(location);
        try
        {
            database.Connection.Open();
            if (prepare(database)) return database;
            database.Dispose();
            return null;
        }
        catch (Exception wrong)
        {
            database.Dispose();
            if (wrong is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException) throw PostgresErrors.WhenOpening(location, wrong);
            throw;
        }
    }

    private bool[] AreNumbers(string table, IReadOnlyList<string> columns)
    {
        if (_areNumbers.TryGetValue(table, out var known)) return known;
        using var command = Command($"SELECT {string.Join(", ", columns)} FROM {table} LIMIT 0");
        using var rows = command.ExecuteReader();
        return _areNumbers[table] = [.. Enumerable.Range(0, columns.Count).Select(i => rows.GetFieldType(i) == typeof(long))];
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\b(INTEGER|TEXT)\b")]
    private static partial System.Text.RegularExpressions.Regex TypeWord();
}
