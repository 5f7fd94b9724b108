using System.Text.Json.Nodes;

namespace Haetae.Intel.Tags;

/// <summary>Tells, once a file, of words that the taxonomies do not have. They are kept: taxonomies change, and a list may know more.</summary>
internal sealed class TaxonomyWords(Action<long, string> note)
{
    private const int MaximumTold = 100;
    private static readonly HashSet<string> TagTypes = ["actor", "event", "attribute", "mention"];

    private readonly HashSet<(string, string)> _told = [];
    private TagStatement? _last;

    internal void Check(TagStatement said, long line)
    {
        if (ReferenceEquals(said, _last)) return;
        _last = said;
        if (said.Confidence is { } confidence && Confidence.LevelOf(confidence) is null) Tell("confidence", confidence, line);
        if (said.Category is { } category && !Concepts.IsKnown(category)) Tell("category", category, line);
        if (said.Abuse is { } abuse && !Concepts.IsKnown(abuse)) Tell("abuse", abuse, line);
        if (said.TagType is { } type && !TagTypes.Contains(type)) Tell("tag type", type, line);
        CheckConcepts("concept", said.Concepts, line);
    }

    internal void CheckConcepts(string what, string? list, long line)
    {
        if (list is null || JsonNode.Parse(list) is not JsonArray concepts) return;
        foreach (var concept in concepts)
            if (concept is not JsonValue value || !value.TryGetValue(out string? word) || !Concepts.IsKnown(word)) Tell(what, concept?.ToString() ?? "", line);
    }

    private void Tell(string what, string word, long line)
    {
        if (_told.Count < MaximumTold && _told.Add((what, word)))
            note(line, $"the {what} '{TagProblem.Quoted(word)}' is no word of the taxonomy; it is kept as it is, here and in later rows");
    }
}
