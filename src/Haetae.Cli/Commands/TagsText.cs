using System.Globalization;
using Haetae.Intel.Tags;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>The tags of one subject for people.</summary>
internal static class TagsText
{
    internal static void Print(string heading, TagsOnDay tags, TextWriter output)
    {
        output.WriteLine(heading);
        foreach (var (field, values) in TagConflicts.Of(tags.Standing))
            output.WriteLine($"They differ   {field}: {string.Join(" / ", values.Select(PlainText.Of))}");
        foreach (var fact in tags.Shown.OrderBy(fact => tags.WithdrawnBy(fact) is not null).ThenByDescending(fact => Confidence.LevelOf(fact.Statement.Confidence) ?? -1).ThenBy(fact => fact.Id)) Print(fact, output);
    }

    internal static string Name(Retraction said) => said.Change == RetractionChange.Withdrawn ? "Withdrawn" : "Stands again";

    internal static string Words(Retraction said) => string.Create(
        CultureInfo.InvariantCulture,
        $"since {said.Since:yyyy-MM-dd}{(said.Target == RetractionTarget.Pack ? ", with its whole pack," : "")} by {said.By}: {said.Reason} (entered {said.Import!.At.UtcDateTime:yyyy-MM-dd} by {said.Import.By})");

    private static void Print(TagFact fact, TextWriter output)
    {
        var said = fact.Statement;
        output.WriteLine();
        Line(output, "Label", said.Label);
        foreach (var retraction in fact.Retractions) Line(output, Name(retraction), Words(retraction));
        Line(output, "Actor", said.Actor);
        Line(output, "Category", said.Category);
        Line(output, "Abuse", said.Abuse);
        Line(output, "Concepts", said.Concepts);
        Line(output, "Asset", said.Network == said.Currency ? said.Currency : $"{said.Currency} on {said.Network}");
        Line(output, "Type", said.TagType);
        if (said.IsClusterDefiner is { } cluster) Line(output, "Speaks for", cluster ? "the whole cluster of the address" : "the address alone");
        Line(output, "Confidence", said.Confidence is null ? "not stated" : Confidence.LevelOf(said.Confidence) is { } level ? string.Create(CultureInfo.InvariantCulture, $"{said.Confidence} ({level} of 100)") : $"{said.Confidence} (no word of the taxonomy)");
        Line(output, "Source", said.Source);
        Line(output, "Dated", said.LastModified);
        Line(output, "Known", KnownWords(TagKnowledge.Of(fact)));
        Line(output, "Context", said.Context);
        Line(output, "Pack", $"{said.Pack.Title} ({said.Pack.Creator}; {said.Pack.File})");
        Line(output, "Imported", $"{fact.Import.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} by {fact.Import.By}");
        Line(output, "Written", fact.Written);
    }

    private static string KnownWords(TagKnowledge known) => string.Create(
        CultureInfo.InvariantCulture, $"from {known.Day:yyyy-MM-dd}, {(known.By == KnownBy.Pack ? "the day its pack states" : "the day it was imported")}");

    private static void Line(TextWriter output, string name, string? value)
    {
        if (value is not null) output.WriteLine($"{name,-12}  {PlainText.Of(value)}");
    }
}
