using System.Globalization;
using System.Text.Json;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Storage;
using Microsoft.Data.Sqlite;

namespace Haetae.Intel.Tags;

/// <summary>Tags in the database of a home folder.</summary>
public sealed class SqliteTagStore : ITagStore
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<long, TagImportNote> _imports = [];
    private readonly Dictionary<long, PackHeader> _packs = [];

    private SqliteTagStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the store to add facts; a database that is not there is made.</summary>
    public static SqliteTagStore OpenForWriting(string file) => new(HaetaeDatabase.OpenForWriting(file));

    /// <summary>Opens the store to look things up.</summary>
    public static SqliteTagStore OpenForReading(string file) => new(HaetaeDatabase.OpenForReading(file));

    public ITagIntake Add(TagImportNote note) => new SqliteTagIntake(_connection, note);

    /// <remarks>One statement for all subjects: SQLite walks the list and seeks each in the index, so nothing is paid per call.</remarks>
    public IReadOnlyList<TagFact>[] FindTags(IReadOnlyList<string> subjects)
    {
        var found = new List<(int At, long Id, SubjectKind Kind, string? Written, long Statement, long Import)>();
        using (var command = Command(
            """
            SELECT j.key, t.id, t.kind, t.written, t.statement, t.import
            FROM json_each($list) j CROSS JOIN tag t ON t.subject = j.value
            """, subjects.Select(TagSubject.KeyOf)))
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                found.Add((rows.GetInt32(0), rows.GetInt64(1), (SubjectKind)rows.GetInt32(2), TextOf(rows, 3), rows.GetInt64(4), rows.GetInt64(5)));

        var statements = Statements(found.Select(row => row.Statement).Distinct());
        var answers = new IReadOnlyList<TagFact>[subjects.Count];
        Array.Fill(answers, []);
        foreach (var of in found.GroupBy(row => row.At))
        {
            var key = TagSubject.KeyOf(subjects[of.Key]);
            answers[of.Key] = [.. of.OrderBy(row => row.Id).Select(row => new TagFact(row.Id, row.Kind, key, row.Written, statements[row.Statement], ImportOf(row.Import)))];
        }

        return answers;
    }

    public IReadOnlyList<ActorRow>[] FindActors(IReadOnlyList<string> actors)
    {
        var answers = new List<ActorRow>[actors.Count];
        for (var i = 0; i < answers.Length; i++) answers[i] = [];
        using var command = Command(
            """
            SELECT j.key, a.pack, a.actor, a.label, a.uri, a.lastmod, a.categories, a.jurisdictions, a.aliases, a.context
            FROM json_each($list) j CROSS JOIN tag_actor a ON a.actor = j.value ORDER BY a.id
            """, actors);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            answers[rows.GetInt32(0)].Add(new ActorRow(
                PackOf(rows.GetInt64(1)), rows.GetString(2), rows.GetString(3), TextOf(rows, 4), TextOf(rows, 5),
                TextOf(rows, 6), TextOf(rows, 7), TextOf(rows, 8), TextOf(rows, 9)));
        return answers;
    }

    public IReadOnlyList<PackCount> Packs()
    {
        var packs = new List<PackCount>();
        using var command = _connection.CreateCommand();
        command.CommandText =
            """
            WITH tags AS (SELECT s.pack, sum(t.tags) tags, min(t.first) first
                          FROM (SELECT statement, count(*) tags, min(import) first FROM tag GROUP BY statement) t JOIN tag_statement s ON s.id = t.statement
                          GROUP BY s.pack),
                 actors AS (SELECT pack, count(*) actors, min(import) first FROM tag_actor GROUP BY pack)
            SELECT p.id, coalesce(t.tags, 0), coalesce(a.actors, 0), coalesce(t.first, a.first)
            FROM tag_pack p LEFT JOIN tags t ON t.pack = p.id LEFT JOIN actors a ON a.pack = p.id
            WHERE coalesce(t.first, a.first) IS NOT NULL
            ORDER BY p.title, p.id
            """;
        using var rows = command.ExecuteReader();
        while (rows.Read()) packs.Add(new PackCount(PackOf(rows.GetInt64(0)), rows.GetInt64(1), rows.GetInt64(2), ImportOf(rows.GetInt64(3)).At));
        return packs;
    }

    public IReadOnlyList<SanctionFact> FindSanctions(string subject) => SqliteSanctions.Find(_connection, subject);

    public SanctionCover? SanctionCover() => SqliteSanctions.Cover(_connection);

    public void Dispose() => _connection.Dispose();

    private Dictionary<long, TagStatement> Statements(IEnumerable<long> ids)
    {
        var statements = new Dictionary<long, TagStatement>();
        using var command = Command(
            """
            SELECT s.id, s.pack, s.label, s.source, s.currency, s.network, s.confidence, s.actor, s.category, s.abuse,
                   s.concepts, s.tag_type, s.is_cluster_definer, s.lastmod, s.context
            FROM json_each($list) j CROSS JOIN tag_statement s ON s.id = j.value
            """, ids);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            statements.Add(rows.GetInt64(0), new TagStatement
            {
                Pack = PackOf(rows.GetInt64(1)),
                Label = rows.GetString(2),
                Source = rows.GetString(3),
                Currency = rows.GetString(4),
                Network = rows.GetString(5),
                Confidence = TextOf(rows, 6),
                Actor = TextOf(rows, 7),
                Category = TextOf(rows, 8),
                Abuse = TextOf(rows, 9),
                Concepts = TextOf(rows, 10),
                TagType = TextOf(rows, 11),
                IsClusterDefiner = rows.IsDBNull(12) ? null : rows.GetInt32(12) != 0,
                LastModified = TextOf(rows, 13),
                Context = TextOf(rows, 14),
            });
        return statements;
    }

    private PackHeader PackOf(long id)
    {
        if (_packs.TryGetValue(id, out var pack)) return pack;
        using var command = Command("SELECT title, creator, description, owner, is_public, file FROM tag_pack WHERE id = $id", id);
        using var row = command.ExecuteReader();
        if (!row.Read()) throw new IntelException($"{_connection.DataSource}: tag pack {id} is named and not there.");
        bool? isPublic = row.IsDBNull(4) ? null : row.GetInt32(4) != 0;
        return _packs[id] = new PackHeader(row.GetString(0), row.GetString(1), TextOf(row, 2), TextOf(row, 3), isPublic, row.GetString(5));
    }

    private TagImportNote ImportOf(long id)
    {
        if (_imports.TryGetValue(id, out var note)) return note;
        using var command = Command("SELECT imported_by, imported_at FROM tag_import WHERE id = $id", id);
        using var row = command.ExecuteReader();
        if (!row.Read()) throw new IntelException($"{_connection.DataSource}: tag import {id} is named and not there.");
        return _imports[id] = new TagImportNote(row.GetString(0), DateTimeOffset.Parse(row.GetString(1), CultureInfo.InvariantCulture));
    }

    private SqliteCommand Command<T>(string sql, IEnumerable<T> list)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$list", JsonSerializer.Serialize(list));
        return command;
    }

    private SqliteCommand Command(string sql, long id)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", id);
        return command;
    }

    private static string? TextOf(SqliteDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
