using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Proofs;
using Haetae.Ledger.Storage;
using Haetae.Tracing;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Intel.Cases;

/// <summary>A trace as its JSON claims it, and the question it answers: enough to ask it again.</summary>
internal sealed class TraceClaims
{
    private readonly JsonNode _document;

    private TraceClaims(JsonNode document) => _document = document;

    internal string Digest => Text(_document["digest"]);

    internal string TipHash => Text(Ledger["tipHash"]);

    internal int TipHeight => Number(Ledger["tipHeight"]);

    internal StatedLedger Stated => new(Number(Ledger["firstHeight"]), Number(Ledger["unknownInputs"]), Number(Ledger["weakWorkBlocks"]));

    internal TraceParameters Parameters => new(
        Texts("from"), Texts("policies"), Text(Asked["feeRule"]), NumberOrNull(Asked["untilHeight"]), AmountOrNull(Asked["minValue"]),
        CountOrNull(Asked["maxTransactions"]), AmountOrNull(Asked["amount"]))
    {
        Stops = Texts("stops"),
        Through = Asked["through"] is null ? [] : Texts("through"),
        Bounds = NumberOrNull(Asked["bounds"]),
    };

    /// <summary>The tags it went by, as it says: the pack holds those that name an end, not the whole store.</summary>
    internal TraceTags? Tags => _document["tags"] is not { } tags ? null : new TraceTags(
        CountOrNull(tags["addresses"]) ?? throw Missing("addresses"), DayOrNull(tags["asOf"]), Truth(tags["clusters"]), Text(tags["digest"]));

    private JsonNode Ledger => _document["ledger"] ?? throw Missing("ledger");

    private JsonNode Asked => _document["parameters"] ?? throw Missing("parameters");

    /// <exception cref="IntelException">The bytes are no trace.</exception>
    internal static TraceClaims Read(ReadOnlySpan<byte> bytes) => Guarded(bytes, static bytes =>
    {
        var document = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false }) as JsonObject ?? throw Missing("trace");
        if (Text(document["format"]) != TraceReport.FormatName) throw new IntelException($"its format is not {TraceReport.FormatName}");
        var claims = new TraceClaims(document);
        _ = (claims.Digest, claims.TipHash, claims.TipHeight, claims.Stated, claims.Parameters, claims.Tags); // whatever is wrong with them is known now
        return claims;
    });

    /// <summary>The question, in the numbers of a graph.</summary>
    internal TraceQuery Query(ProvenLedger ledger, LedgerStops stops)
    {
        if (Parameters.FeeRule != "drop") throw new IntelException($"the fee rule '{Parameters.FeeRule}' rests on the fees of whole blocks, which a pack does not hold");
        if (Asked["thefts"] is not null || Asked["sensitivity"] is not null) throw new IntelException("it follows several thefts at once or was tried without its assumptions, which a pack does not hold");
        return new TraceQuery
        {
            Seeds = [.. Seeds().Select(seed => new StolenOutput(OutputOf(ledger, seed), seed.Stolen))],
            Stops = stops,
            UntilHeight = Parameters.UntilHeight,
            MinValue = Parameters.MinValue,
            MaxTransactions = Parameters.MaxTransactions,
        };
    }

    internal IReadOnlyList<Policy> Policies() => Parameters.Policies.Distinct().Count() < Parameters.Policies.Count
        ? throw new IntelException("it names a policy twice")
        : [.. Parameters.Policies.Select(name => PolicyNames.TryParse(name, out var policy) ? policy : throw new IntelException($"'{name}' is no policy this program knows"))];

    internal IEnumerable<(Hash256 TxId, int Vout, long Stolen)> Seeds() => (_document["seeds"] as JsonArray ?? throw Missing("seeds"))
        .Select(seed => (Hash256.TryParse(Text(seed?["txid"]), out var id) ? id : throw Missing("txid"), Number(seed?["vout"]), AmountOrNull(seed?["stolen"]) ?? throw Missing("stolen")));

    /// <summary>Where the trace stops: CoinJoins by the rules, judged anew; services by the names it claims, which only tags can say.</summary>
    internal LedgerStops Stops(ProvenLedger ledger)
    {
        var book = new EntityBook(ledger);
        foreach (var (output, entity) in Entities(ledger)) book.Add(ledger.ScriptOf(output), entity);
        var through = Parameters.Through;
        return new LedgerStops(ledger, book, new StopRules
        {
            Services = Parameters.Stops.Contains("services"),
            CoinJoins = Parameters.Stops.Contains("coinjoins"),
            ThroughTransactions = through.Select(what => Hash256.TryParse(what, out var id) ? ledger.Find(id) : 0).Where(number => number != 0).ToHashSet(),
            ThroughScripts = through.Select(what => Address.TryParse(what, ledger.Network, out var script, out _) ? ScriptKey.Of(script) : ScriptKey.Unspendable).Where(key => key != ScriptKey.Unspendable).ToHashSet(),
            ThroughEntities = through.ToHashSet(StringComparer.Ordinal),
        });
    }

    /// <summary>Every place where the trace names somebody, with the output it says it of.</summary>
    internal IEnumerable<(long Output, Entity Entity)> Entities(ProvenLedger ledger)
    {
        var results = _document["results"] as JsonArray ?? throw Missing("results");
        var places = Items(_document["seeds"])
            .Concat(results.SelectMany(result => Items(result?["ends"])))
            .Concat(results.SelectMany(result => Items(result?["paths"])).SelectMany(path => Items(path["steps"])));
        foreach (var place in places)
        {
            if (place["entity"] is not { } said || !Hash256.TryParse(Text(place["txid"]), out var id)) continue;
            yield return (OutputOf(ledger, (id, Number(place["vout"]), 0)), EntityOf(said));
        }

        static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray ?? throw Missing("a list")).Select(item => item ?? throw Missing("an item"));
    }

    private static Entity EntityOf(JsonNode said) => new(Text(said["name"]), TextOrNull(said["confidence"]), NumberOrNull(said["confidenceLevel"]), Text(said["source"]))
    {
        Actor = TextOrNull(said["actor"]),
        Category = TextOrNull(said["category"]),
        IsService = Truth(said["service"]),
        IsDisputed = Truth(said["disputed"]),
        Sanctions = TextOrNull(said["sanctions"]),
        Via = Text(said["via"]) == "cluster" ? EntityVia.Cluster : EntityVia.Address,
    };

    /// <summary>The first claim that another result does not bear out; null where there is none.</summary>
    internal string? FirstDifference(TraceReport found)
    {
        using var stream = new MemoryStream();
        TraceJson.Write(found, stream);
        var (claimed, recomputed) = (_document.DeepClone().AsObject(), JsonNode.Parse(stream.ToArray())!.AsObject());
        claimed.Remove("digest");
        recomputed.Remove("digest");
        return JsonDifference.First(claimed, recomputed, "trace");
    }

    private static long OutputOf(ProvenLedger ledger, (Hash256 TxId, int Vout, long Stolen) seed)
    {
        var number = ledger.Find(seed.TxId);
        if (number == 0) throw new IntelException($"the stolen output {seed.TxId}:{seed.Vout} is of a transaction that is not in the pack");
        var output = ledger.Graph.FirstOutput[number] + seed.Vout;
        return output < ledger.Graph.FirstOutput[number + 1L] ? output : throw new IntelException($"transaction {seed.TxId} has no output {seed.Vout}");
    }

    private IReadOnlyList<string> Texts(string name) => [.. (Asked[name] as JsonArray ?? throw Missing(name)).Select(Text)];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : throw Missing("a text");

    private static string? TextOrNull(JsonNode? node) => node is null ? null : Text(node);

    private static DateOnly? DayOrNull(JsonNode? node) =>
        node is null ? null : DateOnly.TryParseExact(Text(node), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Missing("a day");

    private static bool Truth(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool truth) ? truth : throw Missing("true or false");

    private static int Number(JsonNode? node) => NumberOrNull(node) is >= 0 and var number ? (int)number : throw Missing("a number");

    private static int? NumberOrNull(JsonNode? node) => CountOrNull(node) is not { } count ? null : count <= int.MaxValue ? (int)count : throw Missing("a smaller number");

    private static long? CountOrNull(JsonNode? node) => node is null ? null : node is JsonValue value && value.TryGetValue(out long number) ? number : throw Missing("a number");

    private static long? AmountOrNull(JsonNode? node) =>
        node is null ? null : long.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : throw Missing("an amount");

    private static IntelException Missing(string what) => new($"it is no trace: {what} is missing where it must be");

    private static TraceClaims Guarded(ReadOnlySpan<byte> bytes, Func<byte[], TraceClaims> read)
    {
        try
        {
            return read(bytes.ToArray());
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new IntelException($"it is no JSON that can be read: {wrong.Message}", wrong);
        }
    }
}
