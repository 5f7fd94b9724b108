using System.Globalization;

namespace Haetae.Tracing.Reports;

/// <summary>A trace as a table: one row per tainted output and policy, ends first, then spends, each in chain order. UTF-8, RFC 4180 quoting, lines end in LF.</summary>
/// <remarks>Amounts are satoshi. A cell is empty where the report says nothing: the time and script type of a spend, the reason of a spend, the spender of an unspent output, the entity of an address of which nothing is said.</remarks>
public static class TraceCsv
{
    public const string Header = "policy,kind,txid,vout,height,time,address,scriptType,value,tainted,reason,spentBy,entity,category,confidence";

    public static void Write(TraceReport report, TextWriter output)
    {
        output.Write(Header);
        output.Write('\n');
        foreach (var result in report.Results)
        {
            foreach (var end in result.Ends)
            {
                Row(output, result.Policy, "end", end.TxId, Number(end.Vout), Number(end.Height), Amounts.Instant(end.Time), end.Address ?? "",
                    end.ScriptType, Number(end.Value), Number(end.Tainted), end.Reason, end.SpentBy ?? "",
                    end.Entity?.Name ?? "", end.Entity?.Category ?? "", end.Entity?.ConfidenceLevel is { } level ? Number(level) : "");
            }

            foreach (var spend in result.Spends)
            {
                Row(output, result.Policy, "spend", spend.TxId, Number(spend.Vout), Number(spend.Height), "", spend.Address ?? "",
                    "", Number(spend.Value), Number(spend.Tainted), "", spend.SpentBy, "", "", "");
            }
        }
    }

    private static void Row(TextWriter output, params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) output.Write(',');
            output.Write(Quoted(cells[i]));
        }

        output.Write('\n');
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 && cell.Trim().Length == cell.Length ? cell : "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
