namespace Haetae.Intel.Tags;

/// <summary>Which facts are written out. What is not named narrows nothing.</summary>
/// <param name="Title">The title of a pack, in any case.</param>
/// <param name="File">The name of the file a pack came from.</param>
/// <param name="Source">A text that a tag's source holds; actors have no source and are left out by it.</param>
/// <param name="AsOf">Only what was known and not withdrawn by this day; null: all that stands.</param>
public sealed record TagSelection(string? Title = null, string? File = null, string? Source = null, DateOnly? AsOf = null)
{
    internal bool Holds(PackHeader pack) => (Title is null || Same(pack.Title, Title)) && (File is null || Same(pack.File, File));

    internal bool IsAbout(TagFact fact) => Source is null || fact.Statement.Source.Contains(Source, StringComparison.OrdinalIgnoreCase);

    internal bool Stands(TagFact fact) => AsOf is { } day ? TagKnowledge.StoodOn(day, fact) : Retraction.On(DateOnly.MaxValue, fact.Retractions) is null;

    internal bool Stands(PackCount pack) => Retraction.On(AsOf ?? DateOnly.MaxValue, pack.Retractions) is null;

    private static bool Same(string text, string asked) => string.Equals(text, asked.Trim(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>One pack that was written.</summary>
/// <param name="Withdrawn">Tags of it that were left out, because they are withdrawn or were not known by the day that was asked for.</param>
public sealed record ExportedPack(string File, PackHeader Pack, long Tags, long Actors, long Withdrawn);

/// <summary>Writes packs as GraphSense reads them. What is withdrawn is left out.</summary>
public static class TagExport
{
    /// <summary>The packs of which something will be written, each with the name of its file below a folder.</summary>
    /// <remarks>A pack is known again by its head and the name of its file. Packs whose files have the same name go into folders of their own.</remarks>
    public static IReadOnlyList<(PackCount Pack, string File)> Plan(ITagStore store, TagSelection selection)
    {
        var plan = new List<(PackCount, string)>();
        var taken = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var held in store.Packs().Where(held => selection.Holds(held.Pack) && selection.Stands(held)))
        {
            if ((held.Actors == 0 || selection.Source is not null) && !Tags(store, held, selection).Any()) continue;
            var name = PackFile.ToWrite(held.Pack.File);
            var times = taken[name] = taken.GetValueOrDefault(name) + 1;
            plan.Add((held, times == 1 ? name : Path.Combine(times.ToString(System.Globalization.CultureInfo.InvariantCulture), name)));
        }

        return plan;
    }

    /// <param name="tell">Told now and then how many tags of the pack are written; it may throw to stop.</param>
    public static ExportedPack Write(ITagStore store, PackCount held, string file, TagSelection selection, TextWriter text, Action<long> tell)
    {
        var actors = selection.Source is null ? store.ActorsOf(held.Id).ToList() : [];
        var statements = new HashSet<TagStatement>(ReferenceEqualityComparer.Instance);
        var leftOut = 0L;
        foreach (var fact in held.Tags == 0 ? [] : store.TagsOf(held.Id).Where(selection.IsAbout))
        {
            if (selection.Stands(fact)) statements.Add(fact.Statement);
            else leftOut++;
        }

        var pack = new TagPackWriter(text);
        // In a file of both kinds nothing is inherited: actors would inherit from it too.
        pack.Head(held.Pack, statements.Count == 0 || actors.Count > 0 ? null : statements);
        if (actors.Count > 0)
        {
            pack.BeginActors();
            foreach (var actor in actors) pack.Actor(actor);
        }

        var written = 0L;
        if (statements.Count > 0) pack.BeginTags();
        foreach (var fact in Tags(store, held, selection))
        {
            pack.Tag(fact);
            if (++written % 4096 == 0) tell(written);
        }

        tell(written);
        return new ExportedPack(file, held.Pack, written, actors.Count, leftOut);
    }

    private static IEnumerable<TagFact> Tags(ITagStore store, PackCount held, TagSelection selection) => held.Tags == 0 ? [] : store.TagsOf(held.Id).Where(fact => selection.IsAbout(fact) && selection.Stands(fact));
}

/// <summary>The names of packs' files.</summary>
internal static class PackFile
{
    /// <summary>A pack that came from a table (<c>list.csv</c>) is written as <c>list.csv.yaml</c> and known again by that.</summary>
    internal static string ToWrite(string file)
    {
        var name = Path.GetFileName(file);
        if (name.Length == 0 || name is "." or "..") name = "pack";
        return IsYaml(name) ? name : name + ".yaml";
    }

    internal static string NameOf(string path)
    {
        var name = Path.GetFileName(path);
        var inner = Path.GetFileNameWithoutExtension(name);
        return IsYaml(name) && Path.GetExtension(inner).ToLowerInvariant() is ".csv" or ".json" ? inner : name;
    }

    internal static bool IsYaml(string file) => Path.GetExtension(file).ToLowerInvariant() is ".yaml" or ".yml";
}
