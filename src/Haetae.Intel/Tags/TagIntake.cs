using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Haetae.Intel.Sanctions;
using Microsoft.Data.Sqlite;

namespace Haetae.Intel.Tags;

/// <summary>Adds facts with prepared statements; each save is one transaction.</summary>
internal sealed class TagIntake : ITagIntake
{
    private static readonly string[] StatementColumns =
        ["pack", "label", "source", "currency", "network", "confidence", "actor", "category", "abuse", "concepts", "tag_type", "is_cluster_definer", "lastmod", "context"];

    private readonly SqliteConnection _connection;
    private readonly TagImportNote _note;
    private readonly DigestedRows _packs;
    private readonly DigestedRows _statements;
    private readonly DigestedRows _actors;
    private readonly DigestedRows _sanctions;
    private readonly DigestedRows _retractions;
    private readonly PreparedInsert _tags;
    private readonly Dictionary<PackHeader, long> _knownPacks = [];
    private readonly Dictionary<TagStatement, long> _knownStatements = [];
    private readonly object?[] _row = new object?[6];
    private SqliteTransaction? _transaction;
    private long _import;
    private long _nextTag;

    internal TagIntake(SqliteConnection connection, TagImportNote note)
    {
        _connection = connection;
        _note = note;
        _packs = new DigestedRows(connection, "tag_pack", ["title", "creator", "description", "owner", "is_public", "file"], []);
        _statements = new DigestedRows(connection, "tag_statement", StatementColumns, []);
        _actors = new DigestedRows(connection, "tag_actor", ["pack", "actor", "label", "uri", "lastmod", "categories", "jurisdictions", "aliases", "context"], ["import"]);
        _sanctions = new DigestedRows(connection, "sanction_fact", SanctionRows.Columns, ["import"]);
        _retractions = new DigestedRows(connection, "retraction", RetractionRows.Columns, ["import"]);
        _tags = new PreparedInsert(connection, "tag", ["id", "kind", "subject", "written", "statement", "import"], " ON CONFLICT DO NOTHING");
    }

    public bool Add(in TagRow row)
    {
        Begin();
        _row[0] = _nextTag;
        _row[1] = (long)row.Kind;
        _row[2] = row.Subject;
        _row[3] = row.Written;
        _row[4] = StatementId(row.Statement);
        _row[5] = _import;
        if (!_tags.Run(_row)) return false;
        _nextTag++;
        return true;
    }

    public bool Add(ActorRow actor)
    {
        Begin();
        _actors.IdOf(
            [PackId(actor.Pack), actor.Id, actor.Label, actor.Uri, actor.LastModified, actor.Categories, actor.Jurisdictions, actor.Aliases, actor.Context],
            [_import], out var isNew);
        return isNew;
    }

    public bool Add(SanctionFact fact)
    {
        Begin();
        _sanctions.IdOf(SanctionRows.Values(fact), [_import], out var isNew);
        return isNew;
    }

    public bool Add(Retraction retraction)
    {
        Begin();
        _retractions.IdOf(RetractionRows.Values(retraction), [_import], out var isNew);
        return isNew;
    }

    public void Save()
    {
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
    }

    public void Dispose()
    {
        _transaction?.Dispose();
        _tags.Dispose();
        _packs.Dispose();
        _statements.Dispose();
        _actors.Dispose();
        _sanctions.Dispose();
        _retractions.Dispose();
    }

    /// <summary>Takes the write lock, and only then looks where numbering goes on: another program may have written in between.</summary>
    private void Begin()
    {
        if (_transaction is not null) return;
        _transaction = _connection.BeginTransaction();
        _tags.Within(_transaction);
        _packs.Within(_transaction);
        _statements.Within(_transaction);
        _actors.Within(_transaction);
        _sanctions.Within(_transaction);
        _retractions.Within(_transaction);
        _nextTag = DigestedRows.NextId(_connection, "tag", _transaction);
        if (_import == 0) _import = NewImport();
    }

    private long NewImport()
    {
        var id = DigestedRows.NextId(_connection, "tag_import", _transaction!);
        using var insert = new PreparedInsert(_connection, "tag_import", ["id", "imported_by", "imported_at"], "");
        insert.Within(_transaction!);
        insert.Run([id, _note.By, _note.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)]);
        return id;
    }

    private long PackId(PackHeader pack)
    {
        if (_knownPacks.TryGetValue(pack, out var id)) return id;
        return _knownPacks[pack] = _packs.IdOf([pack.Title, pack.Creator, pack.Description, pack.Owner, Bit(pack.IsPublic), pack.File], [], out _);
    }

    private long StatementId(TagStatement said)
    {
        if (_knownStatements.TryGetValue(said, out var id)) return id;
        return _knownStatements[said] = _statements.IdOf(
            [PackId(said.Pack), said.Label, said.Source, said.Currency, said.Network, said.Confidence, said.Actor, said.Category, said.Abuse,
             said.Concepts, said.TagType, Bit(said.IsClusterDefiner), said.LastModified, said.Context],
            [], out _);
    }

    private static object? Bit(bool? value) => value is null ? null : value.Value ? 1L : 0L;
}

/// <summary>A table whose rows are known again by the digest of what they say.</summary>
internal sealed class DigestedRows : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _table;
    private readonly PreparedInsert _insert;
    private readonly SqliteCommand _find;
    private long _next;

    internal DigestedRows(SqliteConnection connection, string table, string[] said, string[] beside)
    {
        (_connection, _table) = (connection, table);
        _insert = new PreparedInsert(connection, table, ["id", "digest", .. said, .. beside], "");
        _find = connection.CreateCommand();
        _find.CommandText = $"SELECT id FROM {table} WHERE digest = $digest";
        _find.Parameters.Add("$digest", SqliteType.Text);
    }

    internal static long NextId(SqliteConnection connection, string table, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT coalesce(max(id), 0) + 1 FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    internal void Within(SqliteTransaction transaction)
    {
        _insert.Within(transaction);
        _find.Transaction = transaction;
        _next = NextId(_connection, _table, transaction);
    }

    internal long IdOf(object?[] said, object?[] beside, out bool isNew)
    {
        var digest = Digest(said);
        _find.Parameters[0].Value = digest;
        var known = _find.ExecuteScalar();
        isNew = known is null;
        if (known is long id) return id;
        _insert.Run([_next, digest, .. said, .. beside]);
        return _next++;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _find.Dispose();
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

/// <summary>One INSERT, prepared once.</summary>
internal sealed class PreparedInsert : IDisposable
{
    private readonly SqliteCommand _command;

    internal PreparedInsert(SqliteConnection connection, string table, string[] columns, string onConflict)
    {
        _command = connection.CreateCommand();
        _command.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(column => "$" + column))}){onConflict}";
        foreach (var column in columns) _command.Parameters.Add(new SqliteParameter("$" + column, null));
    }

    internal void Within(SqliteTransaction transaction) => _command.Transaction = transaction;

    /// <summary>Whether a row was added.</summary>
    internal bool Run(object?[] values)
    {
        for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return _command.ExecuteNonQuery() > 0;
    }

    public void Dispose() => _command.Dispose();
}
