namespace Haetae.Tracing.Reports;

/// <summary>A walk back as canonical JSON, <c>haetae.sources/1</c>; every field is described in <c>docs/formats/haetae.sources.1.schema.json</c>.</summary>
public static class SourcesJson
{
    /// <summary>Writes the document and returns its digest.</summary>
    public static string Write(SourcesReport report, Stream output) => DigestedDocument.Write(output, (stream, digest) => WriteDocument(report, stream, digest));

    /// <summary>The SHA-256, in lower-case hex, of the canonical bytes without the member <c>digest</c>.</summary>
    public static string Digest(SourcesReport report) => DigestedDocument.Digest((stream, digest) => WriteDocument(report, stream, digest));

    private static void WriteDocument(SourcesReport report, Stream output, string? digest)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        if (digest is not null) json.Text("digest", digest);
        json.Text("format", SourcesReport.FormatName);
        json.Name("ledger");
        TraceJson.Ledger(json, report.Ledger);
        json.List("outputs", report.Outputs, Output);
        json.Name("parameters");
        Parameters(json, report.Parameters);
        json.List("results", report.Results, Result);
        if (report.Tags is { } tags)
        {
            json.Name("tags");
            StopJson.Tags(json, tags);
        }

        json.EndObject();
        json.Finish();
    }

    private static void Parameters(CanonicalWriter json, SourcesParameters asked)
    {
        json.BeginObject();
        json.List("from", asked.From);
        json.Number("maxTransactions", asked.MaxTransactions);
        json.List("policies", asked.Policies);
        if (asked.SinceHeight is { } since) json.Number("sinceHeight", since);
        json.List("stops", asked.Stops);
        if (asked.Through.Count > 0) json.List("through", asked.Through);
        if (asked.UntilHeight is { } until) json.Number("untilHeight", until);
        json.EndObject();
    }

    private static void Output(CanonicalWriter json, AskedOutput output)
    {
        json.BeginObject();
        TraceJson.Address(json, output.Address, output.ScriptType);
        StopJson.Member(json, output.Entity);
        json.Number("height", output.Height);
        if (output.Address is null && output.ScriptHex is not null) json.Text("scriptHex", output.ScriptHex);
        json.Text("scriptType", output.ScriptType);
        TraceJson.Time(json, output.Time);
        TraceJson.Outpoint(json, output.TxId, output.Value, output.Vout);
        json.EndObject();
    }

    private static void Result(CanonicalWriter json, SourcesResult result)
    {
        json.BeginObject();
        json.Flag("conserves", result.Conserves);
        json.List("paths", result.Paths, TraceJson.Path);
        json.Text("policy", result.Policy);
        json.List("reasons", result.Reasons, Reason);
        if (result.Sources is { } sources)
        {
            json.List("sources", sources, Source);
        }
        else
        {
            json.Name("sources");
            json.Null();
            json.Text("sourcesReason", SourcesText.TooMixed);
        }

        if (result.TransactionsVisited is { } visited) json.Number("transactionsVisited", visited);

        json.EndObject();
    }

    private static void Reason(CanonicalWriter json, SourceReasonTotal total)
    {
        json.BeginObject();
        Amount(json, total.Amount);
        json.Text("reason", total.Reason);
        json.Number("sources", total.Sources);
        json.EndObject();
    }

    private static void Source(CanonicalWriter json, TraceSource source)
    {
        json.BeginObject();
        TraceJson.Address(json, source.Address, source.ScriptType);
        Amount(json, source.Amount);
        StopJson.Member(json, source.Entity);
        json.Number("height", source.Height);
        json.Text("reason", source.Reason);
        if (source.Address is null && source.ScriptHex is not null) json.Text("scriptHex", source.ScriptHex);
        json.Text("scriptType", source.ScriptType);
        TraceJson.Time(json, source.Time);
        TraceJson.Outpoint(json, source.TxId, source.Value, source.Vout);
        json.EndObject();
    }

    private static void Amount(CanonicalWriter json, long? amount)
    {
        if (amount is { } satoshi)
        {
            json.Amount("amount", satoshi);
            return;
        }

        json.Name("amount");
        json.Null();
        json.Text("amountReason", "poison says what can have contributed, not how much");
    }
}
