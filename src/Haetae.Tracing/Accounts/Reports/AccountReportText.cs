using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>A trace on an account chain for a terminal: the answer, what to know before relying on it, the books side by side, where the money is.</summary>
public static class AccountReportText
{
    private const int Label = 18, Cell = 27;

    /// <param name="most">How many ends a policy shows; the rest is counted.</param>
    public static void Write(AccountReport report, TextWriter output, int width = 100, int most = 20)
    {
        var text = new TraceText.Lines(output, Math.Max(width, TraceText.NarrowestWidth));
        foreach (var sentence in AccountAnswer.Sentences(report)) text.Wrapped(sentence);
        text.Wrapped($"Ledger: {report.Ledger.Title} ({report.Ledger.Chain}), {Amounts.Count(report.Ledger.Transfers, "transfer", "transfers")}, digest {report.Ledger.Digest[..16]}…");
        foreach (var warning in AccountAnswer.Warnings(report)) text.Wrapped("! " + warning, "  ");
        text.Blank();
        foreach (var asset in report.Results.SelectMany(result => result.Books).Select(books => books.Asset).DistinctBy(asset => asset.Name).ToList()) Books(report, asset, text);
        Seeds(report, text, most);
        Bounds(report, text, most);
        foreach (var result in report.Results) Ends(result, text, most);
        Conversions(AccountAnswer.Main(report), text, most);
        Noise(report, text, most);
    }

    private static void Noise(AccountReport report, TraceText.Lines text, int most)
    {
        foreach (var payOff in report.PayOffs.Take(most)) text.Wrapped("? " + NoiseWords.Suspicion(payOff), "  ");
        if (report.PayOffs.Count > most) text.Line($"  and {Amounts.Count(report.PayOffs.Count - most, "more suspected pay-off", "more suspected pay-offs")}: see --json");
        if (report.Noise.Transfers == 0) return;
        text.Wrapped(NoiseWords.Scope(report.Noise));
        foreach (var line in NoiseWords.Lines(report.Noise)) text.Wrapped("  " + line, "    ");
    }

    private static void Books(AccountReport report, AssetInfo asset, TraceText.Lines text)
    {
        var fit = Math.Max(1, (text.Width - Label) / Cell);
        foreach (var group in report.Results.Chunk(fit))
        {
            text.Line(Symbol(asset).PadRight(Label) + string.Concat(group.Select(result => Right(PolicyMethod.Of(result.Policy).Title))));
            Row("stolen", always: true, book => book.Seeds - book.Absorbed);
            Row("converted in", always: false, book => book.ConvertedIn);
            Row("held", always: true, book => book.Held);
            Row("parked", always: true, book => book.Parked);
            Row("converted out", always: false, book => book.ConvertedOut);
            Row("fees", always: false, book => book.Fees);
            Row("destroyed", always: false, book => book.Destroyed);
            Row("cut by limits", always: false, book => book.Cut);
            Row("back to a seed", always: false, book => book.Absorbed);
            if (group.Any(result => !result.Conserves)) text.Wrapped("Poison: what was reached; the sums can exceed what was stolen.");
            text.Blank();

            void Row(string name, bool always, Func<AssetBook, UInt256> value)
            {
                var cells = group.Select(result => result.Books.FirstOrDefault(books => books.Asset.Name == asset.Name) is { } books ? value(books.Book) : UInt256.Zero).ToList();
                if (always || cells.Any(cell => !cell.IsZero)) text.Line(name.PadRight(Label) + string.Concat(cells.Select(cell => Right(AssetAmounts.Exact(cell, asset.Decimals)))));
            }
        }

        static string Right(string value) => Shown.Middle(value, Cell - 1).PadLeft(Cell);
    }

    // What was stolen is named in the question; its value is not.
    private static void Seeds(AccountReport report, TraceText.Lines text, int most)
    {
        if (report.Parameters.Values is not { } currency) return;
        text.Line($"Stolen, in {currency} of its time");
        foreach (var seed in report.Seeds.Take(most))
            text.Wrapped($"  {Amounts.Instant(seed.Move.Time)}  {AssetAmounts.WithSymbol(seed.Stolen, seed.Move.Asset)}  {Shown.Plain(seed.Worth!.Long)}", "    ");
        if (report.Seeds.Count > most) text.Line($"  and {Amounts.Count(report.Seeds.Count - most, "more", "more")}: see --json");
        foreach (var books in AccountAnswer.Main(report).Books.Where(books => !books.Book.Seeds.IsZero)) text.Wrapped($"  all {Symbol(books.Asset)}: {Shown.Plain(books.Worth!.Long)}", "    ");
        text.Blank();
    }

    private static void Bounds(AccountReport report, TraceText.Lines text, int most)
    {
        if (report.NoBounds is { } why) text.Wrapped($"No bounds: {why}");
        if (report.Bounds.Count == 0 && report.FeeBounds.Count == 0) return;
        text.Line("Under any rule");
        text.Line("at least".PadLeft(Cell) + "at most".PadLeft(Cell));
        foreach (var bound in report.Bounds.Take(most))
        {
            text.Line(AssetAmounts.Exact(bound.Least, bound.Asset.Decimals).PadLeft(Cell) + AssetAmounts.Exact(bound.Most, bound.Asset.Decimals).PadLeft(Cell)
                + $"  {Symbol(bound.Asset)}  {Holder(bound.Address, bound.Entity)}{(bound.Tight ? "" : "  (not tight: money changed its asset on the way)")}");
        }

        foreach (var fees in report.FeeBounds)
            text.Line(AssetAmounts.Exact(fees.Least, fees.Asset.Decimals).PadLeft(Cell) + AssetAmounts.Exact(fees.Most, fees.Asset.Decimals).PadLeft(Cell) + $"  {Symbol(fees.Asset)}  to fees{(fees.Tight ? "" : "  (not tight: money changed its asset on the way)")}");
        if (report.Bounds.Count > most) text.Line($"  and {Amounts.Count(report.Bounds.Count - most, "more destination", "more destinations")}: see --json");
        text.Blank();
    }

    private static void Ends(AccountResult result, TraceText.Lines text, int most)
    {
        text.Line($"{PolicyMethod.Of(result.Policy).Title}: where it is");
        if (result.Ends.Count == 0) text.Line("  nowhere: no open end");
        foreach (var end in result.Ends.Take(most))
        {
            text.Line(AssetAmounts.Exact(end.Tainted, end.Asset.Decimals).PadLeft(Cell) + $"  {Symbol(end.Asset)}  {Holder(end.Address, end.Entity)}  {AccountAnswer.Reason(end.Reason)}");
            if (end.Worth is { } worth) text.Wrapped(new string(' ', Cell + 2) + Shown.Plain(worth.Long), new string(' ', Cell + 2));
            if (end.Note is { } note) text.Wrapped(new string(' ', Cell + 2) + note, new string(' ', Cell + 2));
        }

        if (result.Ends.Count > most) text.Line($"  and {Amounts.Count(result.Ends.Count - most, "more end", "more ends")}: see --json");
        text.Blank();
    }

    private static void Conversions(AccountResult result, TraceText.Lines text, int most)
    {
        if (result.Conversions.Count == 0) return;
        text.Line($"{PolicyMethod.Of(result.Policy).Title}: what changed its asset");
        foreach (var one in result.Conversions.Take(most))
        {
            text.Line($"  {Amounts.Instant(one.Time)}  {one.Manner}  {Shown.Middle(one.TxId, 20)}");
            text.Wrapped("      " + ConversionWords.Sentence(one.GivenAsset, one.Given, one.GivenTaint, one.ReceivedAsset, one.Received, one.ReceivedTaint, one.Recipient), "      ");
        }

        if (result.Conversions.Count > most) text.Line($"  and {Amounts.Count(result.Conversions.Count - most, "more", "more")}: see --json");
    }

    private static string Symbol(AssetInfo asset) => asset.Symbol is { } symbol ? Shown.Middle(symbol, 10) : Shown.Middle(asset.Name.Caip19, 17);

    private static string Holder(string address, Stops.Entity? entity) => address + (entity is null ? "" : "  " + Shown.Plain(StopWords.Short(entity)));
}
