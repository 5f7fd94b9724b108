using System.Text.Json.Nodes;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;

namespace Haetae.Cli.Commands;

/// <summary>Tags and what became of an import, as JSON.</summary>
internal static class TagsJson
{
    internal static JsonObject Of(TagImportReport report) => new()
    {
        ["files"] = report.Files,
        ["packs"] = report.Packs,
        ["brokenFiles"] = report.BrokenFiles,
        ["read"] = report.Read,
        ["stored"] = report.Stored,
        ["duplicate"] = report.Duplicate,
        ["rejected"] = report.Rejected,
        ["normalised"] = report.Normalised,
        ["actors"] = new JsonObject
        {
            ["read"] = report.ActorsRead,
            ["stored"] = report.ActorsStored,
            ["duplicate"] = report.ActorsDuplicate,
            ["rejected"] = report.ActorsRejected,
        },
        ["sanctions"] = new JsonObject
        {
            ["read"] = report.SanctionsRead,
            ["stored"] = report.SanctionsStored,
            ["duplicate"] = report.SanctionsDuplicate,
            ["rejected"] = report.SanctionsRejected,
        },
        ["taken"] = new JsonArray([.. report.Taken.Select(taken => (JsonNode)new JsonObject { ["file"] = taken.File, ["what"] = taken.What })]),
        ["skipped"] = new JsonArray([.. report.Skipped.Select(skipped => (JsonNode)new JsonObject { ["file"] = skipped.File, ["reason"] = skipped.Reason })]),
        ["problems"] = Of(report.Problems),
        ["notes"] = Of(report.Notes),
        ["notListed"] = report.NotListed,
    };

    internal static JsonObject Of(IReadOnlyList<PackCount> packs, IReadOnlyList<SanctionSource> sanctions) => new()
    {
        ["format"] = "haetae.taglist/1",
        ["tags"] = packs.Sum(held => held.Tags),
        ["actors"] = packs.Sum(held => held.Actors),
        ["sanctions"] = sanctions.Sum(source => source.Listed + source.Removed),
        ["packs"] = new JsonArray([.. packs.Select(held => (JsonNode)new JsonObject
        {
            ["title"] = held.Pack.Title,
            ["creator"] = held.Pack.Creator,
            ["file"] = held.Pack.File,
            ["tags"] = held.Tags,
            ["actors"] = held.Actors,
            ["firstImported"] = Instant(held.FirstImported),
            ["retractions"] = Of(held.Retractions),
        })]),
        ["sanctionSources"] = new JsonArray([.. sanctions.Select(source => (JsonNode)new JsonObject
        {
            ["source"] = source.Source,
            ["basis"] = source.Basis.ToString().ToLowerInvariant(),
            ["listed"] = source.Listed,
            ["removed"] = source.Removed,
            ["firstDay"] = TagDays.Text(source.First),
            ["lastDay"] = TagDays.Text(source.Last),
        })]),
    };

    internal static JsonObject Of(string asked, TagsOnDay tags, SanctionsText sanctions)
    {
        var json = new JsonObject
        {
            ["format"] = "haetae.tags/1",
            ["subject"] = TagSubject.KeyOf(asked),
            ["tagsAsOf"] = TagDays.Text(tags.Day),
            ["notYetKnown"] = tags.NotYetKnown,
            ["withdrawn"] = tags.Withdrawn,
            ["conflicts"] = new JsonObject(TagConflicts.Of(tags.Standing).Select(conflict => KeyValuePair.Create(conflict.Field, (JsonNode?)new JsonArray([.. conflict.Values.Select(value => (JsonNode)value)])))),
            ["tags"] = new JsonArray([.. tags.Shown.Select(fact => (JsonNode)Of(fact, tags.WithdrawnBy(fact) is not null))]),
        };
        sanctions.AddTo(json);
        return json;
    }

    internal static JsonObject Of(PackHeader pack) => new() { ["title"] = pack.Title, ["creator"] = pack.Creator, ["file"] = pack.File };

    internal static JsonArray Of(IReadOnlyList<Retraction> retractions) => new([.. retractions.Select(said => (JsonNode)new JsonObject
    {
        ["change"] = said.Change == RetractionChange.Withdrawn ? "withdrawn" : "standsAgain",
        ["of"] = said.Target.ToString().ToLowerInvariant(),
        ["since"] = TagDays.Text(said.Since),
        ["by"] = said.By,
        ["reason"] = said.Reason,
        ["enteredBy"] = said.Import!.By,
        ["enteredAt"] = Instant(said.Import.At),
    })]);

    private static JsonObject Of(TagFact fact, bool isWithdrawn)
    {
        var said = fact.Statement;
        var known = TagKnowledge.Of(fact);
        return new JsonObject
        {
            ["kind"] = fact.Kind == SubjectKind.Address ? "address" : "transaction",
            ["scope"] = fact.SpeaksForCluster ? "cluster" : "subject",
            ["written"] = fact.Written ?? fact.Subject,
            ["label"] = said.Label,
            ["actor"] = said.Actor,
            ["category"] = said.Category,
            ["abuse"] = said.Abuse,
            ["concepts"] = said.Concepts is null ? null : JsonNode.Parse(said.Concepts),
            ["currency"] = said.Currency,
            ["network"] = said.Network,
            ["tagType"] = said.TagType,
            ["isClusterDefiner"] = said.IsClusterDefiner,
            ["confidence"] = said.Confidence,
            ["confidenceLevel"] = Confidence.LevelOf(said.Confidence),
            ["source"] = said.Source,
            ["lastModified"] = said.LastModified,
            ["knownFrom"] = TagDays.Text(known.Day),
            ["knownBy"] = known.By == KnownBy.Pack ? "lastModified" : "import",
            ["context"] = said.Context,
            ["pack"] = Of(said.Pack),
            ["importedBy"] = fact.Import.By,
            ["importedAt"] = Instant(fact.Import.At),
            ["withdrawn"] = isWithdrawn,
            ["retractions"] = Of(fact.Retractions),
        };
    }

    private static JsonArray Of(List<TagProblem> problems) => new([.. problems.Select(problem => (JsonNode)new JsonObject
    {
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["reason"] = problem.Reason,
    })]);

    private static JsonNode Instant(DateTimeOffset at) => JsonText.Instant(checked((uint)at.ToUnixTimeSeconds()));
}
