using System.Globalization;
using System.Text.Json;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Storage;
using Microsoft.Data.Sqlite;

namespace Haetae.Intel.Tags;

/// <summary>Tags in the database of a home folder.</summary>
public sealed class TagStore : ITagStore
{
    private const string StatementColumns =
        "s.id, s.pack, s.label, s.source, s.currency, s.network, s.confidence, s.actor, s.category, s.abuse, s.concepts, s.tag_type, s.is_cluster_definer, s.lastmod, s.context";

    private const string ActorColumns = "a.pack, a.actor, a.label, a.uri, a.lastmod, a.categories, a.jurisdictions, a.aliases, a.context";

    private readonly SqliteConnection _connection;
    private readonly Dictionary<long, TagImportNote> _imports = [];
    private readonly Dictionary<long, PackHeader> _packs = [];

    private TagStore(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the store to add facts; a database that is not there is made.</summary>
    public static TagStore OpenForWriting(string file) => new(HaetaeDatabase.OpenForWriting(file));

    /// <summary>Opens the store to look things up.</summary>
    public static TagStore OpenForReading(string file) => new(HaetaeDatabase.OpenForReading(file));

    public ITagIntake Add(TagImportNote note) => new TagIntake(_connection, note);

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
        var retractions = RetractionRows.Of(_connection, RetractionTarget.Tag, found.Select(row => row.Id), ImportOf);
        var ofPacks = PackRetractions();
        var answers = new IReadOnlyList<TagFact>[subjects.Count];
        Array.Fill(answers, []);
        foreach (var of in found.GroupBy(row => row.At))
        {
            var key = TagSubject.KeyOf(subjects[of.Key]);
            answers[of.Key] = [.. of.OrderBy(row => row.Id).Select(row =>
            {
                var (pack, said) = statements[row.Statement];
                return new TagFact(row.Id, row.Kind, key, row.Written, said, ImportOf(row.Import)) { Retractions = Said(retractions, row.Id, ofPacks, pack) };
            })];
        }

        return answers;
    }

    public IEnumerable<string> Subjects()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT subject FROM tag WHERE kind = 0 UNION SELECT subject FROM sanction_fact";
        using var rows = command.ExecuteReader();
        while (rows.Read()) yield return rows.GetString(0);
    }

    public IEnumerable<TagFact> TagsOf(long pack) => Facts("s.pack = $asked", pack);

    public IEnumerable<TagFact> ClusterTags(string network) => Facts("t.kind = 0 AND s.is_cluster_definer = 1 AND s.network = $asked", network);

    public IReadOnlyList<ActorRow>[] FindActors(IReadOnlyList<string> actors)
    {
        var answers = new List<ActorRow>[actors.Count];
        for (var i = 0; i < answers.Length; i++) answers[i] = [];
        using var command = Command($"SELECT {ActorColumns}, j.key FROM json_each($list) j CROSS JOIN tag_actor a ON a.actor = j.value ORDER BY a.id", actors);
        using var rows = command.ExecuteReader();
        while (rows.Read()) answers[rows.GetInt32(9)].Add(Actor(rows));
        return answers;
    }

    public IEnumerable<ActorRow> Actors() => Actors("ORDER BY a.actor, a.id", null);

    public IEnumerable<ActorRow> ActorsOf(long pack) => Actors("WHERE a.pack = $asked ORDER BY a.id", pack);

    public long[] CountTagsOfActors(IReadOnlyList<string> actors)
    {
        var counts = new long[actors.Count];
        using var command = Command(
            """
            SELECT j.key, count(*)
            FROM json_each($list) j CROSS JOIN tag_statement s ON s.actor = j.value JOIN tag t ON t.statement = s.id GROUP BY j.key
            """, actors);
        using var rows = command.ExecuteReader();
        while (rows.Read()) counts[rows.GetInt32(0)] = rows.GetInt64(1);
        return counts;
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
        using (var rows = command.ExecuteReader())
            while (rows.Read()) packs.Add(new PackCount(rows.GetInt64(0), PackOf(rows.GetInt64(0)), rows.GetInt64(1), rows.GetInt64(2), ImportOf(rows.GetInt64(3)).At));
        var retractions = PackRetractions();
        return [.. packs.Select(held => retractions.TryGetValue(held.Id, out var said) ? held with { Retractions = said } : held)];
    }

    public IReadOnlyList<SanctionFact>[] FindSanctions(IReadOnlyList<string> subjects) => SanctionRows.Find(_connection, subjects, ImportOf);

    public IReadOnlyList<SanctionSource> SanctionSources() => SanctionRows.Sources(_connection);

    public SanctionCover? SanctionCover() => SanctionRows.Cover(_connection);

    public void Dispose() => _connection.Dispose();

    /// <summary>The tags of which something holds, in the order they came, without holding them all.</summary>
    private IEnumerable<TagFact> Facts(string which, object asked)
    {
        // Few tags are ever withdrawn: those among these are known before the first is told.
        var retractions = RetractionRows.Of(_connection, RetractionTarget.Tag, Ids($"SELECT r.tag FROM retraction r JOIN tag t ON t.id = r.tag JOIN tag_statement s ON s.id = t.statement WHERE {which}", asked), ImportOf);
        var ofPacks = PackRetractions();
        var statements = new Dictionary<long, (long Pack, TagStatement Said)>();
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT {StatementColumns}, t.id, t.kind, t.subject, t.written, t.import
            FROM tag_statement s JOIN tag t ON t.statement = s.id WHERE {which} ORDER BY t.id
            """;
        command.Parameters.AddWithValue("$asked", asked);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var id = rows.GetInt64(0);
            if (!statements.TryGetValue(id, out var said)) statements.Add(id, said = Statement(rows));
            var tag = rows.GetInt64(15);
            yield return new TagFact(tag, (SubjectKind)rows.GetInt32(16), rows.GetString(17), TextOf(rows, 18), said.Said, ImportOf(rows.GetInt64(19)))
            {
                Retractions = Said(retractions, tag, ofPacks, said.Pack),
            };
        }
    }

    private List<long> Ids(string sql, object asked)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$asked", asked);
        using var rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read()) ids.Add(rows.GetInt64(0));
        return ids;
    }

    private Dictionary<long, List<Retraction>> PackRetractions()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT pack FROM retraction WHERE pack IS NOT NULL";
        var packs = new List<long>();
        using (var rows = command.ExecuteReader())
            while (rows.Read()) packs.Add(rows.GetInt64(0));
        return packs.Count == 0 ? [] : RetractionRows.Of(_connection, RetractionTarget.Pack, packs, ImportOf);
    }

    private static IReadOnlyList<Retraction> Said(Dictionary<long, List<Retraction>> ofTags, long tag, Dictionary<long, List<Retraction>> ofPacks, long pack)
    {
        var own = ofTags.GetValueOrDefault(tag);
        var whole = ofPacks.GetValueOrDefault(pack);
        return own is null ? whole ?? [] : whole is null ? own : [.. own, .. whole];
    }

    private IEnumerable<ActorRow> Actors(string which, object? asked)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT {ActorColumns} FROM tag_actor a {which}";
        if (asked is not null) command.Parameters.AddWithValue("$asked", asked);
        using var rows = command.ExecuteReader();
        while (rows.Read()) yield return Actor(rows);
    }

    private ActorRow Actor(SqliteDataReader rows) => new(
        PackOf(rows.GetInt64(0)), rows.GetString(1), rows.GetString(2), TextOf(rows, 3), TextOf(rows, 4),
        TextOf(rows, 5), TextOf(rows, 6), TextOf(rows, 7), TextOf(rows, 8));

    private Dictionary<long, (long Pack, TagStatement Said)> Statements(IEnumerable<long> ids)
    {
        var statements = new Dictionary<long, (long, TagStatement)>();
        using var command = Command($"SELECT {StatementColumns} FROM json_each($list) j CROSS JOIN tag_statement s ON s.id = j.value", ids);
        using var rows = command.ExecuteReader();
        while (rows.Read()) statements.Add(rows.GetInt64(0), Statement(rows));
        return statements;
    }

    private (long Pack, TagStatement Said) Statement(SqliteDataReader rows) => (rows.GetInt64(1), new TagStatement
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
