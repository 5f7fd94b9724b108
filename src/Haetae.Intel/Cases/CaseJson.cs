using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Intel.Cases.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Intel.Cases;

/// <summary>A case as canonical JSON, <c>haetae.case/1</c>; every member is described in <c>docs/formats/haetae.case.1.schema.json</c>.</summary>
public static class CaseJson
{
    /// <summary>A longer one is not read.</summary>
    public const int MostBytes = 256 << 20;

    /// <summary>Each has a section in a pack.</summary>
    internal const int MostTraces = 900;

    /// <summary>The canonical bytes, with the digest.</summary>
    public static byte[] Write(CaseDocument document)
    {
        var json = Of(document);
        json["digest"] = CanonicalJson.Digest(json);
        return CanonicalJson.Bytes(json);
    }

    /// <summary>Reads a case and checks its form, its digest and its history.</summary>
    /// <exception cref="IntelException">Something in it is not as it must be; the message names the member.</exception>
    public static CaseDocument Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var node = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var (document, digest) = JsonFields.Read(node, "case", ReadDocument);
            CaseHistory.Check(document);
            if (digest != CanonicalJson.Digest(Of(document))) throw new IntelException("case.digest: it is not the digest of the rest.");
            return bytes.SequenceEqual(Write(document)) ? document : throw new IntelException("the bytes are not canonical JSON (RFC 8785).");
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new IntelException($"it is no JSON that can be read: {wrong.Message}", wrong); // the last two: half of a surrogate pair
        }
    }

    /// <summary>The digest that a case states, which <see cref="Read"/> checks.</summary>
    public static string DigestIn(ReadOnlySpan<byte> bytes) => JsonNode.Parse(bytes)?["digest"]?.GetValue<string>() ?? throw new IntelException("case.digest: it is missing.");

    /// <summary>SHA-256 of the canonical form, in lower-case hex.</summary>
    internal static string DigestOf(JsonNode node) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(node)));

    private static (CaseDocument, string) ReadDocument(JsonFields json)
    {
        if (json.Text("format") is var format && format != CaseDocument.FormatName) throw new IntelException($"case.format: '{format}' is not {CaseDocument.FormatName}.");
        var digest = json.Hash("digest");
        var document = new CaseDocument
        {
            Head = json.Object("case", ReadHead),
            Thefts = json.List("thefts", ReadTheft),
            Facts = json.List("facts", f => new CaseFact(f.Text("name"), f.Text("value"), f.Text("source"), f.OneOf("status", CaseFact.Statuses))),
            Links = json.List("links", f => new CaseLink(f.Text("from"), f.Text("to"), f.Text("method"), f.Text("evidence"), f.TextOrNull("probability"))),
            Notes = json.List("notes", f => new CaseNote(f.Text("text"))),
            Traces = Bounded(json.List("traces", ReadTrace)),
            History = json.List("history", ReadEntry),
            Tags = json.Object("tags", ReadTags),
            Accounts = json.Has("accounts") ? json.Object("accounts", AccountPartJson.Read) : null,
        };
        return (document, digest);
    }

    private static IReadOnlyList<CaseTrace> Bounded(IReadOnlyList<CaseTrace> traces) =>
        traces.Count <= MostTraces ? traces : throw new IntelException($"case.traces: there are {traces.Count}, and {MostTraces} are the most.");

    private static CaseHead ReadHead(JsonFields json) => new(json.Text("title"), json.OneOf("marking", CaseHead.Markings), json.Text("chain"), json.Text("network"));

    private static CaseTheft ReadTheft(JsonFields json) => new(json.Text("name"), json.Texts("from"), json.List("seeds", ReadSeed));

    private static CaseSeed ReadSeed(JsonFields json) =>
        new(json.Hash("txid"), json.Number("vout"), json.Number("height"), json.TextOrNull("address"), json.Amount("value"), json.Amount("stolen"));

    private static IReadOnlyList<CaseTag> ReadTags(JsonFields json)
    {
        var digest = json.Hash("digest");
        var tags = json.List("items", ReadTag);
        if (digest != DigestOf(OfTags(tags))) throw new IntelException("case.tags.digest: it is not the digest of the tags.");
        return tags;
    }

    private static CaseTag ReadTag(JsonFields json) => new(
        json.Text("subject"), json.Text("label"), json.Text("source"), json.TextOrNull("actor"), json.TextOrNull("category"), json.TextOrNull("confidence"), json.TextOrNull("pack"), json.TextOrNull("creator"), json.OneOf("via", CaseTag.Ways));

    private static CaseTrace ReadTrace(JsonFields json) => new(
        json.Text("theft"), json.Hash("digest"), json.Text("engine"),
        json.Object("question", q => new CaseQuestion(q.Texts("policies"), q.Text("feeRule"), q.NumberOrNull("untilHeight"), q.AmountOrNull("minValue"), q.CountOrNull("maxTransactions"), q.Texts("stops"), q.Texts("through"), q.DayOrNull("tagsAsOf"), q.Number("bounds"))),
        json.Number("tipHeight"), json.Hash("tipHash"),
        json.List("books", b => new CaseBooks(b.Text("policy"), b.Amount("held"), b.Amount("parked"), b.Amount("fees"), b.Amount("cut"), b.Amount("stolen"))),
        json.Texts("transactions"));

    private static CaseEntry ReadEntry(JsonFields json) => new(json.Text("at"), json.Text("by"), json.OneOf("kind", CaseHistory.Kinds), json.Hash("item"), json.Hash("previous"));

    private static JsonObject Of(CaseDocument document)
    {
        var json = Common(document);
        if (document.Accounts is { } accounts) json["accounts"] = AccountPartJson.Of(accounts);
        return json;
    }

    private static JsonObject Common(CaseDocument document) => new()
    {
        ["format"] = CaseDocument.FormatName,
        ["case"] = Of(document.Head),
        ["thefts"] = Array(document.Thefts, Of),
        ["facts"] = Array(document.Facts, Of),
        ["links"] = Array(document.Links, Of),
        ["tags"] = new JsonObject { ["digest"] = DigestOf(OfTags(document.Tags)), ["items"] = OfTags(document.Tags) },
        ["notes"] = Array(document.Notes, Of),
        ["traces"] = Array(document.Traces, Of),
        ["history"] = Array(document.History, Of),
    };

    internal static JsonObject Of(CaseHead head) => new() { ["title"] = head.Title, ["marking"] = head.Marking, ["chain"] = head.Chain, ["network"] = head.Network };

    internal static JsonObject Of(CaseTheft theft) => new()
    {
        ["name"] = theft.Name,
        ["from"] = Array(theft.From, text => JsonValue.Create(text)),
        ["seeds"] = Array(theft.Seeds, seed => new JsonObject
        {
            ["txid"] = seed.TxId,
            ["vout"] = seed.Vout,
            ["height"] = seed.Height,
            ["address"] = seed.Address,
            ["value"] = Amount(seed.Value),
            ["stolen"] = Amount(seed.Stolen),
        }),
    };

    internal static JsonObject Of(CaseFact fact) => new() { ["name"] = fact.Name, ["value"] = fact.Value, ["source"] = fact.Source, ["status"] = fact.Status };

    internal static JsonObject Of(CaseLink link) =>
        new() { ["from"] = link.From, ["to"] = link.To, ["method"] = link.Method, ["evidence"] = link.Evidence, ["probability"] = link.Probability };

    internal static JsonObject Of(CaseTag tag) => new()
    {
        ["subject"] = tag.Subject,
        ["label"] = tag.Label,
        ["source"] = tag.Source,
        ["actor"] = tag.Actor,
        ["category"] = tag.Category,
        ["confidence"] = tag.Confidence,
        ["pack"] = tag.Pack,
        ["creator"] = tag.Creator,
        ["via"] = tag.Via,
    };

    internal static JsonObject Of(CaseNote note) => new() { ["text"] = note.Text };

    internal static JsonObject Of(CaseTrace trace) => new()
    {
        ["theft"] = trace.Theft,
        ["digest"] = trace.Digest,
        ["engine"] = trace.Engine,
        ["question"] = new JsonObject
        {
            ["policies"] = Array(trace.Question.Policies, text => JsonValue.Create(text)),
            ["feeRule"] = trace.Question.FeeRule,
            ["untilHeight"] = trace.Question.UntilHeight,
            ["minValue"] = trace.Question.MinValue is { } least ? Amount(least) : null,
            ["maxTransactions"] = trace.Question.MaxTransactions,
            ["stops"] = Array(trace.Question.Stops, text => JsonValue.Create(text)),
            ["through"] = Array(trace.Question.Through, text => JsonValue.Create(text)),
            ["tagsAsOf"] = trace.Question.TagsAsOf,
            ["bounds"] = trace.Question.Bounds,
        },
        ["tipHeight"] = trace.TipHeight,
        ["tipHash"] = trace.TipHash,
        ["books"] = Array(trace.Books, books => new JsonObject
        {
            ["policy"] = books.Policy,
            ["held"] = Amount(books.Held),
            ["parked"] = Amount(books.Parked),
            ["fees"] = Amount(books.Fees),
            ["cut"] = Amount(books.Cut),
            ["stolen"] = Amount(books.Stolen),
        }),
        ["transactions"] = Array(trace.Transactions, text => JsonValue.Create(text)),
    };

    internal static JsonObject Of(CaseEntry entry) => new() { ["at"] = entry.At, ["by"] = entry.By, ["kind"] = entry.Kind, ["item"] = entry.Item, ["previous"] = entry.Previous };

    private static JsonArray OfTags(IReadOnlyList<CaseTag> tags) => Array(tags, Of);

    private static JsonArray Array<T>(IReadOnlyList<T> items, Func<T, JsonNode> of) => new([.. items.Select(of)]);

    private static JsonValue Amount(long satoshi) => JsonValue.Create(satoshi.ToString(CultureInfo.InvariantCulture))!;
}
