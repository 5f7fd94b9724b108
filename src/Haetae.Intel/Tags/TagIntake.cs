using System.Data.Common;
using System.Globalization;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Storage;

namespace Haetae.Intel.Tags;

/// <summary>Adds facts in batches; each save is one transaction.</summary>
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
    private readonly List<TagRow> _tags = [];
    private readonly List<ActorRow> _actors = [];
    private readonly List<SanctionFact> _sanctions = [];
    private readonly List<Retraction> _retractions = [];
    private DbTransaction? _transaction;
    private AddedFacts _added;
    private long _import;
    private long _heldText;
    private TagStatement? _lastSaid;

    public void Add(in TagRow row)
    {
        _tags.Add(row);
        _heldText += row.Subject.Length;
        if (!ReferenceEquals(row.Statement, _lastSaid)) _heldText += LengthOf(_lastSaid = row.Statement);
        AddWhenMany(_tags.Count);
    }

    public void Add(ActorRow actor)
    {
        _actors.Add(actor);
        _heldText += actor.Label.Length + (actor.Context?.Length ?? 0);
        AddWhenMany(_actors.Count);
    }

    public void Add(SanctionFact fact)
    {
        _sanctions.Add(fact);
        AddWhenMany(_sanctions.Count);
    }

    public void Add(Retraction retraction)
    {
        _retractions.Add(retraction);
        AddWhenMany(_retractions.Count);
    }

    public AddedFacts Save()
    {
        AddHeld();
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
        var added = _added;
        _added = default;
        return added;
    }

    public void Dispose() => _transaction?.Dispose();

    private void AddWhenMany(int held)
    {
        if (held >= MaximumHeld || _heldText >= MaximumHeldText) AddHeld();
    }

    /// <summary>Takes the write lock, and only then looks where numbering goes on: another program may have written in between.</summary>
    private void AddHeld()
    {
        if (_tags.Count + _actors.Count + _sanctions.Count + _retractions.Count == 0) return;
        _transaction ??= database.BeginWriting();
        if (_import == 0) _import = NewImport();
        AddTags();
        var actors = Ids(_knownPacks, _actors.Select(actor => actor.Pack), AddPacks);
        AddDigested(ActorTable, _actors, actor => [actors[actor.Pack], actor.Id, actor.Label, actor.Uri, actor.LastModified, actor.Categories, actor.Jurisdictions, actor.Aliases, actor.Context], out var newActors);
        AddDigested(SanctionTable, _sanctions, SanctionRows.Values, out var newSanctions);
        AddDigested(RetractionTable, _retractions, RetractionRows.Values, out var newRetractions);
        _added = _added with { Actors = _added.Actors + newActors, Sanctions = _added.Sanctions + newSanctions, Retractions = _added.Retractions + newRetractions };
        _heldText = 0;
        _lastSaid = null;
    }

    private void AddTags()
    {
        if (_tags.Count == 0) return;
        var statements = Ids(_knownStatements, _tags.Select(row => row.Statement), AddStatements);
        // What is there already leaves a gap in the numbers, which means nothing.
        var next = database.NextId("tag");
        var added = database.Insert("tag", TagColumns, [.. _tags.Select(row => (object?[])[next++, (long)row.Kind, row.Subject, row.Written, statements[row.Statement], _import])]);
        _added = _added with { Tags = _added.Tags + added };
        _tags.Clear();
    }

    private void AddDigested<T>(DigestedTable table, List<T> held, Func<T, object?[]> values, out long added)
    {
        table.IdsOf(database, [.. held.Select(values)], _import, out added);
        held.Clear();
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
}
