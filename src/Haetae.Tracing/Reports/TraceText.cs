namespace Haetae.Tracing.Reports;

/// <summary>A trace for a terminal: the answer first, every policy's books side by side, the largest addresses, the strongest paths, every limit.</summary>
public static class TraceText
{
    public const int NarrowestWidth = 72;

    /// <param name="width">Columns of the terminal; below <see cref="NarrowestWidth"/> the table is written for that.</param>
    /// <param name="addresses">How many addresses a policy shows; the rest is summed in one line.</param>
    /// <param name="paths">How many paths are shown; the rest is counted in one line.</param>
    public static void Write(TraceReport report, TextWriter output, int width = 100, int addresses = 15, int paths = 5)
    {
        var text = new Lines(output, Math.Max(width, NarrowestWidth));
        text.Wrapped(Answer.Sentence(report));
        var ledger = report.Ledger;
        text.Wrapped($"Ledger: {ledger.Network}, blocks {Answer.Height(ledger.FirstHeight)} to {Answer.Height(ledger.TipHeight)}, tip {ledger.TipHash}");
        foreach (var warning in Answer.Warnings(report)) text.Wrapped("! " + warning, "  ");
        text.Blank();
        Books(report, text);
        foreach (var result in report.Results) Thefts(result, text, addresses);
        BoundsText.Write(report.Bounds, text, most: 10);
        Stops(Answer.Main(report), text, addresses);
        foreach (var result in report.Results) Addresses(result, text, addresses);
        Paths(Answer.Main(report), text, paths);
        Sensitivity(report, text);
    }

    private static void Sensitivity(TraceReport report, Lines text)
    {
        if (report.Sensitivity is not { } tried) return;
        text.Blank();
        text.Line($"What the answer rests on, {Shown.Plain(PolicyMethod.Of(tried.Policy).Title)}, BTC that would be elsewhere");
        foreach (var effect in tried.Effects)
            text.Line(Amounts.Fixed(effect.Moved).PadLeft(20) + (effect.IsLoadBearing ? "  ! " : "    ") + "if not: " + Shown.Plain(SensitivityWords.Assumption(effect)));
        if (tried.Effects.Any(effect => effect.IsLoadBearing)) text.Line("  ! bears the answer: a tenth of what was stolen, or more, rests on it");
        if (tried.NotTried > 0) text.Line($"  {Amounts.Count(tried.NotTried, "assumption", "assumptions")} with less parked not tried");
    }

    private static void Books(TraceReport report, Lines text)
    {
        const int label = 16, cell = 20;
        var fit = Math.Max(1, (text.Width - label) / cell);
        foreach (var group in report.Results.Chunk(fit))
        {
            text.Line("BTC".PadRight(label) + string.Concat(group.Select(result => Cell(PolicyMethod.Of(result.Policy).Title))));
            Row("stolen", group, result => Amounts.Fixed(result.Books.Stolen));
            Row("held, unspent", group, result => Amounts.Fixed(result.Books.Held));
            Row("parked", group, result => Amounts.Fixed(result.Books.Parked));
            Row("lost to fees", group, result => Amounts.Fixed(result.Books.Fees));
            Row("cut by limits", group, result => Amounts.Fixed(result.Books.Cut));
            Row("back to a seed", group, result => Amounts.Fixed(result.Books.Absorbed));
            Row("open ends", group, result => Amounts.Count(result.Ends.Count));
            Row("transactions", group, result => Amounts.Count(result.TransactionsVisited));
            if (group.Any(result => !result.Conserves))
            {
                text.Wrapped($"{string.Join(", ", group.Where(result => !result.Conserves).Select(result => PolicyMethod.Of(result.Policy).Title))}: what was reached; the sums can exceed what was stolen.");
            }

            text.Blank();
        }

        void Row(string name, PolicyResult[] group, Func<PolicyResult, string> value) =>
            text.Line(name.PadRight(label) + string.Concat(group.Select(result => Cell(value(result)))));

        static string Cell(string value) => Shown.Middle(value, cell - 1).PadLeft(cell);
    }

    private static void Thefts(PolicyResult result, Lines text, int most)
    {
        if (result.Thefts.Count == 0) return;
        text.Line($"{Shown.Plain(PolicyMethod.Of(result.Policy).Title)}: each theft, the earliest first; BTC");
        text.Line("  " + "".PadRight(16) + Cell("stolen") + Cell("held") + Cell("parked") + Cell("fees and cut"));
        foreach (var (name, _, _, books, _, _) in result.Thefts)
            text.Line("  " + Shown.Middle(Shown.Plain(name), 15).PadRight(16) + Cell(Amounts.Fixed(books.Stolen)) + Cell(Amounts.Fixed(books.Held)) + Cell(Amounts.Fixed(books.Parked)) + Cell(Amounts.Fixed(books.Fees + books.Cut)));
        foreach (var hit in result.Collisions.Take(most))
            text.Wrapped($"{hit.Earlier} and {hit.Later} both claim {Amounts.Btc(hit.Value)} of {hit.TxId}:{Answer.Height(hit.Vout)}; {hit.Earlier}, the earlier, keeps it.", "  ");
        if (result.Collisions.Count > most) text.Line($"  and {Amounts.Count(result.Collisions.Count - most, "more collision", "more collisions")}: see --json");
        text.Blank();

        static string Cell(string value) => value.PadLeft(18);
    }

    private static void Stops(PolicyResult result, Lines text, int most)
    {
        if (result.Stops.Count == 0) return;
        text.Line($"{Shown.Plain(PolicyMethod.Of(result.Policy).Title)}: where the trace stops");
        foreach (var stop in result.Stops.Take(most))
        {
            text.Line(Amounts.Fixed(stop.Tainted).PadLeft(20) + Amounts.Count(stop.Ends).PadLeft(6) + " x  " + Shown.Plain($"{StopWords.Name(stop)} ({StopWords.Why(stop)})"));
            if (stop.TxId is not null) text.Line(new string(' ', 30) + stop.TxId);
        }

        if (result.Stops.Count > most) text.Line($"  and {Amounts.Count(result.Stops.Count - most, "more stop", "more stops")}: see --json");
        text.Blank();
    }

    private static void Addresses(PolicyResult result, Lines text, int most)
    {
        const int amount = 20, ends = 8, shortest = 21;
        text.Line($"{Shown.Plain(PolicyMethod.Of(result.Policy).Title)}: where it is");
        if (result.Addresses.Count == 0) text.Line("  nowhere: no open end");
        foreach (var total in result.Addresses.Take(most))
        {
            var room = text.Width - amount - ends - 2;
            var said = total.Entity is { } entity ? "  " + Shown.Plain(StopWords.Short(entity)) : "";
            var holder = Shown.Middle(Holders.NameOf(total.Address, total.ScriptType, total.ScriptHex), Math.Max(shortest, room - said.Length));
            text.Line(Amounts.Fixed(total.Tainted).PadLeft(amount) + Amounts.Count(total.Ends).PadLeft(ends - 2) + " x  " + holder + said);
        }

        var more = result.Addresses.Skip(most).ToList();
        if (more.Count > 0) text.Line($"  and {Amounts.Count(more.Count)} more holding {Amounts.Btc(more.Sum(total => total.Tainted))}");
        text.Blank();
    }

    private static void Paths(PolicyResult result, Lines text, int most)
    {
        if (result.Paths.Count == 0) return;
        text.Line($"Strongest paths, {Shown.Plain(PolicyMethod.Of(result.Policy).Title)}, BTC");
        var number = 0;
        foreach (var path in result.Paths.Take(most))
        {
            var hops = path.Steps.Count - 1;
            var head = hops == 0 ? "" : "at most";
            var way = hops == 0 ? Answer.Unmoved(path, result) : $"over {Amounts.Count(hops, "transaction", "transactions")}";
            text.Line($"  {++number}. {head}".PadRight(19) + $"{Amounts.Fixed(path.Tainted),19}  {way}");
            foreach (var (step, left) in Shortened(path.Steps))
            {
                if (left > 0) text.Line($"     … {Amounts.Count(left, "output", "outputs")} between");
                var front = $"     block {Answer.Height(step.Height),-8}{Amounts.Fixed(step.Tainted),19}  ";
                text.Line(front + Shown.Middle(Holders.NameOf(step.Address, step.ScriptType, step.ScriptHex), text.Width - front.Length));
            }
        }

        if (result.Paths.Count > most) text.Line($"  and {Amounts.Count(result.Paths.Count - most, "more path", "more paths")}: see --json");
    }

    /// <summary>The first two and last two outputs of a path, and before which one how many were left out.</summary>
    private static IEnumerable<(PathStep Step, int LeftOut)> Shortened(IReadOnlyList<PathStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var skipped = steps.Count > 5 && i == steps.Count - 2 ? steps.Count - 4 : 0;
            if (steps.Count <= 5 || i < 2 || i >= steps.Count - 2) yield return (steps[i], skipped);
        }
    }

    /// <summary>Lines that never exceed the width.</summary>
    internal sealed class Lines(TextWriter output, int width)
    {
        public int Width => width;

        public void Blank() => output.Write('\n');

        public void Line(string text)
        {
            output.Write(text.Length <= width ? text : text[..(width - 1)] + "…");
            output.Write('\n');
        }

        public void Wrapped(string text, string indent = "")
        {
            var line = "";
            foreach (var word in Shown.Plain(text).Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    Line(line);
                    line = indent + word;
                }
                else
                {
                    line = line.Length == 0 ? word : line + " " + word;
                }
            }

            Line(line);
        }
    }
}
