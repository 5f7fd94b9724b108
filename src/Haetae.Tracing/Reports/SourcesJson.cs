namespace Haetae.Tracing.Reports;

/// <summary>A walk back as canonical JSON, <c>haetae.sources/1</c>; every field is described in <c>docs/formats/haetae.sources.1.schema.json</c>.</summary>
public static class SourcesJson
{
    /// <summary>Writes the document and returns its digest.</summary>
    public static string Write(SourcesReport report, Stream output)
    {
        var digest = Digest(report);
        WriteDocument(report, output, digest);
        return digest;
    }

    /// <summary>The SHA-256, in lower-case hex, of the canonical bytes without the member <c>digest</c>.</summary>
    public static string Digest(SourcesReport report)
    {
        using var sink = new TraceJson.HashSink();
        WriteDocument(report, sink, digest: null);
        return sink.Finish();
    }

    private static void WriteDocument(SourcesReport report, Stream output, string? digest)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        if (digest is not null) TraceJson.Text(json, "digest", digest);
        TraceJson.Text(json, "format", SourcesReport.FormatName);
        json.Name("ledger");
        TraceJson.Ledger(json, report.Ledger);
        TraceJson.List(json, "outputs", report.Outputs, Output);
        json.Name("parameters");
        Parameters(json, report.Parameters);
        TraceJson.List(json, "results", report.Results, Result);
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
        TraceJson.List(json, "from", asked.From, static (json, text) => json.String(text));
        TraceJson.Number(json, "maxTransactions", asked.MaxTransactions);
        TraceJson.List(json, "policies", asked.Policies, static (json, text) => json.String(text));
        if (asked.SinceHeight is { } since) TraceJson.Number(json, "sinceHeight", since);
        TraceJson.List(json, "stops", asked.Stops, static (json, text) => json.String(text));
        if (asked.Through.Count > 0) TraceJson.List(json, "through", asked.Through, static (json, text) => json.String(text));
        if (asked.UntilHeight is { } until) TraceJson.Number(json, "untilHeight", until);
        json.EndObject();
    }

    private static void Output(CanonicalWriter json, AskedOutput output)
    {
        json.BeginObject();
        TraceJson.Address(json, output.Address, output.ScriptType);
        StopJson.Member(json, output.Entity);
        TraceJson.Number(json, "height", output.Height);
        if (output.Address is null && output.ScriptHex is not null) TraceJson.Text(json, "scriptHex", output.ScriptHex);
        TraceJson.Text(json, "scriptType", output.ScriptType);
        TraceJson.Time(json, output.Time);
        TraceJson.Outpoint(json, output.TxId, output.Value, output.Vout);
        json.EndObject();
    }

    private static void Result(CanonicalWriter json, SourcesResult result)
    {
        json.BeginObject();
        json.Name("conserves");
        json.Boolean(result.Conserves);
        TraceJson.List(json, "paths", result.Paths, TraceJson.Path);
        TraceJson.Text(json, "policy", result.Policy);
        TraceJson.List(json, "reasons", result.Reasons, Reason);
        if (result.Sources is { } sources)
        {
            TraceJson.List(json, "sources", sources, Source);
        }
        else
        {
            json.Name("sources");
            json.Null();
            TraceJson.Text(json, "sourcesReason", SourcesText.TooMixed);
        }

        if (result.TransactionsVisited is { } visited) TraceJson.Number(json, "transactionsVisited", visited);

        json.EndObject();
    }

    private static void Reason(CanonicalWriter json, SourceReasonTotal total)
    {
        json.BeginObject();
        Amount(json, total.Amount);
        TraceJson.Text(json, "reason", total.Reason);
        TraceJson.Number(json, "sources", total.Sources);
        json.EndObject();
    }

    private static void Source(CanonicalWriter json, TraceSource source)
    {
        json.BeginObject();
        TraceJson.Address(json, source.Address, source.ScriptType);
        Amount(json, source.Amount);
        StopJson.Member(json, source.Entity);
        TraceJson.Number(json, "height", source.Height);
        TraceJson.Text(json, "reason", source.Reason);
        if (source.Address is null && source.ScriptHex is not null) TraceJson.Text(json, "scriptHex", source.ScriptHex);
        TraceJson.Text(json, "scriptType", source.ScriptType);
        TraceJson.Time(json, source.Time);
        TraceJson.Outpoint(json, source.TxId, source.Value, source.Vout);
        json.EndObject();
    }

    private static void Amount(CanonicalWriter json, long? amount)
    {
        if (amount is { } satoshi)
        {
            TraceJson.Amount(json, "amount", satoshi);
            return;
        }

        json.Name("amount");
        json.Null();
        TraceJson.Text(json, "amountReason", "poison says what can have contributed, not how much");
    }
}
