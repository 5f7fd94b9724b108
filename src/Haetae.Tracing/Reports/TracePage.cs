namespace Haetae.Tracing.Reports;

/// <summary>A trace as one HTML page that needs nothing else: no network, no script, no other file. For screen, phone and A4 paper.</summary>
public static class TracePage
{
    private const int MostAddresses = 40, MostEnds = 40, MostOfOtherPolicies = 12, MostPaths = 8, MostSeeds = 20, MostWarnings = 24, MostStops = 30;

    /// <param name="digest">The digest of the trace's JSON, where the caller has it already; else it is reckoned here.</param>
    public static void Write(TraceReport report, TextWriter html, string? digest = null)
    {
        var main = Answer.Main(report);
        html.Write("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
        html.Write("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
        html.Write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\n");
        html.Write($"<title>Where {Amounts.Btc(main.Books.Stolen)} went: a Haetae trace</title>\n<style>{PageStyle.Css}</style></head>\n<body><main>\n");
        Top(report, main, html);
        html.Write($"<section aria-labelledby=\"books\"><h2 id=\"books\">The books</h2>\n<p>{(report.Parameters.Thefts.Count > 1 ? "All thefts together" : "The same theft")}, reckoned under each policy asked for. Where they differ, the chain alone does not decide.</p>\n");
        PageTables.Books(report, html);
        html.Write("</section>\n");
        PageThefts.Write(main, html, MostEnds);
        PageBounds.Write(report.Bounds, html);
        Flow(report, main, html);
        foreach (var result in report.Results) Policy(result, html, result == main);
        PageSensitivity.Write(report, html);
        html.Write("<section aria-labelledby=\"seeds\"><h2 id=\"seeds\">What was stolen</h2>\n");
        PageTables.Seeds(report, html, MostSeeds);
        html.Write("</section>\n");
        Methods(report, html);
        Provenance(report, html, digest ?? TraceJson.Digest(report));
        html.Write("</main></body></html>\n");
    }

    private static void Top(TraceReport report, PolicyResult main, TextWriter html)
    {
        var asOf = Answer.AsOf(report);
        html.Write($"<header><p class=\"eyebrow\"><b>Haetae</b> trace · Bitcoin {Shown.Markup(report.Ledger.Network)} · as of block {Amounts.Count(asOf)}</p>\n");
        html.Write($"<h1>Where {Amounts.Btc(main.Books.Stolen)} went</h1>\n<p class=\"lead\">{Shown.Markup(Answer.Sentence(report))}</p>\n");
        var warnings = Answer.Warnings(report);
        if (warnings.Count > 0)
        {
            html.Write("<section aria-label=\"Limits and warnings\"><ul class=\"notes\">\n");
            foreach (var warning in warnings.Take(MostWarnings)) html.Write($"<li>{Shown.Markup(warning)}</li>\n");
            if (warnings.Count > MostWarnings) html.Write($"<li>{Amounts.Count(warnings.Count - MostWarnings)} more are in the JSON file of this trace.</li>\n");
            html.Write("</ul></section>\n");
        }

        html.Write("</header>\n");
    }

    private static void Flow(TraceReport report, PolicyResult main, TextWriter html)
    {
        if (main.Paths.Count == 0) return;
        var layout = FlowLayout.Of(report, main);
        html.Write($"<section aria-labelledby=\"flow\"><h2 id=\"flow\">The flow under {Shown.Markup(PolicyMethod.Of(main.Policy).Title)}</h2>\n");
        html.Write("<div class=\"card flow scroll\" role=\"region\" aria-label=\"Flow picture\" tabindex=\"0\">\n");
        FlowSvg.Write(layout, html);
        html.Write($"</div>\n<p class=\"hint\"><small>The picture scrolls sideways.</small></p>\n<p class=\"key\"><span>Left to right: stolen outputs, transactions, open ends.</span><span>Ribbons: tainted outputs, wider for more money: on-chain fact.</span><span>Dashed frames: names that tags give.</span><span>Drawn: {Amounts.Count(layout.PathsDrawn)} of {Amounts.Count(main.Paths.Count, "strongest path", "strongest paths")}.</span></p></section>\n");
    }

    private static void Policy(PolicyResult result, TextWriter html, bool main)
    {
        var id = "policy-" + string.Concat(result.Policy.Where(char.IsAsciiLetterOrDigit));
        var title = Shown.Markup(PolicyMethod.Of(result.Policy).Title);
        html.Write($"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{(result.Conserves ? $"Where it is, {title}" : $"What was reached, {title}")}</h2>\n");
        PageStops.Write(result, html, main ? MostStops : MostOfOtherPolicies);
        html.Write($"<h3>{Answer.Sentenced(Answer.PlaceNoun(result).Many)}</h3>\n");
        PageTables.Addresses(result, html, main ? MostAddresses : MostOfOtherPolicies);
        if (main)
        {
            PagePaths.Write(result, html, MostPaths);
            PageTables.Ends(result, html, MostEnds);
        }
        else
        {
            html.Write($"<p class=\"under\"><small>The {Amounts.Count(result.Ends.Count, "open end", "open ends")} and {Amounts.Count(result.Paths.Count, "path", "paths")} of this policy are in the JSON file of this trace.</small></p>\n");
        }

        html.Write("</section>\n");
    }

    private static void Methods(TraceReport report, TextWriter html)
    {
        html.Write("<section aria-labelledby=\"methods\"><h2 id=\"methods\">How it was reckoned</h2>\n<dl class=\"methods\">\n");
        foreach (var result in report.Results)
        {
            var method = PolicyMethod.Of(result.Policy);
            html.Write($"<dt>{Shown.Markup(method.Title)}</dt><dd>{Shown.Markup(method.Statement)}</dd>\n");
        }

        html.Write($"<dt>Fees</dt><dd>{Shown.Markup(PolicyMethod.FeeRule(report.Parameters.FeeRule))}</dd></dl></section>\n");
    }

    private static void Provenance(TraceReport report, TextWriter html, string digest)
    {
        var (ledger, asked) = (report.Ledger, report.Parameters);
        html.Write("<section aria-labelledby=\"repeat\"><h2 id=\"repeat\">How to repeat it</h2>\n");
        html.Write($"<p>The same ledger and parameters give the same bytes on every machine. Put the folder of the ledger for DIR:</p>\n<pre>{string.Join('\n', RepeatCommand.Of(asked, " \\\n  ").Split('\n').Select(Shown.Markup))}</pre>\n<dl>\n");
        Row("Digest (SHA-256)", digest, mono: true);
        Row("Format", TraceReport.FormatName);
        Row("Chain", $"{ledger.Chain}, {ledger.Network}", mono: true);
        Row("Blocks held", $"{Answer.Height(ledger.FirstHeight)} to {Answer.Height(ledger.TipHeight)}");
        Row("Ledger tip", ledger.TipHash, mono: true);
        Row("Weak-work blocks", Amounts.Count(ledger.WeakWorkBlocks));
        Row("Inputs of unknown value", Amounts.Count(ledger.UnknownInputs));
        if (asked.Thefts.Count == 0) Row("From", string.Join(", ", asked.From), mono: true);
        foreach (var theft in asked.Thefts) Row($"Theft {Shown.Markup(theft.Name)}", string.Join(", ", theft.From), mono: true);
        Row("Policies", string.Join(", ", asked.Policies));
        Row("Fee rule", asked.FeeRule);
        Row("Stops at", asked.Stops.Count == 0 ? "nothing but unknown values and limits" : string.Join(", ", asked.Stops));
        Row("Tags", report.Tags is { } tags ? $"{Amounts.Count(tags.Addresses, "address", "addresses")} of the ledger named{(tags.Clusters ? ", and their clusters" : "")}{(tags.AsOf is { } day ? $", as known on {day:yyyy-MM-dd}" : "")}; digest {tags.Digest}" : "none at hand", mono: report.Tags is not null);
        if (asked.Through.Count > 0) Row("Followed through", string.Join(", ", asked.Through), mono: true);
        Row("Until block", asked.UntilHeight is { } until ? Answer.Height(until) : "not set: to the ledger's tip");
        Row("Minimum value", asked.MinValue is { } least ? Amounts.Sat(least) : "not set");
        Row("Maximum transactions", asked.MaxTransactions is { } most ? Amounts.Count(most) : "not set");
        Row("Amount stolen", asked.Amount is { } amount ? Amounts.Sat(amount) : "not set: all of the outputs named");
        html.Write("</dl></section>\n");

        void Row(string name, string value, bool mono = false) =>
            html.Write($"<dt>{name}</dt><dd{(mono ? " class=\"mono\"" : "")}>{Shown.Markup(value)}</dd>\n");
    }
}
