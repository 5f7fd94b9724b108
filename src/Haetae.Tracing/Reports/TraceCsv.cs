using System.Globalization;

namespace Haetae.Tracing.Reports;

/// <summary>A trace as a table: one row per tainted output and policy, ends first, then spends, each in chain order. UTF-8, RFC 4180 quoting, lines end in LF.</summary>
/// <remarks>Amounts are satoshi. A cell is empty where the report says nothing: the time and script type of a spend, the reason of a spend, the spender of an unspent output, the entity of an address of which nothing is said, the least and the
/// most that any rule can place at an end's whole address where those were not reckoned. A trace of named thefts has
/// one more column, <c>thefts</c>: each one's part of an end, as in <c>first=3000 second=500</c>.</remarks>
public static class TraceCsv
{
    public const string Header = "policy,kind,txid,vout,height,time,address,scriptType,value,tainted,reason,spentBy,entity,category,confidence,addressLeast,addressMost";

    public static void Write(TraceReport report, TextWriter output)
    {
        var named = report.Parameters.Thefts.Count > 0;
        output.Write(named ? Header + ",thefts" : Header);
        output.Write('\n');
        var bounds = BoundsReport.ByHolder(report.Bounds);
        foreach (var result in report.Results)
        {
            foreach (var end in result.Ends)
            {
                var bound = bounds.GetValueOrDefault((end.Address, end.ScriptHex));
                Row(output, named ? TheftPart.Cell(end.Thefts) : null, result.Policy, "end", end.TxId, Number(end.Vout), Number(end.Height), Amounts.Instant(end.Time), end.Address ?? "",
                    end.ScriptType, Number(end.Value), Number(end.Tainted), end.Reason, end.SpentBy ?? "",
                    end.Entity?.Name ?? "", end.Entity?.Category ?? "", end.Entity?.ConfidenceLevel is { } level ? Number(level) : "",
                    bound is null ? "" : Number(bound.Least), bound is null ? "" : Number(bound.Most));
            }

            foreach (var spend in result.Spends)
            {
                Row(output, named ? "" : null, result.Policy, "spend", spend.TxId, Number(spend.Vout), Number(spend.Height), "", spend.Address ?? "",
                    "", Number(spend.Value), Number(spend.Tainted), "", spend.SpentBy, "", "", "", "", "");
            }
        }
    }

    // The last cell only where a trace has named thefts.
    internal static void Row(TextWriter output, string? thefts, params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) output.Write(',');
            output.Write(Quoted(cells[i]));
        }

        if (thefts is not null) output.Write("," + Quoted(thefts));
        output.Write('\n');
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 && cell.Trim().Length == cell.Length ? cell : "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
