using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>The tags of one subject: all of them, or those that were known by a day and not withdrawn by then.</summary>
internal sealed class TagsOnDay(IReadOnlyList<TagFact> facts, DateOnly? on)
{
    /// <summary>Null: all tags are shown.</summary>
    internal DateOnly? Day => on;

    internal IReadOnlyList<TagFact> Shown { get; } = on is { } day ? [.. facts.Where(fact => TagKnowledge.StoodOn(day, fact))] : facts;

    /// <summary>Shown ones that stand: the others contradict nobody any more.</summary>
    internal IReadOnlyList<TagFact> Standing => [.. Shown.Where(fact => WithdrawnBy(fact) is null)];

    internal int NotYetKnown => on is { } day ? facts.Count(fact => TagKnowledge.Of(fact).Day > day) : 0;

    /// <summary>Of those known by the day, or of all.</summary>
    internal int Withdrawn => facts.Count(fact => WithdrawnBy(fact) is not null) - (on is { } day ? facts.Count(fact => WithdrawnBy(fact) is not null && TagKnowledge.Of(fact).Day > day) : 0);

    internal Retraction? WithdrawnBy(TagFact fact) => Retraction.On(on ?? DateOnly.MaxValue, fact.Retractions);

    /// <summary>What is not shown, in words.</summary>
    internal string Others =>
        (Withdrawn > 0 ? $"; {Amounts.Count(Withdrawn, "was", "were")} withdrawn by then" : "") + (NotYetKnown > 0 ? $"; {Amounts.Count(NotYetKnown)} came later" : "");
}
