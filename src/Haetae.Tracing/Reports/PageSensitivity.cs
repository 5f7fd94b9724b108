namespace Haetae.Tracing.Reports;

/// <summary>The part of the page that says what the answer rests on.</summary>
internal static class PageSensitivity
{
    public static void Write(TraceReport report, TextWriter html)
    {
        if (report.Sensitivity is not { } tried) return;
        html.Write("<section aria-labelledby=\"rests\"><h2 id=\"rests\">What the answer rests on</h2>\n");
        html.Write($"<p>Each assumption is taken away by itself and the money traced anew under {Shown.Markup(PolicyMethod.Of(tried.Policy).Title)}. The more moves, the more depends on it; one that bears at least a tenth of what was stolen is marked.</p>\n");
        PageTables.Start(html, "Assumption", "What would move", "Elsewhere, BTC");
        foreach (var effect in tried.Effects)
        {
            html.Write($"<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"left\"><span class=\"said\">{Shown.Markup(Answer.Sentenced(SensitivityWords.Assumption(effect)))}</span>");
            if (effect.IsLoadBearing) html.Write("<span class=\"why\"><b>Bears the answer</b></span>");
            if (effect.TxId is not null) html.Write($"<span class=\"sub\">{Shown.Markup(effect.TxId)}</span>");
            html.Write("</th><td role=\"cell\" data-label=\"What would move\"><span>");
            foreach (var shift in effect.Conclusions)
                html.Write($"<span class=\"sat\">{Shown.Markup(Answer.Sentenced(SensitivityWords.Place(shift)))}: {Amounts.Fixed(shift.With)} → {Amounts.Fixed(shift.Without)}</span>");
            html.Write($"</span></td><td role=\"cell\" data-label=\"Elsewhere, BTC\"><span>{PageParts.AmountOnTwoLines(effect.Moved)}</span></td></tr>\n");
        }

        PageTables.Finish(html, tried.Effects.Count, int.MaxValue, "", "", 0);
        if (tried.NotTried > 0) html.Write($"<p class=\"under\"><small>{Amounts.Count(tried.NotTried, "further assumption", "further assumptions")} with less parked {(tried.NotTried == 1 ? "was" : "were")} not tried.</small></p>\n");
        html.Write("</section>\n");
    }
}
