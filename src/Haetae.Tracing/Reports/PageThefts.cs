namespace Haetae.Tracing.Reports;

/// <summary>The part of the page that tells several thefts apart. A trace of one theft without a name has none.</summary>
internal static class PageThefts
{
    public static void Write(PolicyResult result, TextWriter html, int most)
    {
        if (result.Thefts.Count == 0) return;
        var title = Shown.Markup(PolicyMethod.Of(result.Policy).Title);
        html.Write($"<section aria-labelledby=\"thefts\"><h2 id=\"thefts\">Each theft, {title}</h2>\n<p>In the order of their first stolen outputs on chain. What two thefts claim is the earlier one's.</p>\n");
        PageTables.Start(html, "Theft, the earliest first", "Held, BTC", "Parked, BTC", "Stolen, BTC");
        foreach (var theft in result.Thefts)
        {
            html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\">{Shown.Markup(theft.Name)}<span class=\"sub\">{Amounts.Count(theft.Ends, "open end", "open ends")}, {Amounts.Btc(theft.Books.Fees)} to fees");
            if (theft.Books.Cut > 0) html.Write($", {Amounts.Btc(theft.Books.Cut)} left open by a limit");
            if (theft.Collided > 0) html.Write($", {Amounts.Btc(theft.Collided)} kept by an earlier theft");
            html.Write("</span></th>");
            Cell("Held, BTC", theft.Books.Held);
            Cell("Parked, BTC", theft.Books.Parked);
            Cell("Stolen, BTC", theft.Books.Stolen);
            html.Write("</tr>\n");
        }

        PageTables.Finish(html, 0, most, "theft", "thefts", 0);
        Collisions(result, html, most);
        html.Write("</section>\n");

        void Cell(string label, long satoshi) => html.Write($"<td role=\"cell\" data-label=\"{label}\"><span>{PageParts.AmountOnTwoLines(satoshi)}</span></td>");
    }

    private static void Collisions(PolicyResult result, TextWriter html, int most)
    {
        if (result.Collisions.Count == 0) return;
        html.Write("<h3>Claimed twice</h3>\n");
        PageTables.Start(html, "Stolen output, in chain order", "Kept by", "Not counted for", "BTC");
        foreach (var hit in result.Collisions.Take(most))
        {
            html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\">{PageParts.Outpoint(hit.TxId, hit.Vout)}</th><td role=\"cell\" data-label=\"Kept by\">{Shown.Markup(hit.Earlier)}</td>");
            html.Write($"<td role=\"cell\" data-label=\"Not counted for\">{Shown.Markup(hit.Later)}</td><td role=\"cell\" data-label=\"BTC\"><span>{PageParts.AmountOnTwoLines(hit.Value)}</span></td></tr>\n");
        }

        PageTables.Finish(html, result.Collisions.Count, most, "collision", "collisions", result.Collisions.Skip(most).Sum(hit => hit.Value));
    }
}
