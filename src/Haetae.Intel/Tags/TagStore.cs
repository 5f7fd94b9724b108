using System.Data.Common;
using System.Globalization;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Storage;

namespace Haetae.Intel.Tags;

/// <summary>Tags in a database: the file of a home folder, or one on a server.</summary>
public sealed class TagStore : ITagStore
{
    private const string StatementColumns =
        "s.id, s.pack, s.label, s.source, s.currency, s.network, s.confidence, s.actor, s.category, s.abuse, s.concepts, s.tag_type, s.is_cluster_definer, s.lastmod, s.context";

    private const string ActorColumns = "a.pack, a.actor, a.label, a.uri, a.lastmod, a.categories, a.jurisdictions, a.aliases, a.context";

    private readonly HaetaeDatabase _database;
    private readonly Dictionary<long, TagImportNote> _imports = [];
    private readonly Dictionary<long, PackHeader> _packs = [];

    private TagStore(HaetaeDatabase database) => _database = database;

    /// <summary>Opens the store to add facts; a database without tables, or a file that is not there, is made ready.</summary>
    /// <exception cref="IntelException">It cannot be opened; the message says why and what to do.</exception>
    public static TagStore OpenForWriting(StoreLocation location) => new(location.OpenForWriting());

    /// <summary>Opens the store to look things up; null when nothing was ever stored there.</summary>
    /// <exception cref="IntelException">It cannot be opened; the message says why and what to do.</exception>
    public static TagStore? OpenForReading(StoreLocation location) => location.OpenForReading() is { } database ? new(database) : null;

    public ITagIntake Add(TagImportNote note) => new TagIntake(_database, note);

    /// <remarks>One statement for all subjects: the database walks the list and seeks each in the index, so nothing is paid per call.</remarks>
    public IReadOnlyList<TagFact>[] FindTags(IReadOnlyList<string> subjects)
    {
        var found = new List<(int At, long Id, SubjectKind Kind, string? Written, long Statement, long Import)>();
        using (var command = _database.CommandOver(
            $"SELECT j.key, t.id, t.kind, t.written, t.statement, t.import FROM {_database.Each("tag t", "t.subject = j.value")}", subjects.Select(TagSubject.KeyOf)))
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                found.Add((rows.GetInt32(0), rows.GetInt64(1), (SubjectKind)rows.GetInt32(2), rows.Text(3), rows.GetInt64(4), rows.GetInt64(5)));

        var statements = Statements(found.Select(row => row.Statement).Distinct());
        var retractions = RetractionRows.Of(_database, RetractionTarget.Tag, found.Select(row => row.Id), ImportOf);
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

    public IReadOnlyList<string> Subjects()
    {
        using var command = _database.Command("SELECT DISTINCT subject FROM tag UNION ALL SELECT DISTINCT subject FROM sanction_fact WHERE subject NOT IN (SELECT subject FROM tag)");
        using var rows = command.ExecuteReader();
        var subjects = new List<string>();
        while (rows.Read()) subjects.Add(rows.GetString(0));
        return subjects;
    }

    public IEnumerable<TagFact> TagsOf(long pack) => Facts("s.pack = @asked", pack);

    public IEnumerable<TagFact> ClusterTags(string network) => Facts("t.kind = 0 AND s.is_cluster_definer = 1 AND s.network = @asked", network);

    public IReadOnlyList<ActorRow>[] FindActors(IReadOnlyList<string> actors)
    {
        var answers = new List<ActorRow>[actors.Count];
        for (var i = 0; i < answers.Length; i++) answers[i] = [];
        using var command = _database.CommandOver($"SELECT {ActorColumns}, j.key FROM {_database.Each("tag_actor a", "a.actor = j.value")} ORDER BY a.id", actors);
        using var rows = command.ExecuteReader();
        while (rows.Read()) answers[rows.GetInt32(9)].Add(Actor(rows));
        return answers;
    }

    public IEnumerable<ActorRow> Actors() => Actors("ORDER BY a.actor, a.id", null);

    public IEnumerable<ActorRow> ActorsOf(long pack) => Actors("WHERE a.pack = @asked ORDER BY a.id", pack);

    public long[] CountTagsOfActors(IReadOnlyList<string> actors)
    {
        var counts = new long[actors.Count];
        using var command = _database.CommandOver(
            $"SELECT j.key, count(*) FROM {_database.Each("tag_statement s", "s.actor = j.value")} JOIN tag t ON t.statement = s.id GROUP BY j.key", actors);
        using var rows = command.ExecuteReader();
        while (rows.Read()) counts[rows.GetInt32(0)] = rows.GetInt64(1);
        return counts;
    }

    public IReadOnlyList<PackCount> Packs()
    {
        var packs = new List<PackCount>();
        using var command = _database.Command(
            """
            WITH tags AS (SELECT s.pack, CAST(sum(t.tags) AS bigint) AS tags, min(t.first) AS first
                          FROM (SELECT statement, count(*) AS tags, min(import) AS first FROM tag GROUP BY statement) t JOIN tag_statement s ON s.id = t.statement
                          GROUP BY s.pack),
                 actors AS (SELECT pack, count(*) AS actors, min(import) AS first FROM tag_actor GROUP BY pack)
            SELECT p.id, coalesce(t.tags, 0), coalesce(a.actors, 0), coalesce(t.first, a.first)
            FROM tag_pack p LEFT JOIN tags t ON t.pack = p.id LEFT JOIN actors a ON a.pack = p.id
            WHERE coalesce(t.first, a.first) IS NOT NULL
            ORDER BY p.title, p.id
            """);
        using (var rows = command.ExecuteReader())
            while (rows.Read()) packs.Add(new PackCount(rows.GetInt64(0), PackOf(rows.GetInt64(0)), rows.GetInt64(1), rows.GetInt64(2), ImportOf(rows.GetInt64(3)).At));
        var retractions = PackRetractions();
        return [.. packs.Select(held => retractions.TryGetValue(held.Id, out var said) ? held with { Retractions = said } : held)];
    }

    public IReadOnlyList<SanctionFact>[] FindSanctions(IReadOnlyList<string> subjects) => SanctionRows.Find(_database, subjects, ImportOf);

    public IReadOnlyList<SanctionSource> SanctionSources() => SanctionRows.Sources(_database);

    public SanctionCover? SanctionCover() => SanctionRows.Cover(_database);

    public void Dispose() => _database.Dispose();

    /// <summary>The tags of which something holds, in the order they came, without holding them all.</summary>
    private IEnumerable<TagFact> Facts(string which, object asked)
    {
        // Few tags are ever withdrawn: those among these are known before the first is told.
        var retractions = RetractionRows.Of(_database, RetractionTarget.Tag, Ids($"SELECT r.tag FROM retraction r JOIN tag t ON t.id = r.tag JOIN tag_statement s ON s.id = t.statement WHERE {which}", asked), ImportOf);
        var ofPacks = PackRetractions();
        var statements = new Dictionary<long, (long Pack, TagStatement Said)>();
        using var command = _database.Command(
            $"""
            SELECT {StatementColumns}, t.id, t.kind, t.subject, t.written, t.import
            FROM tag_statement s JOIN tag t ON t.statement = s.id WHERE {which} ORDER BY t.id
            """, "@asked", asked);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var id = rows.GetInt64(0);
            if (!statements.TryGetValue(id, out var said)) statements.Add(id, said = Statement(rows));
            var tag = rows.GetInt64(15);
            yield return new TagFact(tag, (SubjectKind)rows.GetInt32(16), rows.GetString(17), rows.Text(18), said.Said, ImportOf(rows.GetInt64(19)))
            {
                Retractions = Said(retractions, tag, ofPacks, said.Pack),
            };
        }
    }

    private List<long> Ids(string sql, object asked)
    {
        using var command = _database.Command(sql, "@asked", asked);
        using var rows = command.ExecuteReader();
        var ids = new List<long>();
        while (rows.Read()) ids.Add(rows.GetInt64(0));
        return ids;
    }

    private Dictionary<long, List<Retraction>> PackRetractions()
    {
        using var command = _database.Command("SELECT DISTINCT pack FROM retraction WHERE pack IS NOT NULL");
        var packs = new List<long>();
        using (var rows = command.ExecuteReader())
            while (rows.Read()) packs.Add(rows.GetInt64(0));
        return packs.Count == 0 ? [] : RetractionRows.Of(_database, RetractionTarget.Pack, packs, ImportOf);
    }

    private static IReadOnlyList<Retraction> Said(Dictionary<long, List<Retraction>> ofTags, long tag, Dictionary<long, List<Retraction>> ofPacks, long pack)
    {
        var own = ofTags.GetValueOrDefault(tag);
        var whole = ofPacks.GetValueOrDefault(pack);
        return own is null ? whole ?? [] : whole is null ? own : [.. own, .. whole];
    }

    private IEnumerable<ActorRow> Actors(string which, object? asked)
    {
        using var command = _database.Command($"SELECT {ActorColumns} FROM tag_actor a {which}", asked is null ? null : "@asked", asked);
        using var rows = command.ExecuteReader();
        while (rows.Read()) yield return Actor(rows);
    }

    private ActorRow Actor(DbDataReader rows) => new(
        PackOf(rows.GetInt64(0)), rows.GetString(1), rows.GetString(2), rows.Text(3), rows.Text(4),
        rows.Text(5), rows.Text(6), rows.Text(7), rows.Text(8));

    private Dictionary<long, (long Pack, TagStatement Said)> Statements(IEnumerable<long> ids)
    {
        var statements = new Dictionary<long, (long, TagStatement)>();
        using var command = _database.CommandOver($"SELECT {StatementColumns} FROM {_database.Each("tag_statement s", "s.id = j.value")}", ids);
        using var rows = command.ExecuteReader();
        while (rows.Read()) statements.Add(rows.GetInt64(0), Statement(rows));
        return statements;
    }

    private (long Pack, TagStatement Said) Statement(DbDataReader rows) => (rows.GetInt64(1), new TagStatement
    {
        Pack = PackOf(rows.GetInt64(1)),
        Label = rows.GetString(2),
        Source = rows.GetString(3),
        Currency = rows.GetString(4),
        Network = rows.GetString(5),
        Confidence = rows.Text(6),
        Actor = rows.Text(7),
        Category = rows.Text(8),
        Abuse = rows.Text(9),
        Concepts = rows.Text(10),
        TagType = rows.Text(11),
        IsClusterDefiner = rows.Truth(12),
        LastModified = rows.Text(13),
        Context = rows.Text(14),
    });

    private PackHeader PackOf(long id)
    {
        if (_packs.TryGetValue(id, out var pack)) return pack;
        using var command = _database.CommandAside("SELECT title, creator, description, owner, is_public, file FROM tag_pack WHERE id = @id", "@id", id);
        using var row = command.ExecuteReader();
        if (!row.Read()) throw new IntelException($"{_database.Location}: tag pack {id} is named and not there.");
        return _packs[id] = new PackHeader(row.GetString(0), row.GetString(1), row.Text(2), row.Text(3), row.Truth(4), row.GetString(5));
    }

    private TagImportNote ImportOf(long id)
    {
        if (_imports.TryGetValue(id, out var note)) return note;
        using var command = _database.CommandAside("SELECT imported_by, imported_at FROM tag_import WHERE id = @id", "@id", id);
        using var row = command.ExecuteReader();
        if (!row.Read()) throw new IntelException($"{_database.Location}: tag import {id} is named and not there.");
        return _imports[id] = new TagImportNote(row.GetString(0), DateTimeOffset.Parse(row.GetString(1), CultureInfo.InvariantCulture));
    }
}
