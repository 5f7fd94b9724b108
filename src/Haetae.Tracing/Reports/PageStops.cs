namespace Haetae.Tracing.Reports;

/// <summary>The table of the page that says where the trace stopped, at whom, and why.</summary>
internal static class PageStops
{
    public static void Write(PolicyResult result, TextWriter html, int most)
    {
        if (result.Stops.Count == 0) return;
        html.Write("<h3>Where the trace stops</h3>\n<p><small>Taint is parked here and goes no further: what leaves a service or a CoinJoin may be anybody's. Names are claims of tags with their sources; a dashed line marks them.</small></p>\n");
        PageTables.Start(html, "Stop, largest amount first", "First came", "Outputs", "Parked, BTC");
        foreach (var stop in result.Stops.Take(most))
        {
            html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\"><span class=\"said\">{Shown.Markup(StopWords.Name(stop))}</span><span class=\"why\">{Shown.Markup(StopWords.Why(stop))}</span>");
            if (stop.Entity is { } entity) html.Write($"<span class=\"sub\">source: {Shown.Markup(entity.Source)}</span>");
            if (stop.TxId is not null) html.Write($"<span class=\"sub\">{Shown.Markup(stop.TxId)}</span>");
            html.Write($"</th><td role=\"cell\" data-label=\"First came\"><span>{PageParts.Block(stop.FirstHeight, stop.FirstTime)}</span></td>");
            html.Write($"<td role=\"cell\" class=\"short\" data-label=\"Outputs\">{Amounts.Count(stop.Ends)}</td>");
            html.Write($"<td role=\"cell\" data-label=\"Parked, BTC\"><span>{PageParts.AmountOnTwoLines(stop.Tainted)}</span></td></tr>\n");
        }

        PageTables.Finish(html, result.Stops.Count, most, "stop", "stops", result.Stops.Skip(most).Sum(stop => stop.Tainted));
    }
}
