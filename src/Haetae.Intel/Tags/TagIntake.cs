using System.Data.Common;
using System.Globalization;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Storage;

namespace Haetae.Intel.Tags;

/// <summary>Adds facts in batches; each save is one transaction. One batch is written while the next is gathered.</summary>
/// <remarks>At most one batch is on its way, and only the task that writes it touches the database and what is known of it.</remarks>
internal sealed class TagIntake(HaetaeDatabase database, TagImportNote note) : ITagIntake
{
    /// <summary>So many tags, or characters of them, are held back to be added at once: a server is asked once for all of them.</summary>
    private const int MaximumHeld = 8192;
    private const int MaximumHeldText = 8 << 20;

    /// <summary>Beyond so many statements what is known of them is forgotten and asked for again.</summary>
    private const int MaximumKnown = 100_000;

    private static readonly DigestedTable Packs = new("tag_pack", ["title", "creator", "description", "owner", "is_public", "file"]);

    private static readonly DigestedTable Statements = new("tag_statement",
        ["pack", "label", "source", "currency", "network", "confidence", "actor", "category", "abuse", "concepts", "tag_type", "is_cluster_definer", "lastmod", "context"]);

    private static readonly DigestedTable ActorTable = new("tag_actor", ["pack", "actor", "label", "uri", "lastmod", "categories", "jurisdictions", "aliases", "context"], "import");
    private static readonly DigestedTable SanctionTable = new("sanction_fact", SanctionRows.Columns, "import");
    private static readonly DigestedTable RetractionTable = new("retraction", RetractionRows.Columns, "import");
    private static readonly string[] TagColumns = ["id", "kind", "subject", "written", "statement", "import"];

    private readonly Dictionary<PackHeader, long> _knownPacks = [];
    private readonly Dictionary<TagStatement, long> _knownStatements = [];
    private Batch _held = new();
    private Task _writing = Task.CompletedTask;
    private DbTransaction? _transaction;
    private AddedFacts _added;
    private long _import;
    private long _heldText;
    private TagStatement? _lastSaid;

    public void Add(in TagRow row)
    {
        _held.Tags.Add(row);
        _heldText += row.Subject.Length;
        if (!ReferenceEquals(row.Statement, _lastSaid)) _heldText += LengthOf(_lastSaid = row.Statement);
        WriteWhenMany(_held.Tags.Count);
    }

    public void Add(ActorRow actor)
    {
        _held.Actors.Add(actor);
        _heldText += actor.Label.Length + (actor.Context?.Length ?? 0);
        WriteWhenMany(_held.Actors.Count);
    }

    public void Add(SanctionFact fact)
    {
        _held.Sanctions.Add(fact);
        WriteWhenMany(_held.Sanctions.Count);
    }

    public void Add(Retraction retraction)
    {
        _held.Retractions.Add(retraction);
        WriteWhenMany(_held.Retractions.Count);
    }

    public AddedFacts Save()
    {
        WriteHeld();
        _writing.GetAwaiter().GetResult();
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
        var added = _added;
        _added = default;
        return added;
    }

    public void Dispose()
    {
        // Whatever a batch failed of was told when the next one came, or it will not be saved anyway.
        _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        _transaction?.Dispose();
    }

    private void WriteWhenMany(int held)
    {
        if (held >= MaximumHeld || _heldText >= MaximumHeldText) WriteHeld();
    }

    private void WriteHeld()
    {
        _writing.GetAwaiter().GetResult();
        if (_held.IsEmpty) return;
        var batch = _held;
        (_held, _heldText, _lastSaid) = (new Batch(), 0, null);
        _writing = Task.Run(() => Write(batch));
    }

    /// <summary>Takes the write lock, and only then looks where numbering goes on: another program may have written in between.</summary>
    private void Write(Batch batch)
    {
        _transaction ??= database.BeginWriting();
        if (_import == 0) _import = NewImport();
        var packs = Ids(_knownPacks, batch.Actors.Select(actor => actor.Pack), AddPacks);
        _added = new AddedFacts(
            _added.Tags + AddTags(batch.Tags),
            _added.Actors + AddDigested(ActorTable, batch.Actors, actor => [packs[actor.Pack], actor.Id, actor.Label, actor.Uri, actor.LastModified, actor.Categories, actor.Jurisdictions, actor.Aliases, actor.Context]),
            _added.Sanctions + AddDigested(SanctionTable, batch.Sanctions, SanctionRows.Values),
            _added.Retractions + AddDigested(RetractionTable, batch.Retractions, RetractionRows.Values));
    }

    private long AddTags(List<TagRow> tags)
    {
        if (tags.Count == 0) return 0;
        var statements = Ids(_knownStatements, tags.Select(row => row.Statement), AddStatements);
        // What is there already leaves a gap in the numbers, which means nothing.
        var next = database.NextId("tag");
        return database.Insert("tag", TagColumns, [.. tags.Select(row => (object?[])[next++, (long)row.Kind, row.Subject, row.Written, statements[row.Statement], _import])]);
    }

    private long AddDigested<T>(DigestedTable table, List<T> facts, Func<T, object?[]> values)
    {
        table.IdsOf(database, [.. facts.Select(values)], _import, out var added);
        return added;
    }

    private long[] AddStatements(IReadOnlyList<TagStatement> said)
    {
        var packs = Ids(_knownPacks, said.Select(one => one.Pack), AddPacks);
        return Statements.IdsOf(database, [.. said.Select(one => (object?[])
        [
            packs[one.Pack], one.Label, one.Source, one.Currency, one.Network, one.Confidence, one.Actor, one.Category, one.Abuse,
            one.Concepts, one.TagType, Bit(one.IsClusterDefiner), one.LastModified, one.Context,
        ])], null, out _);
    }

    private long[] AddPacks(IReadOnlyList<PackHeader> packs) => Packs.IdsOf(
        database, [.. packs.Select(pack => (object?[])[pack.Title, pack.Creator, pack.Description, pack.Owner, Bit(pack.IsPublic), pack.File])], null, out _);

    /// <summary>The numbers of what is told of here, those that are not known yet asked for or given all at once.</summary>
    private static Dictionary<T, long> Ids<T>(Dictionary<T, long> known, IEnumerable<T> told, Func<IReadOnlyList<T>, long[]> add)
        where T : class
    {
        if (known.Count > MaximumKnown) known.Clear();
        var unknown = new HashSet<T>();
        T? last = null;
        foreach (var one in told)
        {
            if (!ReferenceEquals(one, last) && !known.ContainsKey(one)) unknown.Add(one);
            last = one;
        }

        if (unknown.Count == 0) return known;
        List<T> asked = [.. unknown];
        var ids = add(asked);
        for (var i = 0; i < ids.Length; i++) known[asked[i]] = ids[i];
        return known;
    }

    private long NewImport()
    {
        var id = database.NextId("tag_import");
        database.Insert("tag_import", ["id", "imported_by", "imported_at"], [[id, note.By, note.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)]]);
        return id;
    }

    private static int LengthOf(TagStatement said) => said.Label.Length + said.Source.Length + (said.Concepts?.Length ?? 0) + (said.Context?.Length ?? 0);

    private static object? Bit(bool? value) => value is null ? null : value.Value ? 1L : 0L;

    /// <summary>Facts that are written together.</summary>
    private sealed class Batch
    {
        internal List<TagRow> Tags { get; } = [];

        internal List<ActorRow> Actors { get; } = [];

        internal List<SanctionFact> Sanctions { get; } = [];

        internal List<Retraction> Retractions { get; } = [];

        internal bool IsEmpty => Tags.Count + Actors.Count + Sanctions.Count + Retractions.Count == 0;
    }
}
