using System.Text.Json.Nodes;
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
        ["problems"] = Of(report.Problems),
        ["notes"] = Of(report.Notes),
        ["notListed"] = report.NotListed,
    };

    internal static JsonObject Of(IReadOnlyList<PackCount> packs) => new()
    {
        ["tags"] = packs.Sum(held => held.Tags),
        ["actors"] = packs.Sum(held => held.Actors),
        ["packs"] = new JsonArray([.. packs.Select(held => (JsonNode)new JsonObject
        {
            ["title"] = held.Pack.Title,
            ["creator"] = held.Pack.Creator,
            ["file"] = held.Pack.File,
            ["tags"] = held.Tags,
            ["actors"] = held.Actors,
            ["firstImported"] = Instant(held.FirstImported),
        })]),
    };

    internal static JsonObject Of(string subject, IReadOnlyList<TagFact> facts) => new()
    {
        ["subject"] = subject,
        ["conflicts"] = new JsonObject(TagConflicts.Of(facts).Select(conflict => KeyValuePair.Create(conflict.Field, (JsonNode?)new JsonArray([.. conflict.Values.Select(value => (JsonNode)value)])))),
        ["tags"] = new JsonArray([.. facts.Select(fact => (JsonNode)Of(fact))]),
    };

    private static JsonObject Of(TagFact fact)
    {
        var said = fact.Statement;
        return new JsonObject
        {
            ["kind"] = fact.Kind == SubjectKind.Address ? "address" : "transaction",
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
            ["context"] = said.Context,
            ["pack"] = new JsonObject { ["title"] = said.Pack.Title, ["creator"] = said.Pack.Creator, ["file"] = said.Pack.File },
            ["importedBy"] = fact.Import.By,
            ["importedAt"] = Instant(fact.Import.At),
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
