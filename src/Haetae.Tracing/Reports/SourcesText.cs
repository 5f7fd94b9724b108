namespace Haetae.Tracing.Reports;

/// <summary>A walk back for a terminal: the answer first, then each policy's largest sources, then the strongest paths.</summary>
public static class SourcesText
{
    /// <summary>Why a policy has no answer, and the way out.</summary>
    internal const string TooMixed = "the sources are mixed in too many outputs for exact amounts under this policy: look less far back, with --since or --max-transactions";

    /// <param name="width">Columns of the terminal; below <see cref="TraceText.NarrowestWidth"/> the table is written for that.</param>
    /// <param name="sources">How many sources a policy shows; the rest is summed in one line.</param>
    /// <param name="paths">How many paths are shown; the rest is counted in one line.</param>
    public static void Write(SourcesReport report, TextWriter output, int width = 100, int sources = 15, int paths = 5)
    {
        var text = new TraceText.Lines(output, Math.Max(width, TraceText.NarrowestWidth));
        var main = report.Results.FirstOrDefault(result => result is { Conserves: true, Sources: not null }) ?? report.Results[0];
        text.Wrapped(Sentence(report, main));
        var ledger = report.Ledger;
        text.Wrapped($"Ledger: {ledger.Network}, blocks {Answer.Height(ledger.FirstHeight)} to {Answer.Height(ledger.TipHeight)}, tip {ledger.TipHash}");
        if (ledger.WeakWorkBlocks > 0)
            text.Wrapped($"! {Amounts.Count(ledger.WeakWorkBlocks, "block states", "blocks state")} a proof-of-work target easier than {ledger.Network} allows: a generated chain, or a forgery.", "  ");
        text.Blank();
        foreach (var result in report.Results) Sources(result, text, sources);
        Paths(main, text, paths);
    }

    /// <summary>The reason of a source in words: where the walk back ended.</summary>
    public static string Reason(string reason) => reason switch
    {
        "coinbase" => "mined",
        "since" => "made before the first block looked at",
        "max-transactions" => "maximum of transactions reached",
        "unknown-value" => "made beside an input of unknown value",
        "service" => "at a service",
        "coinjoin" => "out of a CoinJoin",
        _ => reason,
    };

    private static string Sentence(SourcesReport report, SourcesResult main)
    {
        var title = PolicyMethod.Of(main.Policy).Title;
        var asked = $"{Amounts.Btc(report.Outputs.Sum(output => output.Value))} in {Amounts.Count(report.Outputs.Count, "output", "outputs")}";
        if (main.Sources is null) return $"{asked}: no answer under {title}; {TooMixed}.";
        if (!main.Conserves) return $"{asked} can have come from {Amounts.Count(main.Sources.Count, "source", "sources")} ({title}: what can have contributed, not how much).";
        var parts = main.Reasons.OrderByDescending(total => total.Amount)
            .Select(total => $"{Amounts.Btc(total.Amount ?? 0)} from {Amounts.Count(total.Sources, "output", "outputs")} ({Reason(total.Reason)})");
        return $"{asked}: {string.Join(", ", parts)}, by {title}.";
    }

    private static void Sources(SourcesResult result, TraceText.Lines text, int most)
    {
        const int amount = 20;
        text.Line($"{PolicyMethod.Of(result.Policy).Title}: where it comes from{(result.TransactionsVisited is { } visited ? $"; {Amounts.Count(visited, "transaction", "transactions")} looked at" : "")}");
        if (result.Sources is not { } sources)
        {
            text.Wrapped($"  no answer: {TooMixed}", "  ");
            text.Blank();
            return;
        }

        foreach (var source in sources.Take(most))
        {
            var said = source.Entity is { } entity ? "  " + Shown.Plain(StopWords.Short(entity)) : "";
            var front = (source.Amount is { } satoshi ? Amounts.Fixed(satoshi) : "some of " + Amounts.Fixed(source.Value)).PadLeft(amount + 7) + $"  block {Answer.Height(source.Height),-8}";
            text.Line(front + $"{Reason(source.Reason)}  " + Shown.Middle(Holders.NameOf(source.Address, source.ScriptType, source.ScriptHex), Math.Max(20, text.Width - front.Length - Reason(source.Reason).Length - 2)) + said);
        }

        var more = sources.Count - most;
        if (more > 0) text.Line($"  and {Amounts.Count(more)} more{(result.Conserves ? $" with {Amounts.Btc(sources.Skip(most).Sum(source => source.Amount ?? 0))}" : "")}");
        text.Blank();
    }

    private static void Paths(SourcesResult result, TraceText.Lines text, int most)
    {
        if (result.Paths.Count == 0) return;
        text.Line($"Strongest paths, {PolicyMethod.Of(result.Policy).Title}, BTC");
        var number = 0;
        foreach (var path in result.Paths.Take(most))
        {
            var hops = path.Steps.Count - 1;
            text.Line($"  {++number}. at most {Amounts.Fixed(path.Tainted)} over {Amounts.Count(hops, "transaction", "transactions")}");
            for (var i = 0; i <= hops; i++)
            {
                if (hops > 3 && i == 1)
                {
                    text.Line($"     … {Amounts.Count(hops - 2, "output", "outputs")} between");
                    i = hops - 1;
                }

                var step = path.Steps[i];
                var front = $"     block {Answer.Height(step.Height),-8}{Amounts.Fixed(step.Tainted),19}  ";
                text.Line(front + Shown.Middle(Holders.NameOf(step.Address, step.ScriptType, step.ScriptHex), text.Width - front.Length));
            }
        }

        if (result.Paths.Count > most) text.Line($"  and {Amounts.Count(result.Paths.Count - most, "more path", "more paths")}: see --json");
    }
}
