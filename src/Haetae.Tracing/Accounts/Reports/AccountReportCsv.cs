using System.Globalization;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>Every transfer that carried taint, one a row, for each policy; amounts in base units.</summary>
public static class AccountReportCsv
{
    public static void Write(AccountReport report, TextWriter output)
    {
        output.Write("policy,time,block,txid,index,kind,from,to,asset,symbol,decimals,amount,tainted\n");
        foreach (var result in report.Results)
        {
            foreach (var flow in result.Flow)
            {
                var move = flow.Move;
                string[] cells =
                [
                    result.Policy, Amounts.Instant(move.Time), move.Block?.ToString(CultureInfo.InvariantCulture) ?? "", move.TxId, move.Index.ToString(CultureInfo.InvariantCulture), move.Kind, move.From ?? "", move.To ?? "",
                    move.Asset.Name.Caip19, Cell(move.Asset.Symbol ?? ""), move.Asset.Decimals?.ToString(CultureInfo.InvariantCulture) ?? "", move.Amount.ToString(), flow.Tainted.ToString(),
                ];
                output.Write(string.Join(',', cells) + "\n");
            }
        }
    }

    // A symbol is whatever a contract's author wrote: quoted, and kept from being read as a formula.
    private static string Cell(string text)
    {
        text = Shown.Plain(text);
        if (text.Length > 0 && "=+-@\t".Contains(text[0], StringComparison.Ordinal)) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
