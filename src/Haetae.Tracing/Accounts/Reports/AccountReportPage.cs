using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>A trace on an account chain as one HTML page that needs nothing else: for screen, phone and A4 paper.</summary>
public static class AccountReportPage
{
    private const int MostEnds = 60, MostOfOthers = 15, MostFlow = 60, MostSeeds = 20, MostBounds = 40, MostPayOffs = 20;

    private const string Style = ".card+.card{margin-top:12px}.notes.suspected{border-style:dashed}";

    public static void Write(AccountReport report, TextWriter html)
    {
        var main = AccountAnswer.Main(report);
        html.Write("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
        html.Write($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\n<title>Where the money went: a Haetae trace</title>\n<style>{PageStyle.Css}{PageSheet.Css}{Style}</style></head>\n<body><main>\n");
        html.Write($"<header><p class=\"eyebrow\"><b>Haetae</b> trace · {Shown.Markup(report.Ledger.Title)}</p>\n<h1>Where the money went</h1>\n");
        foreach (var sentence in AccountAnswer.Sentences(report)) html.Write($"<p class=\"lead\">{Shown.Markup(sentence)}</p>\n");
        var warnings = AccountAnswer.Warnings(report);
        if (warnings.Count > 0) html.Write($"<section aria-label=\"Limits and warnings\"><ul class=\"notes\">\n{string.Concat(warnings.Select(warning => $"<li>{Shown.Markup(warning)}</li>\n"))}</ul></section>\n");
        PayOffs(report, html);
        html.Write("</header>\n");
        Books(report, html);
        Bounds(report, html);
        foreach (var result in report.Results) Ends(result, html, result == main);
        Conversions(main, html);
        Flow(main, html);
        Noise(report, html);
        Seeds(report, html);
        Methods(report, html);
        Provenance(report, html);
        html.Write("</main></body></html>\n");
    }

    private static void Books(AccountReport report, TextWriter html)
    {
        html.Write("<section aria-labelledby=\"books\"><h2 id=\"books\">The books</h2>\n<p>The same theft, reckoned under each policy asked for. Where they differ, the chain alone does not decide.</p>\n");
        foreach (var asset in report.Results.SelectMany(result => result.Books).Select(books => books.Asset).DistinctBy(asset => asset.Name))
        {
            foreach (var group in report.Results.Chunk(3))
            {
                Start(html, [Symbol(asset), .. group.Select(result => Shown.Markup(PolicyMethod.Of(result.Policy).Title))], text: false);
                Row("Stolen", book => book.Seeds - book.Absorbed, true);
                Row("Converted in", book => book.ConvertedIn, false);
                if (report.Parameters.Values is not null) Cells(html, ["Worth when stolen", .. group.Select(result => Shown.Markup(result.Books.FirstOrDefault(books => books.Asset.Name == asset.Name)?.Worth?.Short ?? ""))]);
                Row("Held", book => book.Held, true);
                Row("Parked", book => book.Parked, true);
                Row("Converted out", book => book.ConvertedOut, false);
                Row("Fees", book => book.Fees, false);
                Row("Destroyed", book => book.Destroyed, false);
                Row("Left open by a limit", book => book.Cut, false);
                End(html);

                void Row(string name, Func<AssetBook, UInt256> value, bool always)
                {
                    var cells = group.Select(result => result.Books.FirstOrDefault(books => books.Asset.Name == asset.Name) is { } books ? value(books.Book) : UInt256.Zero).ToList();
                    if (always || cells.Any(cell => !cell.IsZero)) Cells(html, [name, .. cells.Select(cell => AssetAmounts.Exact(cell, asset.Decimals))]);
                }
            }
        }

        if (report.Results.Any(result => !result.Conserves)) html.Write("<p class=\"under\"><small>Poison: what was reached, so its figures can exceed what was stolen.</small></p>\n");
        html.Write("</section>\n");
    }

    private static void Bounds(AccountReport report, TextWriter html)
    {
        if (report.NoBounds is { } why) html.Write($"<p><small>No bounds: {Shown.Markup(why)}</small></p>\n");
        if (report.Bounds.Count == 0 && report.FeeBounds.Count == 0) return;
        html.Write("<section aria-labelledby=\"bounds\"><h2 id=\"bounds\">Under any rule</h2>\n");
        Start(html, ["Destination", "At least", "At most"], text: false);
        foreach (var bound in report.Bounds.Take(MostBounds))
            Cells(html, [$"<span class=\"id\">{Shown.Markup(bound.Address)}</span>{Said(bound.Entity)}{(bound.Tight ? "" : "<span class=\"why\">not tight: money changed its asset on the way</span>")}", AssetAmounts.Exact(bound.Least, bound.Asset.Decimals), $"{AssetAmounts.Exact(bound.Most, bound.Asset.Decimals)} {Symbol(bound.Asset)}"]);
        foreach (var fees in report.FeeBounds)
            Cells(html, [$"fees{(fees.Tight ? "" : "<span class=\"why\">not tight: money changed its asset on the way</span>")}", AssetAmounts.Exact(fees.Least, fees.Asset.Decimals), $"{AssetAmounts.Exact(fees.Most, fees.Asset.Decimals)} {Symbol(fees.Asset)}"]);
        End(html);
        if (report.Bounds.Count > MostBounds) html.Write($"<p class=\"under\"><small>{Amounts.Count(report.Bounds.Count - MostBounds)} more are in the JSON of this trace.</small></p>\n");
        html.Write("</section>\n");
    }

    private static void Ends(AccountResult result, TextWriter html, bool main)
    {
        var title = Shown.Markup(PolicyMethod.Of(result.Policy).Title);
        var most = main ? MostEnds : MostOfOthers;
        html.Write($"<section aria-labelledby=\"ends-{result.Policy}\"><h2 id=\"ends-{result.Policy}\">{(result.Conserves ? "Where it is" : "What was reached")}, {title}</h2>\n");
        Start(html, ["Account", "Why it ends", "Tainted"]);
        foreach (var end in result.Ends.Take(most))
            Cells(html, [$"<span class=\"id\">{Shown.Markup(end.Address)}</span>{Said(end.Entity)}", $"{Shown.Markup(AccountAnswer.Reason(end.Reason))}<span class=\"why\">since {Amounts.Time(end.First.Time)}{(end.Note is { } note ? "; " + Shown.Markup(note) : "")}</span>", $"{AssetAmounts.Exact(end.Tainted, end.Asset.Decimals)} {Symbol(end.Asset)}{Value(end.Worth)}"]);
        End(html);
        if (result.Ends.Count > most) html.Write($"<p class=\"under\"><small>The first {most} of {Amounts.Count(result.Ends.Count, "end", "ends")}; all are in the JSON of this trace.</small></p>\n");
        html.Write("</section>\n");
    }

    private static void Conversions(AccountResult result, TextWriter html)
    {
        if (result.Conversions.Count == 0) return;
        html.Write("<section aria-labelledby=\"conversions\"><h2 id=\"conversions\">What changed its asset</h2>\n");
        Start(html, ["Transaction", "Given", "Received"], text: false);
        foreach (var one in result.Conversions.Take(MostFlow))
            Cells(html, [$"<span class=\"id\">{Shown.Markup(Shown.Middle(one.TxId, 30))}</span><span class=\"why\">{Shown.Markup(one.Manner)}, {Amounts.Time(one.Time)}, by {Shown.Markup(one.Actor)}</span>", $"{AssetAmounts.Exact(one.GivenTaint, one.GivenAsset.Decimals)} {Symbol(one.GivenAsset)}", $"{AssetAmounts.Exact(one.ReceivedTaint, one.ReceivedAsset.Decimals)} {Symbol(one.ReceivedAsset)}"]);
        End(html);
        html.Write("</section>\n");
    }

    private static void Flow(AccountResult result, TextWriter html)
    {
        html.Write($"<section aria-labelledby=\"flow\"><h2 id=\"flow\">Transfers that carried it, {Shown.Markup(PolicyMethod.Of(result.Policy).Title)}</h2>\n");
        Start(html, ["When, UTC", "From and to", "Tainted"]);
        var shown = result.Flow.Where(flow => flow.Noise is null).ToList();
        foreach (var flow in shown.Take(MostFlow))
            Cells(html, [Amounts.Time(flow.Move.Time).Replace(" UTC", "", StringComparison.Ordinal), $"<span class=\"id\">{Shown.Markup(flow.Move.From ?? "nobody")}</span><span class=\"id\">{Shown.Markup(flow.Move.To ?? "nobody")}</span>", $"{AssetAmounts.Exact(flow.Tainted, flow.Move.Asset.Decimals)} {Symbol(flow.Move.Asset)}"]);
        End(html);
        if (shown.Count > MostFlow) html.Write($"<p class=\"under\"><small>The first {MostFlow} of {Amounts.Count(shown.Count, "transfer", "transfers")}; all are in the JSON and CSV of this trace.</small></p>\n");
        if (shown.Count < result.Flow.Count) html.Write($"<p class=\"under\"><small>{Amounts.Count(result.Flow.Count - shown.Count, "transfer", "transfers")} of bait left out of this list; the books, the JSON and the CSV hold what they carried.</small></p>\n");
        html.Write("</section>\n");
    }

    // Dashed, as all that is suspected and not known.
    private static void PayOffs(AccountReport report, TextWriter html)
    {
        if (report.PayOffs.Count == 0) return;
        html.Write($"<section aria-label=\"Suspicions\"><ul class=\"notes suspected\">\n{string.Concat(report.PayOffs.Take(MostPayOffs).Select(payOff => $"<li>{Shown.Markup(NoiseWords.Suspicion(payOff))}</li>\n"))}</ul>");
        if (report.PayOffs.Count > MostPayOffs) html.Write($"<p class=\"under\"><small>The first {MostPayOffs} of {Amounts.Count(report.PayOffs.Count)}; all are in the JSON of this trace.</small></p>");
        html.Write("</section>\n");
    }

    private static void Noise(AccountReport report, TextWriter html)
    {
        if (report.Noise.Transfers == 0) return;
        html.Write($"<section aria-labelledby=\"noise\"><h2 id=\"noise\">Kept out of the picture</h2>\n<p>{Shown.Markup(NoiseWords.Scope(report.Noise))}</p>\n<ul>\n{string.Concat(NoiseWords.Lines(report.Noise).Select(line => $"<li>{Shown.Markup(line)}</li>\n"))}</ul></section>\n");
    }

    private static void Seeds(AccountReport report, TextWriter html)
    {
        html.Write("<section aria-labelledby=\"seeds\"><h2 id=\"seeds\">What was stolen</h2>\n");
        Start(html, ["When, UTC", "Transfer", "Stolen"]);
        foreach (var seed in report.Seeds.Take(MostSeeds))
            Cells(html, [Amounts.Time(seed.Move.Time).Replace(" UTC", "", StringComparison.Ordinal), $"<span class=\"id\">{Shown.Markup(seed.Move.From ?? "nobody")} to {Shown.Markup(seed.Move.To ?? "nobody")}</span>{Said(seed.Receiver)}<span class=\"sub\">{Shown.Markup(seed.Move.TxId)}{(seed.Move.IsRowId ? ", made from the row: no hash of the chain" : "")}</span>", $"{AssetAmounts.Exact(seed.Stolen, seed.Move.Asset.Decimals)} {Symbol(seed.Move.Asset)}{Value(seed.Worth)}"]);
        End(html);
        if (report.Seeds.Count > MostSeeds) html.Write($"<p class=\"under\"><small>The first {MostSeeds} of {Amounts.Count(report.Seeds.Count, "transfer", "transfers")}; all are in the JSON of this trace.</small></p>\n");
        html.Write("</section>\n");
    }

    private static void Methods(AccountReport report, TextWriter html)
    {
        html.Write("<section aria-labelledby=\"methods\"><h2 id=\"methods\">How it was reckoned</h2>\n<dl class=\"methods\">\n");
        foreach (var result in report.Results)
        {
            var method = AccountMethod.Of(result.Policy);
            html.Write($"<dt>{Shown.Markup(method.Title)}</dt><dd>{Shown.Markup(method.Statement)}</dd>\n");
        }

        html.Write("</dl></section>\n");
    }

    private static void Provenance(AccountReport report, TextWriter html)
    {
        var asked = report.Parameters;
        html.Write("<section aria-labelledby=\"repeat\"><h2 id=\"repeat\">How to repeat it</h2>\n<p>The same ledger and parameters give the same bytes on every machine.</p>\n<dl>\n");
        Fact("Digest (SHA-256)", AccountReportJson.Digest(report));
        Fact("Format", AccountReport.FormatName);
        Fact("Chain", report.Ledger.Chain);
        Fact("Ledger", $"{Amounts.Count(report.Ledger.Transactions, "transaction", "transactions")}, {Amounts.Count(report.Ledger.Transfers, "transfer", "transfers")}; digest {report.Ledger.Digest}");
        Fact("From", string.Join(", ", asked.From));
        Fact("Policies", string.Join(", ", asked.Policies));
        Fact("Stops at", asked.Stops.Count == 0 ? "nothing" : string.Join(", ", asked.Stops));
        if (asked.Within.Count > 0) Fact("Followed within", string.Join(", ", asked.Within));
        if (asked.Values is { } currency) Fact("Values in", currency);
        if (asked.Until is { } until) Fact("Until", until);
        Fact("Tags", report.Tags is { } tags ? $"{Amounts.Count(tags.Addresses, "account", "accounts")} of the ledger named{(tags.AsOf is { } day ? $", as known on {day:yyyy-MM-dd}" : "")}; digest {tags.Digest}" : "none at hand");
        html.Write("</dl></section>\n");

        void Fact(string name, string value) => html.Write($"<dt>{name}</dt><dd class=\"mono\">{Shown.Markup(value)}</dd>\n");
    }

    private static void Start(TextWriter html, string[] heads, bool text = true) => PageSheet.Start(html, text && heads.Length == 3, heads);

    // A figure begins with a digit; whatever else stands in the second column is words.
    private static void Cells(TextWriter html, string[] cells) => PageSheet.Row(html, cells.Length == 3 && !(cells[1].Length > 0 && char.IsAsciiDigit(cells[1][0])), cells);

    private static void End(TextWriter html) => PageSheet.End(html);

    private static string Symbol(AssetInfo asset) => Shown.Markup(Shown.Middle(asset.Symbol ?? asset.Name.Caip19, 24));

    private static string Value(Worth? worth) => worth is null ? "" : $"<span class=\"why\" title=\"{Shown.Markup(worth.Long)}\">{Shown.Markup(worth.Short)}</span>";

    private static string Said(Entity? entity) => entity is null ? "" : $"<span class=\"said\" title=\"{Shown.Markup(entity.Source)}\">{Shown.Markup(StopWords.Short(entity))}</span>";
}
