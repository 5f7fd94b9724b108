namespace Haetae.Tracing.Reports;

/// <summary>The table of the page that says what holds under any rule, with every policy's figure beside it.</summary>
internal static class PageBounds
{
    public static void Write(BoundsReport? bounds, TextWriter html)
    {
        if (bounds is null) return;
        html.Write($"<section aria-labelledby=\"bounds\"><h2 id=\"bounds\">{BoundsWords.Heading}</h2>\n<p>{Shown.Markup(BoundsWords.Introduction(bounds))}</p>\n");
        if (bounds.Destinations.Count > 0)
        {
            PageTables.Start(html, "Destination, largest amount first", "At least, BTC", "At most, BTC", "Each policy, BTC");
            foreach (var destination in bounds.Destinations) Row(destination, bounds.Stolen ?? 0, html);
            html.Write("</tbody></table></div>\n");
        }

        html.Write("</section>\n");
    }

    private static void Row(DestinationBounds destination, long stolen, TextWriter html)
    {
        html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\">{Name(destination)}{PageParts.Bar(destination.Most, stolen)}</th>");
        html.Write($"<td role=\"cell\" data-label=\"At least, BTC\"><span>{PageParts.AmountOnTwoLines(destination.Least)}</span></td>");
        html.Write($"<td role=\"cell\" data-label=\"At most, BTC\"><span>{PageParts.AmountOnTwoLines(destination.Most)}</span></td>");
        html.Write("<td role=\"cell\" data-label=\"Each policy, BTC\"><span>");
        foreach (var figure in destination.Figures) html.Write($"<span class=\"sat\">{Shown.Markup(BoundsWords.Figure(figure))}</span>");
        html.Write("</span></td></tr>\n");
    }

    private static string Name(DestinationBounds destination)
    {
        if (destination.Holder is { } holder) return PageParts.Holder(holder.Address, holder.ScriptType, holder.ScriptHex) + PageParts.Said(holder.Entity);
        return destination.Entity is { } entity ? PageParts.Said(entity) : Shown.Markup(Answer.Sentenced(BoundsWords.Name(destination)));
    }
}
