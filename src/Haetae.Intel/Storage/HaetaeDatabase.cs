using System.Data.Common;
using System.Globalization;

namespace Haetae.Intel.Storage;

/// <summary>
/// An open database of facts, brought up to date by numbered scripts when it is opened for writing. What SQL the two kinds write
/// differently is here and in the two classes below it; whoever asks writes a query once, with <c>@name</c> for parameters.
/// </summary>
public abstract class HaetaeDatabase : IDisposable
{
    /// <summary>The name of the database file in a home folder.</summary>
    public const string FileName = "haetae.db";

    private protected HaetaeDatabase(DbConnection connection, StoreLocation location) => (Connection, Location) = (connection, location);

    /// <summary>Where it is, for messages.</summary>
    internal StoreLocation Location { get; }

    private protected DbConnection Connection { get; }

    internal DbCommand Command(string sql, string? parameter = null, object? value = null) => Command(Connection, sql, parameter, value);

    /// <summary>A command that may run while the rows of another are still being read.</summary>
    internal virtual DbCommand CommandAside(string sql, string parameter, object? value) => Command(sql, parameter, value);

    /// <summary>A command over a list: its FROM clause is <see cref="Each"/>.</summary>
    internal abstract DbCommand CommandOver<T>(string sql, IEnumerable<T> list);

    /// <summary>
    /// The FROM clause that seeks rows of a table for each item of the list, in an index and not by reading the table. An item is
    /// <c>j.value</c>, its place in the list, from 0, is <c>j.key</c>.
    /// </summary>
    /// <param name="table">A table and its short name: <c>tag t</c>.</param>
    /// <param name="on">What belongs to an item: <c>t.subject = j.value</c>.</param>
    internal abstract string Each(string table, string on);

    /// <summary>Begins to write; whoever else does so waits. What was numbered before is seen, so numbering can go on.</summary>
    internal abstract DbTransaction BeginWriting();

    /// <summary>Adds rows in their order and leaves out those that are there already, by the table's unique columns.</summary>
    /// <param name="rows">Each a value for every column: text, a whole number, or null.</param>
    /// <returns>How many were added.</returns>
    internal abstract long Insert(string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows);

    internal long NextId(string table)
    {
        using var command = Command($"SELECT coalesce(max(id), 0) + 1 FROM {table}");
        return (long)command.ExecuteScalar()!;
    }

    public virtual void Dispose()
    {
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static DbCommand Command(DbConnection connection, string sql, string? parameter, object? value)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        if (parameter is null) return command;
        var named = command.CreateParameter();
        (named.ParameterName, named.Value) = (parameter, value ?? DBNull.Value);
        command.Parameters.Add(named);
        return command;
    }

    private protected void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    /// <summary>The number of the last script it has seen; 0: none.</summary>
    private protected abstract int Version();

    /// <summary>What must be there before the first table can be.</summary>
    private protected virtual void MakeRoom()
    {
    }

    /// <summary>A script in this database's words.</summary>
    private protected virtual string Translate(string script) => script;

    private protected void RequireVersion()
    {
        var (at, last) = (Version(), StoreScripts.Last);
        if (at != last) throw new IntelException($"{Location}: the database is of version {at}, this program reads version {last}. {(at < last ? "'haetae tags import' brings it up to date." : "Use a newer program.")}");
    }

    private protected void Update()
    {
        var (at, last) = (Version(), StoreScripts.Last);
        if (at > last) throw new IntelException($"{Location}: the database is of version {at}, this program knows {last}. Use a newer program.");
        if (at == last) return;
        using var transaction = BeginWriting();
        // Another program may have been faster while this one waited for the lock.
        at = Version();
        foreach (var (number, sql) in StoreScripts.All.Where(script => script.Number > at))
        {
            if (number == 1)
            {
                MakeRoom();
                Run(Translate("CREATE TABLE script (number INTEGER PRIMARY KEY)"));
            }

            Run(Translate(sql));
            Run(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO script (number) VALUES ({number})"));
        }

        transaction.Commit();
    }
}
