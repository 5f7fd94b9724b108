using System.Globalization;
using System.Numerics;
using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Demo;

/// <summary>The Ronin story as one HTML page that needs nothing else: for screen, phone and A4 paper. Each figure says whether it is in the rows or published.</summary>
internal sealed class RoninPage(CaseDocument document, RoninFigures figures, IReadOnlyList<RoninRules> rules, string digest, TextWriter html)
{
    private const string Style = """
        .status{display:inline-block;font-size:11.5px;color:var(--soft);border:1px solid var(--line);border-radius:4px;padding:0 5px;margin-left:6px;white-space:nowrap;vertical-align:1px}.status.published{border-style:dashed;border-color:var(--soft)}.status.timing{border-style:dotted;border-color:var(--soft)}
        .sheet th:first-child{white-space:nowrap}
        .group{padding:12px 16px;margin:0 0 10px;break-inside:avoid}.group h4{margin:0 0 2px;font-size:15px}.group p{margin:0 0 6px}.range{position:relative;height:14px;margin:8px 0 6px;background:var(--code);border-radius:7px;overflow:hidden}.range i{position:absolute;top:0;bottom:0;background:var(--bar)}.range i.may{opacity:.45}
        .figures{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:minmax(190px,max-content) 1fr;gap:2px 18px;font-size:13.5px}.figures li{display:contents}.figures b{font-weight:500}.figures span{font-family:var(--mono);font-size:13px;overflow-wrap:anywhere}
        details summary{cursor:pointer;color:var(--soft);margin:8px 0}.two{display:grid;grid-template-columns:1fr 1fr;gap:14px}
        @media (max-width:640px){.sheet th:first-child{white-space:normal}.two{grid-template-columns:1fr}.figures{grid-template-columns:1fr;gap:0}.figures span{margin-bottom:5px}}
        @media print{details>summary{display:none}.group{padding:8pt 10pt}.two{display:block}}
        """;

    internal void Write()
    {
        html.Write("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n");
        html.Write($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\n<title>{Shown.Markup(document.Head.Title)}: a Haetae case</title>\n<style>{PageStyle.Css}{PageSheet.Css}{Style}</style></head>\n<body><main>\n");
        Top();
        Flow();
        Theft();
        Books();
        Exits();
        Listings();
        Pool();
        foreach (var reading in rules.Reverse()) Rules(reading);
        Facts();
        Provenance();
        html.Write("</main></body></html>\n");
    }

    private void Top()
    {
        html.Write($"<header><p class=\"eyebrow\"><b>Haetae</b> case · Ethereum · {Shown.Markup(document.Head.Marking)}</p>\n<h1>{Shown.Markup(document.Head.Title)}</h1>\n");
        html.Write($"<p class=\"lead\">173,600 ETH and 25.5 million USDC were taken on 23 March 2022 {Status("published")}. {Eth(RowSums.Sum(figures.March))} left on 28 and 29 March, {Eth(RowSums.Sum(figures.Spring))} in April and May; {Eth(figures.Stayed)} stayed {Status("data")}.</p>\n");
        html.Write($"<p>Told from {figures.Sums.Rows.Count} rows of the chain and from what was published. Every figure says which: {Status("data")} can be recomputed from the rows, {Status("published")} was printed by somebody, named below; {Status("timing")} is an inference.</p></header>\n");
    }

    private void Flow()
    {
        Section("flow", "Where the ETH went");
        html.Write("<div class=\"card flow scroll\" role=\"region\" aria-label=\"Flow picture\" tabindex=\"0\">\n");
        new RoninFlow(figures, html).Write();
        html.Write("</div>\n<p class=\"hint\"><small>The picture scrolls sideways.</small></p>\n<p class=\"key\"><span>Ribbons: transfers in the rows, as wide as their amount.</span><span>Dashed: published, in no row.</span><span>Dotted: timing evidence, not proof.</span></p>\n");
        html.Write($"<p><small>Kept out of the picture and counted: {figures.Strangers.Count} of the {figures.Sums.Rows.Count} rows are dust and messages of {figures.Strangers.Select(row => row.From).Distinct().Count()} strangers, {Eth(RowSums.Sum(figures.Strangers))} in all {Status("data")}.</small></p></section>\n");
    }

    private void Theft()
    {
        Section("theft", "23 March 2022");
        Start("When, UTC", "What", "Amount");
        var helpersBegin = figures.ToHelpers[0].Time;
        foreach (var row in figures.FromExchange) Row(Time(row), $"Binance 20 pays 0x098B…2f96: the only exchange in the rows, and on the way in, twelve minutes before the theft {Status("data")}", Eth(row.Amount));
        for (var i = 0; i < figures.Calls.Count; i++)
        {
            var stated = figures.Part.Stated[i];
            Row(Time(figures.Calls[i]), $"It calls the Ronin bridge, with no value {Status("data")} and receives {Status(stated.Status)}<span class=\"sub\">0x{Shown.Markup(stated.TxId)}</span>", Shown.Markup(RoninText.Stated(stated)));
        }

        Row(helpersBegin[11..19], $"To two helper wallets, {Time(figures.ToHelpers[0])} and {Time(figures.ToHelpers[^1])} {Status("data")}", Eth(RowSums.Sum(figures.ToHelpers)));
        Row(Time(figures.UsdCoinCalls[0]), $"{figures.UsdCoinCalls.Count} calls to the USDC contract, with no value, until {Time(figures.UsdCoinCalls[^1])} {Status("data")}: {Shown.Markup(Fact("the USDC on its way").Value)} {Status("published")}", "");
        Row(Time(figures.Back[0]), $"Back from the helpers in {figures.Back.Count} transfers, until {Time(figures.Back[^1])} {Status("data")}", Eth(RowSums.Sum(figures.Back)));
        End();
        html.Write($"<p class=\"under\"><small>No table of ordinary transactions holds the two receipts. Stated by: {Shown.Markup(Fact("taken").Source)}. Method: {Shown.Markup(Fact("method").Value)} {Status("published")}.</small></p></section>\n");
    }

    private void Books()
    {
        Section("books", "The books of 0x098B…2f96 close");
        Start("", "", "ETH");
        Row("In", $"Stated receipt {Status("published")}", Exact(figures.StatedEther));
        Row("", $"From the swap helpers {Status("data")}", Exact(RowSums.Sum(figures.Back)));
        Row("", $"From Binance 20 {Status("data")}", Exact(RowSums.Sum(figures.FromExchange)));
        Row("", $"Strangers' dust {Status("data")}", Exact(figures.ThiefDust));
        Row("", "<b>All together</b>", $"<b>{Exact(figures.ThiefIn)}</b>");
        Row("Out", $"To the seven other listed addresses {Status("data")}", Exact(RowSums.Sum(figures.Sums.Within)));
        Row("", $"To others {Status("data")}", Exact(figures.ThiefOut - RowSums.Sum(figures.Sums.Within)));
        Row("", "<b>All together</b>", $"<b>{Exact(figures.ThiefOut)}</b>");
        Row("Left", "before gas, which the rows do not show", Exact(figures.ThiefIn - figures.ThiefOut));
        End();
        html.Write("<p class=\"under\"><small>Without the stated receipt the balance would fall below zero at 13:49:41. That it closes within 2 ETH is strong support for the 173,600; the 25.5 million USDC are supported only by the price they imply, 2,977.34 USD an ETH.</small></p></section>\n");
    }

    private void Exits()
    {
        Section("exits", "What left, and what stayed");
        Start("Group", "Transfers, wallets, days", "ETH");
        foreach (var group in figures.Part.Groups)
        {
            var rows = figures.Paid(group);
            Row(Shown.Markup(group.Title), $"{Amounts.Count(rows.Count, "transfer", "transfers")} to {Amounts.Count(rows.Select(row => row.To).Distinct().Count(), "wallet", "wallets")}, {rows[0].Time[..10]}{(rows[^1].Time[..10] == rows[0].Time[..10] ? "" : $" to {rows[^1].Time[..10]}")} {Status("data")}", Exact(RowSums.Sum(rows)));
        }

        foreach (var address in figures.Part.Followed) Row("Stays at " + RoninText.Short(address), $"after its last row, before gas {Status("data")}", Exact(figures.Sums.Left(address)));
        End();
        var (common, times) = figures.Commonest;
        html.Write($"<p class=\"under\">From 4 April to 19 May {Eth(RowSums.Sum(figures.Spring))} left in {figures.Spring.Count} transfers to {figures.SpringWallets} wallets on {figures.SpringDays} of 46 days, {times} times exactly {Eth(common)} {Status("data")}.</p>\n");
        html.Write($"<p>The {Eth(RowSums.Sum(figures.March))} of March went to five wallets, none of them an exchange in any set of labels at hand: an open end. Behind them reports name {Shown.Markup(Fact("behind the five wallets of March").Value)} {Status("published")}. No exchange and no contract of Tornado Cash is paid directly by any of the eight {Status("data")}.</p>\n");
        html.Write("<details><summary>All transfers out of the eight addresses</summary>\n");
        Start("When, UTC", "From and to", "ETH");
        foreach (var row in figures.Sums.Rows.Where(row => figures.Sums.IsFollowed(row.From) && !row.Amount.IsZero))
            Row(row.Time.Replace('T', ' ').TrimEnd('Z'), $"<span class=\"id\">{RoninText.Short(row.From)} to {AccountAddress.Parse(row.To).ToEip55()}</span>{Said(row.To)}", Exact(row.Amount));
        End();
        html.Write("</details></section>\n");
    }

    private void Listings()
    {
        Section("listings", "After each day of listing");
        Start("Listed on", "Addresses, and what they still sent to outside", "ETH");
        foreach (var listing in figures.Part.Listings)
        {
            var (transfers, amount) = figures.AfterListing(listing);
            Row(listing.Day, $"{Shown.Markup(string.Join(", ", listing.Addresses.Select(RoninText.Short)))} {Status(listing.Status)}<span class=\"why\">{Shown.Markup(listing.Source)}</span>{Amounts.Count(transfers, "transfer", "transfers")} after that day {Status("data")}", Exact(amount));
        }

        var (all, sum) = figures.AfterDay(figures.Part.Listings[0].Day);
        Row("", $"The whole set after {figures.Part.Listings[0].Day}, {all} transfers {Status("data")}", Exact(sum));
        End();
        html.Write($"<p class=\"under\"><small>After 14 April 0x098B moved {Eth(RowSums.Sum(figures.Sums.Within))} to the seven other addresses {Status("data")}, each listed only after it was paid.</small></p></section>\n");
    }

    private void Pool()
    {
        if (figures.Part.Pool is not { } pool) return;
        Section("pool", "Tornado Cash beside it");
        html.Write($"<p>{Status("timing")} Timing evidence, not proof: deposits carry no depositor here.</p>\n<div class=\"card flow scroll\" role=\"region\" aria-label=\"Days\" tabindex=\"0\">\n");
        new RoninDays(figures, pool, html).Write();
        html.Write("</div>\n<p class=\"hint\"><small>The picture scrolls sideways.</small></p>\n");
        Start("Period", "Days", "Deposits", "A day");
        foreach (var period in pool.Periods)
        {
            var (deposits, days) = PoolFigures.Of(pool, period);
            Row($"{Sentenced(period.Title)}, {period.First} to {period.Last}", Amounts.Count(days), Amounts.Count(deposits), PoolFigures.PerDay(pool, period));
        }

        End();
        html.Write($"<h3>Can each hundred be given a deposit?</h3>\n<p>The transfers of 1,000 ETH or more hold {Amounts.Count(PoolFigures.Hundreds(figures))} whole hundreds. In order, each is given one later deposit. The control moves all transfers by whole days, 2 to 34 back or 2 to 23 forward, each of these 55 shifts once.</p>\n");
        Start("Within", "Hundreds given a deposit", "Control: most, median", "Transfers served");
        foreach (var one in pool.Assignments) Row($"{one.Hours} hours", $"{Amounts.Count(one.Assigned)} of {Amounts.Count(PoolFigures.Hundreds(figures))}", $"{Amounts.Count(one.ControlMost)}, {Amounts.Count(one.ControlMedian)}", $"{one.Served} of 50");
        End();
        html.Write("<h3>The peaks</h3>\n");
        Start("Day", "What explains it, as far as the lists of incidents allow", "Deposits");
        foreach (var peak in pool.Peaks) Row(peak.Day, $"{Shown.Markup(Sentenced(peak.Explanation))}. <span class=\"why\">{Shown.Markup(peak.Source)}</span>", Amounts.Count(PoolFigures.On(pool, peak.Day)));
        End();
        html.Write($"<p class=\"under\"><small>{Shown.Markup(pool.Source)}.</small></p></section>\n");
    }

    private void Rules(RoninRules reading)
    {
        Section("rules-" + reading.Theft.Name, $"Under every rule: {Shown.Markup(LowerFirst(reading.Theft.Title))}");
        html.Write($"<p>Stolen: {Eth(reading.Seed)}. {(reading.Theft.Name == "B" ? "Nearly all that ever came in is stolen, so all rules agree to within 2 ETH." : "What a tool says that knows only the receipt in ETH. Here the rules disagree by whole groups: which one applies is a question for a court.")} Bars: full colour, stolen under every rule; pale, under some.</p>\n");
        Group(reading.Jointly);
        foreach (var group in reading.Groups) Group(group);
        html.Write("</section>\n");
    }

    private void Group(GroupFigures group)
    {
        var (least, most) = (group.Least, group.Most);
        var full = UInt256.Max(most, group.ByPolicy.Max(one => one.Amount));
        html.Write($"<div class=\"card group\"><h4>{Shown.Markup(group.Title)}</h4>\n<p>Under any rule: at least <span class=\"exact\">{Exact(least)}</span>, at most <span class=\"exact\">{Exact(most)}</span> ETH</p>\n");
        if (!full.IsZero)
        {
            var (sure, may) = ((BigInteger)least * 1000 / (BigInteger)full, (BigInteger)most * 1000 / (BigInteger)full);
            html.Write(string.Create(CultureInfo.InvariantCulture, $"<div class=\"range\" aria-hidden=\"true\"><i style=\"left:0;width:{sure / 10}.{sure % 10}%\"></i><i class=\"may\" style=\"left:{sure / 10}.{sure % 10}%;width:{(may - sure) / 10}.{(may - sure) % 10}%\"></i></div>\n"));
        }

        html.Write("<ul class=\"figures\">\n");
        foreach (var same in group.ByPolicy.GroupBy(one => one.Amount))
            html.Write($"<li><b>{Shown.Markup(string.Join(", ", same.Select(one => PolicyNames.NameOf(one.Policy))))}</b><span>{Exact(same.Key)}</span></li>\n");
        html.Write("</ul></div>\n");
    }

    private void Facts()
    {
        Section("facts", "What the case holds to be so");
        html.Write("<dl class=\"methods\">\n");
        foreach (var fact in document.Facts) html.Write($"<dt>{Shown.Markup(Sentenced(fact.Name))}</dt><dd>{Shown.Markup(fact.Value)} {FactStatus(fact.Status)}<span class=\"why\">{Shown.Markup(fact.Source)}</span></dd>\n");
        html.Write("</dl></section>\n");
    }

    private void Provenance()
    {
        var rows = figures.Part.Rows;
        Section("repeat", "How to check it");
        html.Write($"<p>The case is a file, <span class=\"mono\">cases/{RoninCase.FileName}</span>. The program carries it; <span class=\"mono\">haetae case show</span> prints it.</p>\n<dl>\n");
        foreach (var (name, value) in new[]
        {
            ("Digest of the case", digest), ("Rows", $"{rows.Source}; {rows.Licence}"), ("SHA-256 of their file", rows.Sha256), ("What they are", rows.What),
            ("Their order", "time, then the order of the file; equal times decide nothing here"), ("Opening balances", Fact("opening balances").Value), ("Outside addresses", "ends: only the eight are followed, because only their rows are here"),
        })
            html.Write($"<dt>{name}</dt><dd class=\"{(value.Length == 64 ? "mono" : "")}\">{Shown.Markup(value)}</dd>\n");
        foreach (var note in document.Notes) html.Write($"<dt>Note</dt><dd>{Shown.Markup(note.Text)}</dd>\n");
        html.Write("</dl></section>\n");
    }

    private void Section(string id, string title) => html.Write($"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>\n");

    private void Start(params ReadOnlySpan<string> heads) => PageSheet.Start(html, heads.Length == 3, heads);

    private void Row(params ReadOnlySpan<string> cells) => PageSheet.Row(html, cells.Length == 3, cells);

    private void End() => PageSheet.End(html);

    private string Said(string address) =>
        document.Tags.FirstOrDefault(tag => tag.Subject == address) is { } tag ? $"<span class=\"said\" title=\"{Shown.Markup(tag.Source)}\">{Shown.Markup(tag.Label)}</span>" : "";

    private CaseFact Fact(string name) => document.Facts.First(fact => fact.Name == name);

    private static string Status(string status) => status switch
    {
        "data" => "<span class=\"status\">in the rows</span>",
        "timing" => "<span class=\"status timing\">timing, not proof</span>",
        _ => $"<span class=\"status published\">{Shown.Markup(status)}</span>",
    };

    private static string FactStatus(string status) => status == "data" ? "<span class=\"status\">in public data</span>" : Status(status);

    private static string Time(CaseRow row) => row.Time[11..19];

    private static string Exact(UInt256 amount) => AssetAmounts.Exact(amount, 18);

    private static string Eth(UInt256 amount) => Shown.Markup(RoninText.Eth(amount));

    private static string Sentenced(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string LowerFirst(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
