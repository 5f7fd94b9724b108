namespace Haetae.Intel.Tags;

/// <summary>Writes a pack as GraphSense's TagPack or ActorPack. What all tags say alike stands in the head, and they inherit it.</summary>
/// <remarks>Read again by <see cref="TagPackReader"/>, every row is the fact it came from: same pack, same statement, same address.</remarks>
internal sealed class TagPackWriter(TextWriter text)
{
    /// <summary>The fields a tag can inherit, by their names in a pack, in the order in which packs usually have them.</summary>
    private static readonly (string Name, Func<TagStatement, string?> Value)[] Fields =
    [
        ("label", said => YamlValue.Of(said.Label)),
        ("source", said => YamlValue.Of(said.Source)),
        ("currency", said => YamlValue.Of(said.Currency)),
        ("network", said => YamlValue.Of(said.Network)),
        ("confidence", said => Text(said.Confidence)),
        ("actor", said => Text(said.Actor)),
        ("category", said => Text(said.Category)),
        ("abuse", said => Text(said.Abuse)),
        ("concepts", said => List(said.Concepts)),
        ("tag_type", said => Text(said.TagType)),
        ("is_cluster_definer", said => said.IsClusterDefiner is { } truth ? YamlValue.Of(truth) : null),
        ("lastmod", said => said.LastModified is { } day ? YamlValue.OfDate(day) : null),
        ("context", said => Text(said.Context)),
    ];

    private readonly Dictionary<TagStatement, string> _written = new(ReferenceEqualityComparer.Instance);
    private string?[] _shared = new string?[Fields.Length];

    /// <param name="statements">Of all tags that will follow; null: a pack without tags.</param>
    internal void Head(PackHeader pack, IReadOnlyCollection<TagStatement>? statements)
    {
        Line("title", YamlValue.Of(pack.Title));
        Line("creator", YamlValue.Of(pack.Creator));
        Line("description", Text(pack.Description));
        Line("owner", Text(pack.Owner));
        Line("is_public", pack.IsPublic is { } truth ? YamlValue.Of(truth) : null);
        if (statements is null) return;
        _shared = [.. Fields.Select(field => Shared(field.Value, statements))];
        for (var i = 0; i < Fields.Length; i++) Line(Fields[i].Name, _shared[i]);
    }

    internal void BeginTags() => text.Write("tags:\n");

    internal void Tag(TagFact fact)
    {
        // A mended address is written as it was mended: nobody should have to mend it again.
        var subject = YamlValue.Of(TagSubject.Mend(fact.Written ?? fact.Subject));
        text.Write(fact.Kind == SubjectKind.Address ? "- address: " : "- tx_hash: ");
        text.Write(subject);
        text.Write('\n');
        text.Write(Own(fact.Statement));
    }

    internal void BeginActors() => text.Write("actors:\n");

    internal void Actor(ActorRow actor)
    {
        text.Write($"- id: {YamlValue.Of(actor.Id)}\n");
        Inner("label", YamlValue.Of(actor.Label));
        Inner("uri", Text(actor.Uri));
        Inner("lastmod", actor.LastModified is { } day ? YamlValue.OfDate(day) : null);
        Inner("categories", List(actor.Categories) ?? "[]"); // the format wants the field
        Inner("jurisdictions", List(actor.Jurisdictions));
        Inner("aliases", List(actor.Aliases));
        Inner("context", actor.Context is { } context ? YamlValue.OfJson(context) ?? YamlValue.Of(context) : null);
    }

    private static string? Shared(Func<TagStatement, string?> value, IReadOnlyCollection<TagStatement> statements)
    {
        string? shared = null;
        foreach (var said in statements)
        {
            if (value(said) is not { } own || (shared is not null && own != shared)) return null;
            shared = own;
        }

        return shared;
    }

    /// <summary>What a statement says beyond the head: the same text for every tag of it.</summary>
    private string Own(TagStatement said)
    {
        if (_written.TryGetValue(said, out var written)) return written;
        written = "";
        for (var i = 0; i < Fields.Length; i++)
            if (_shared[i] is null && Fields[i].Value(said) is { } own) written += $"  {Fields[i].Name}: {own}\n";
        return _written[said] = written;
    }

    private void Line(string name, string? value)
    {
        if (value is not null) text.Write($"{name}: {value}\n");
    }

    private void Inner(string name, string? value)
    {
        if (value is not null) text.Write($"  {name}: {value}\n");
    }

    private static string? Text(string? value) => value is null ? null : YamlValue.Of(value);

    private static string? List(string? json) => json is null ? null : YamlValue.OfJson(json) ?? YamlValue.Of(json);
}
