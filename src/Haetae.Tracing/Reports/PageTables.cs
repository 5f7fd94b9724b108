namespace Haetae.Tracing.Reports;

/// <summary>The tables of the page. Each one that is cut says how many rows and how much money it leaves out, and where all of it is.</summary>
internal static class PageTables
{
    private const int PoliciesBesideEachOther = 4; // on a sheet of A4, with amounts of eight figures

    public static void Books(TraceReport report, TextWriter html)
    {
        var results = report.Results;
        var tables = (results.Count + PoliciesBesideEachOther - 1) / PoliciesBesideEachOther;
        var place = Answer.Sentenced(results.Select(Answer.PlaceNoun).Distinct().ToList() is [var noun] ? noun.Many : "addresses and scripts");
        var absorbs = results.Any(result => result.Books.Absorbed != 0);
        foreach (var group in results.Chunk((results.Count + tables - 1) / tables)) Books(group, tables == 1, place, absorbs, html);
        if (results.Count > 1) html.Write($"<p class=\"hint\"><small>{(tables == 1 ? "The table scrolls" : "The tables scroll")} sideways.</small></p>\n");
        var reach = results.Where(result => !result.Conserves).Select(result => PolicyMethod.Of(result.Policy).Title).ToList();
        if (reach.Count > 0)
        {
            html.Write($"<p class=\"under\"><small>{Shown.Markup(string.Join(", ", reach))}: what was reached, so its figures can exceed what was stolen. Under every other policy, stolen = held + parked + fees + left open.</small></p>\n");
        }
    }

    private static void Books(PolicyResult[] group, bool all, string place, bool absorbs, TextWriter html)
    {
        var titles = group.Select(result => Shown.Markup(PolicyMethod.Of(result.Policy).Title)).ToList();
        html.Write($"<div class=\"card scroll books\" role=\"region\" aria-label=\"Books of {(all ? "every policy" : string.Join(", ", titles))}\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">BTC</th>");
        foreach (var title in titles) html.Write($"<th scope=\"col\">{title}</th>");
        html.Write("</tr></thead><tbody>\n");
        Row("Stolen", "sum", result => PageParts.AmountOnTwoLines(result.Books.Stolen));
        Row("Held, unspent", "", result => PageParts.AmountOnTwoLines(result.Books.Held));
        Row("Parked at a stop", "", result => PageParts.AmountOnTwoLines(result.Books.Parked));
        Row("Lost to fees", "", result => PageParts.AmountOnTwoLines(result.Books.Fees));
        Row("Left open by a limit", "", result => PageParts.AmountOnTwoLines(result.Books.Cut));
        if (absorbs) Row("Came back to a seed", "", result => PageParts.AmountOnTwoLines(result.Books.Absorbed));
        Row("Open ends", "", result => Amounts.Count(result.Ends.Count));
        Row(place, "", result => Amounts.Count(result.Addresses.Count));
        Row("Transactions followed", "", result => Amounts.Count(result.TransactionsVisited));
        html.Write("</tbody></table></div>\n");

        void Row(string name, string style, Func<PolicyResult, string> cell)
        {
            html.Write($"<tr class=\"{style}\"><th scope=\"row\">{name}</th>");
            foreach (var result in group) html.Write($"<td>{cell(result)}</td>");
            html.Write("</tr>\n");
        }
    }

    public static void Addresses(PolicyResult result, TextWriter html, int most)
    {
        if (result.Addresses.Count == 0)
        {
            html.Write("<p>No open end: nothing lies at any address.</p>\n");
            return;
        }

        Start(html, $"{Answer.Sentenced(Answer.PlaceNoun(result).One)}, largest amount first", "Ends", "Last block", "Tainted, BTC");
        var largest = result.Addresses[0].Tainted;
        foreach (var total in result.Addresses.Take(most))
        {
            html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\">{PageParts.Holder(total.Address, total.ScriptType, total.ScriptHex)}{PageParts.Said(total.Entity)}{PageParts.Bar(total.Tainted, largest)}</th>");
            html.Write($"<td role=\"cell\" class=\"short\" data-label=\"Ends\">{Amounts.Count(total.Ends)}</td><td role=\"cell\" class=\"short\" data-label=\"Last block\">{Answer.Height(total.LastHeight)}</td>");
            html.Write($"<td role=\"cell\" data-label=\"Tainted, BTC\"><span>{PageParts.AmountOnTwoLines(total.Tainted)}</span></td></tr>\n");
        }

        var (one, many) = Answer.PlaceNoun(result);
        Finish(html, result.Addresses.Count, most, one, many, result.Addresses.Skip(most).Sum(total => total.Tainted));
    }

    public static void Ends(PolicyResult result, TextWriter html, int most)
    {
        if (result.Ends.Count == 0) return;
        html.Write("<h3>Open ends</h3>\n");
        Start(html, "Output, in chain order", "Block", "Why it ends", "Tainted, BTC");
        foreach (var end in result.Ends.Take(most))
        {
            html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\">{PageParts.Holder(end.Address, end.ScriptType, end.ScriptHex)}{PageParts.Said(end.Entity)}{PageParts.Outpoint(end.TxId, end.Vout)}");
            if (end.SpentBy is not null) html.Write($"<span class=\"sub\">spent by {Shown.Markup(end.SpentBy)}</span>");
            html.Write($"</th><td role=\"cell\" data-label=\"Block\"><span>{PageParts.Block(end.Height, end.Time)}</span></td>");
            html.Write($"<td role=\"cell\" data-label=\"Why it ends\">{Shown.Markup(Answer.Reason(end.Reason))}</td>");
            html.Write($"<td role=\"cell\" data-label=\"Tainted, BTC\"><span>{PageParts.AmountOfWhole(end.Tainted, end.Value)}</span></td></tr>\n");
        }

        Finish(html, result.Ends.Count, most, "end", "ends", result.Ends.Skip(most).Sum(end => end.Tainted));
    }

    public static void Seeds(TraceReport report, TextWriter html, int most)
    {
        Start(html, "Stolen output, in chain order", "Block", "Stolen, BTC");
        foreach (var seed in report.Seeds.Take(most))
        {
            html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\">{PageParts.Holder(seed.Address, seed.ScriptType, seed.ScriptHex)}{PageParts.Said(seed.Entity)}{PageParts.Outpoint(seed.TxId, seed.Vout)}{(seed.Theft is { } theft ? $"<span class=\"sub\">theft: {Shown.Markup(theft)}</span>" : "")}</th>");
            html.Write($"<td role=\"cell\" data-label=\"Block\"><span>{PageParts.Block(seed.Height, seed.Time)}</span></td>");
            html.Write($"<td role=\"cell\" data-label=\"Stolen, BTC\"><span>{PageParts.AmountOfWhole(seed.Stolen, seed.Value)}</span></td></tr>\n");
        }

        Finish(html, report.Seeds.Count, most, "stolen output", "stolen outputs", report.Seeds.Skip(most).Sum(seed => seed.Stolen));
    }

    public static void Start(TextWriter html, params ReadOnlySpan<string> heads)
    {
        html.Write("<div class=\"card\"><table class=\"stack\" role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">");
        foreach (var head in heads) html.Write($"<th scope=\"col\" role=\"columnheader\">{head}</th>");
        html.Write("</tr></thead><tbody role=\"rowgroup\">\n");
    }

    public static void Finish(TextWriter html, int rows, int most, string one, string many, long rest)
    {
        html.Write("</tbody></table></div>\n");
        if (rows <= most) return;
        html.Write($"<p class=\"under\"><small>The first {Amounts.Count(most)} of {Amounts.Count(rows, one, many)}. {Amounts.Count(rows - most)} more with {Amounts.Btc(rest)} are in the JSON and CSV files of this trace.</small></p>\n");
    }
}
