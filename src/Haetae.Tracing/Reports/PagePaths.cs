namespace Haetae.Tracing.Reports;

/// <summary>The strongest paths on the page, each a chain of outputs to read from top to bottom.</summary>
internal static class PagePaths
{
    private const int Head = 4, Tail = 3;

    public static void Write(PolicyResult result, TextWriter html, int most)
    {
        if (result.Paths.Count == 0) return;
        html.Write("<h3>Strongest paths</h3>\n<p><small>Each output is spent by the transaction that makes the next one.</small></p>\n");
        var number = 0;
        foreach (var path in result.Paths.Take(most)) One(path, result, ++number, html);
        if (result.Paths.Count > most) html.Write($"<p><small>{Amounts.Count(result.Paths.Count - most, "more path is", "more paths are")} in the JSON file of this trace.</small></p>\n");
    }

    private static void One(TracePath path, PolicyResult result, int number, TextWriter html)
    {
        var steps = path.Steps;
        var way = steps.Count == 1
            ? $"{Amounts.Btc(path.Tainted)}, {Answer.Unmoved(path, result)}"
            : $"at most {Amounts.Btc(path.Tainted)} over {Amounts.Count(steps.Count - 1, "transaction", "transactions")}";
        html.Write($"<div class=\"card path\"><h4>Path {Amounts.Count(number)}: {way}</h4>\n<ol class=\"chain\">\n");
        for (var i = 0; i < steps.Count; i++)
        {
            var hidden = steps.Count - Head - Tail;
            if (hidden > 1 && i == Head)
            {
                html.Write($"<li class=\"gap\"><small>{Amounts.Count(hidden)} outputs between, blocks {Answer.Height(steps[i].Height)} to {Answer.Height(steps[i + hidden - 1].Height)}: all are in the JSON file of this trace</small></li>\n");
                i += hidden;
            }

            var step = steps[i];
            html.Write($"<li><span class=\"row\">{PageParts.HolderName(step.Address, step.ScriptType, step.ScriptHex)}<span class=\"num nowrap\">{PageParts.Amount(step.Tainted)} BTC</span></span>");
            html.Write($"{PageParts.Said(step.Entity)}<small>block {Answer.Height(step.Height)}, {Amounts.Time(step.Time)}{(step.Tainted < step.Value ? $", of {Amounts.Btc(step.Value)}" : "")}</small>{PageParts.Outpoint(step.TxId, step.Vout)}</li>\n");
        }

        html.Write("</ol></div>\n");
    }
}
