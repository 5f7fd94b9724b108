using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;

namespace Haetae.Cli.Accuracy;

/// <summary>Figures as text, Markdown and JSON (<c>haetae.accuracy/1</c>).</summary>
internal static class AccuracyReport
{
    internal const string Format = "haetae.accuracy/1";

    internal static void Text(IReadOnlyList<Figure> figures, TextWriter output)
    {
        foreach (var section in figures.GroupBy(figure => figure.Section))
        {
            output.WriteLine($"{Title(section.Key)}");
            var width = section.Max(figure => figure.Method.Length);
            foreach (var figure in section)
            {
                output.WriteLine($"  {figure.Method.PadRight(width)} {figure.Measure,-9} {Hits(figure),23}  {Share(figure.Rate),8}  {Interval(figure.Rate),-15}  {figure.Set}");
                if (figure.Note.Length > 0) output.WriteLine($"  {new string(' ', width)} {figure.Note}");
            }

            output.WriteLine();
        }

        output.WriteLine("Intervals are Wilson's, 95 %. What each row means: docs/accuracy.md.");
    }

    /// <summary>One table, as docs/accuracy.md shows it.</summary>
    internal static string Markdown(AccuracySection section, IEnumerable<Figure> figures)
    {
        var text = new StringWriter { NewLine = "\n" };
        text.WriteLine("| method | set | counted | share, interval | weakness |");
        text.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var figure in figures.Where(figure => figure.Section == section))
            text.WriteLine($"| {figure.Method} | {figure.Set} | {Hits(figure)} {figure.Measure} | {Share(figure.Rate)} ({Interval(figure.Rate)}) | {figure.Note} |");
        return text.ToString();
    }

    internal static JsonObject Json(IEnumerable<Figure> figures) => new()
    {
        ["format"] = Format,
        ["interval"] = "Wilson, 95 %",
        ["figures"] = new JsonArray([.. figures.Select(figure => (JsonNode)Json(figure))]),
    };

    internal static string Title(AccuracySection section) => section switch
    {
        AccuracySection.Recognition => "Found, of those that are one (high is good)",
        AccuracySection.Silence => "Named, of those that are none (low is good)",
        AccuracySection.Agreement => "Named, where nobody knows (neither good nor bad)",
        AccuracySection.Clusters => "Pairs of addresses in clusters, against their owners",
        AccuracySection.ChangeOutputs => "Outputs taken for change, against their owners",
        AccuracySection.Bench => "The same pairs, on a chain of the benchmark generator",
        AccuracySection.Pools => "Links through a pool, against simulated users",
        AccuracySection.Bridges => "Payouts of bridges, guessed without a key, against generated truth",
        AccuracySection.LookAlikes => "Look-alikes and dust on account chains",
        AccuracySection.Deposits => "Deposit addresses and their customers, against their owners",
        _ => "Links through a mix, against its wallets",
    };

    private static JsonObject Json(Figure figure)
    {
        var (low, high) = figure.Rate.Interval();
        var json = new JsonObject
        {
            ["section"] = AccuracyMeasures.SectionName(figure.Section),
            ["method"] = figure.Method,
            ["set"] = figure.Set,
            ["measure"] = figure.Measure,
            ["hits"] = figure.Rate.Hits,
            ["of"] = figure.Rate.Of,
            ["percent"] = figure.Rate.Share is null ? null : Percent(figure.Rate.Share.Value),
            ["low"] = Percent(low),
            ["high"] = Percent(high),
            ["note"] = figure.Note,
        };
        json["examples"] = new JsonArray([.. figure.Examples.Select(example => (JsonNode)new JsonObject { ["txid"] = example.TxId, ["said"] = example.Said })]);
        if (figure.Rate.Of == 0) json["reason"] = "no case in this set";
        return json;
    }

    private static string Hits(Figure figure) => $"{Count(figure.Rate.Hits)} of {Count(figure.Rate.Of)}";

    private static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Share(Rate rate) => rate.Share is { } share ? Percent(share) + " %" : "no case";

    private static string Interval(Rate rate)
    {
        var (low, high) = rate.Interval();
        return $"{Percent(low)} to {Percent(high)}";
    }

    // Two digits where one would say nothing.
    private static string Percent(double share) => share is 0 or 100 ? share.ToString("0", CultureInfo.InvariantCulture) : share is < 1 or > 99 ? share.ToString("0.00", CultureInfo.InvariantCulture) : share.ToString("0.0", CultureInfo.InvariantCulture);
}
