namespace Haetae.Tracing.Reports;

/// <summary>A walk back as a table: one row per source and policy, the largest first. Written as <see cref="TraceCsv"/> is; amounts are satoshi.</summary>
/// <remarks>A cell is empty where the report says nothing: the amount under poison, the entity of an address of which nothing is said.</remarks>
public static class SourcesCsv
{
    public const string Header = "policy,txid,vout,height,time,address,scriptType,value,amount,reason,entity,category,confidence";

    public static void Write(SourcesReport report, TextWriter output)
    {
        output.Write(Header);
        output.Write('\n');
        foreach (var result in report.Results)
        {
            foreach (var source in result.Sources ?? [])
            {
                TraceCsv.Row(output, null, result.Policy, source.TxId, TraceCsv.Number(source.Vout), TraceCsv.Number(source.Height), Amounts.Instant(source.Time), source.Address ?? "",
                    source.ScriptType, TraceCsv.Number(source.Value), source.Amount is { } amount ? TraceCsv.Number(amount) : "", source.Reason,
                    source.Entity?.Name ?? "", source.Entity?.Category ?? "", source.Entity?.ConfidenceLevel is { } level ? TraceCsv.Number(level) : "");
            }
        }
    }
}
