namespace Haetae.Tracing.Reports;

/// <summary>A trace as canonical JSON, <c>haetae.trace/1</c>; every field is described in <c>docs/formats/haetae.trace.1.schema.json</c>.</summary>
/// <remarks>The member <c>digest</c> sorts first, so the report is walked twice: once into the hash, once into the stream. Neither walk keeps it.</remarks>
public static class TraceJson
{
    /// <summary>Writes the document and returns its digest.</summary>
    public static string Write(TraceReport report, Stream output) => DigestedDocument.Write(output, (stream, digest) => WriteDocument(report, stream, digest));

    /// <summary>The SHA-256, in lower-case hex, of the canonical bytes without the member <c>digest</c>.</summary>
    public static string Digest(TraceReport report) => DigestedDocument.Digest((stream, digest) => WriteDocument(report, stream, digest));

    private static void WriteDocument(TraceReport report, Stream output, string? digest)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        BoundsJson.Member(json, report.Bounds);
        if (digest is not null) json.Text("digest", digest);
        json.Text("format", TraceReport.FormatName);
        json.Name("ledger");
        Ledger(json, report.Ledger);
        json.Name("parameters");
        Parameters(json, report.Parameters);
        json.List("results", report.Results, Result);
        json.List("seeds", report.Seeds, Seed);
        if (report.Sensitivity is { } sensitivity)
        {
            json.Name("sensitivity");
            SensitivityJson.Write(json, sensitivity);
        }

        if (report.Tags is { } tags)
        {
            json.Name("tags");
            StopJson.Tags(json, tags);
        }

        json.EndObject();
        json.Finish();
    }

    internal static void Ledger(CanonicalWriter json, TraceLedger ledger)
    {
        json.BeginObject();
        json.Text("chain", ledger.Chain);
        json.Number("firstHeight", ledger.FirstHeight);
        json.Text("network", ledger.Network);
        json.Text("tipHash", ledger.TipHash);
        json.Number("tipHeight", ledger.TipHeight);
        json.Number("unknownInputs", ledger.UnknownInputs);
        json.Number("weakWorkBlocks", ledger.WeakWorkBlocks);
        json.EndObject();
    }

    private static void Parameters(CanonicalWriter json, TraceParameters asked)
    {
        json.BeginObject();
        if (asked.Amount is { } amount) json.Amount("amount", amount);
        if (asked.Bounds is { } bounds) json.Number("bounds", bounds);
        json.Text("feeRule", asked.FeeRule);
        json.List("from", asked.From);
        if (asked.Links.Count > 0) json.List("links", asked.Links);
        if (asked.MaxTransactions is { } transactions) json.Number("maxTransactions", transactions);
        if (asked.MinValue is { } value) json.Amount("minValue", value);
        json.List("policies", asked.Policies);
        if (asked.Sensitivity > 0) json.Number("sensitivity", asked.Sensitivity);
        json.List("stops", asked.Stops);
        if (asked.Thefts.Count > 0) json.List("thefts", asked.Thefts, TheftJson.Asked);
        if (asked.Through.Count > 0) json.List("through", asked.Through);
        if (asked.UntilHeight is { } height) json.Number("untilHeight", height);
        json.EndObject();
    }

    private static void Seed(CanonicalWriter json, TraceSeed seed)
    {
        json.BeginObject();
        Address(json, seed.Address, seed.ScriptType);
        StopJson.Member(json, seed.Entity);
        json.Number("height", seed.Height);
        json.Text("scriptType", seed.ScriptType);
        json.Amount("stolen", seed.Stolen);
        if (seed.Theft is not null) json.Text("theft", seed.Theft);
        Time(json, seed.Time);
        Outpoint(json, seed.TxId, seed.Value, seed.Vout);
        json.EndObject();
    }

    private static void Result(CanonicalWriter json, PolicyResult result)
    {
        json.BeginObject();
        json.List("addresses", result.Addresses, AddressTotal);
        json.Name("books");
        Books(json, result.Books);
        if (result.Thefts.Count > 0) json.List("collisions", result.Collisions, TheftJson.Collision);
        json.Flag("conserves", result.Conserves);
        json.List("ends", result.Ends, End);
        json.List("entities", result.Entities, StopJson.Total);
        json.List("limits", result.Limits, Limit);
        if (result.Links.Count > 0) json.List("links", result.Links, Link);
        json.List("paths", result.Paths, Path);
        json.Text("policy", result.Policy);
        json.List("spends", result.Spends, Spend);
        json.List("stops", result.Stops, StopJson.Stop);
        if (result.Thefts.Count > 0) json.List("thefts", result.Thefts, Theft);
        json.Number("transactionsVisited", result.TransactionsVisited);
        json.EndObject();
    }

    private static void Theft(CanonicalWriter json, TheftResult theft) =>
        TheftJson.Result(json, theft, static (json, theft) => json.List("addresses", theft.Addresses, AddressTotal), Books);

    private static void Books(CanonicalWriter json, TraceBooks books)
    {
        json.BeginObject();
        json.Amount("absorbed", books.Absorbed);
        json.Amount("cut", books.Cut);
        json.Amount("fees", books.Fees);
        json.Amount("held", books.Held);
        json.Amount("parked", books.Parked);
        json.Amount("seeds", books.Seeds);
        json.Amount("stolen", books.Stolen);
        json.EndObject();
    }

    private static void End(CanonicalWriter json, TraceEnd end)
    {
        json.BeginObject();
        Address(json, end.Address, end.ScriptType);
        StopJson.Member(json, end.Entity);
        json.Number("height", end.Height);
        json.Text("reason", end.Reason);
        if (end.ScriptHex is not null) json.Text("scriptHex", end.ScriptHex);
        json.Text("scriptType", end.ScriptType);
        json.TextOrNull("spentBy", end.SpentBy);
        json.Amount("tainted", end.Tainted);
        if (end.Thefts.Count > 0) json.List("thefts", end.Thefts, TheftJson.Part);
        Time(json, end.Time);
        Outpoint(json, end.TxId, end.Value, end.Vout);
        json.EndObject();
    }

    private static void AddressTotal(CanonicalWriter json, AddressTotal total)
    {
        json.BeginObject();
        Address(json, total.Address, total.ScriptType);
        json.Number("ends", total.Ends);
        StopJson.Member(json, total.Entity);
        json.Number("firstHeight", total.FirstHeight);
        json.Number("lastHeight", total.LastHeight);
        if (total.ScriptHex is not null) json.Text("scriptHex", total.ScriptHex);
        json.Text("scriptType", total.ScriptType);
        json.Amount("tainted", total.Tainted);
        json.EndObject();
    }

    private static void Spend(CanonicalWriter json, TraceSpend spend)
    {
        json.BeginObject();
        Address(json, spend.Address, scriptType: null);
        json.Number("height", spend.Height);
        json.Text("spentBy", spend.SpentBy);
        json.Number("spentHeight", spend.SpentHeight);
        json.Amount("tainted", spend.Tainted);
        Outpoint(json, spend.TxId, spend.Value, spend.Vout);
        json.EndObject();
    }

    internal static void Path(CanonicalWriter json, TracePath path)
    {
        json.BeginObject();
        json.List("steps", path.Steps, Step);
        json.Amount("tainted", path.Tainted);
        json.EndObject();
    }

    private static void Step(CanonicalWriter json, PathStep step)
    {
        json.BeginObject();
        Address(json, step.Address, step.ScriptType);
        StopJson.Member(json, step.Entity);
        json.Number("height", step.Height);
        json.Text("scriptType", step.ScriptType);
        json.Amount("tainted", step.Tainted);
        Time(json, step.Time);
        Outpoint(json, step.TxId, step.Value, step.Vout);
        json.EndObject();
    }

    private static void Link(CanonicalWriter json, TraceLink link)
    {
        json.BeginObject();
        if (link.Address is not null) json.Text("address", link.Address);
        json.Amount("amount", link.Amount);
        if (link.Asked is { } asked) json.Amount("asked", asked);
        json.Text("from", link.From);
        json.Number("height", link.Height);
        json.Text("txid", link.TxId);
        json.Number("vout", link.Vout);
        json.EndObject();
    }

    private static void Limit(CanonicalWriter json, TraceLimit limit)
    {
        json.BeginObject();
        json.Number("ends", limit.Ends);
        json.Text("kind", limit.Kind);
        if (limit.Setting is not null) json.Text("setting", limit.Setting);
        json.Amount("tainted", limit.Tainted);
        json.EndObject();
    }

    internal static void Address(CanonicalWriter json, string? address, string? scriptType)
    {
        json.TextOrNull("address", address);
        if (address is null) json.Text("addressReason", scriptType is null ? "the script has no address" : $"a {scriptType} script has no address");
    }

    internal static void Outpoint(CanonicalWriter json, string txId, long value, int vout)
    {
        json.Text("txid", txId);
        json.Amount("value", value);
        json.Number("vout", vout);
    }

    internal static void Time(CanonicalWriter json, uint seconds) => json.Text("time", Amounts.Instant(seconds));

}
