using Haetae.Tracing;

namespace Haetae.Cli.Accuracy;

/// <summary>Detectors on transactions of their kind: recorded ones, relabelled by exact amounts, counts and addresses, and generated ones.</summary>
internal static class RecognitionMeasures
{
    private const string WasabiCoordinator = "0014869F5C7A4CD7776AE0C0FCD9C3315ABB239A9F0D";
    private const ulong Seed = 9_071_833;
    private const int MostExamples = 30, PlantedRounds = 500;
    private static readonly long[] Pools = [100_000, 1_000_000, 5_000_000, 50_000_000];

    internal static readonly Measurement[] All =
    [
        new("whirlpool", AccuracySection.Recognition, Whirlpool),
        new("wasabi2", AccuracySection.Recognition, Wasabi2),
        new("wasabi1", AccuracySection.Recognition, Wasabi1),
        new("joinmarket", AccuracySection.Recognition, JoinMarket),
    ];

    /// <summary>The kind that the first rule names, or null.</summary>
    internal static CoinJoinKind? KindOf(TransactionShape shape) => Named(shape)?.Kind;

    internal static CoinJoinVerdict? Named(TransactionShape shape) => CoinJoinRules.First(CoinJoinRules.Judge(shape));

    // What the first rule says that fires; else the first that has the shape but a reason against it.
    private static string Said(TransactionShape shape)
    {
        var verdicts = CoinJoinRules.Judge(shape);
        return (CoinJoinRules.First(verdicts) ?? verdicts.FirstOrDefault(verdict => verdict.Finding == Finding.Vetoed)) is { } verdict ? $"{verdict.Rule} {verdict.Finding.ToString().ToLowerInvariant()}: {verdict.Reason}" : "every rule is silent";
    }

    internal static CoinJoinVerdict Verdict(TransactionShape shape, string rule) => CoinJoinRules.Judge(shape).Single(verdict => verdict.Rule == rule);

    internal static bool IsMix(RecordedCoinJoin record) =>
        record.Shape.Inputs.Count is >= 5 and <= 10 && record.Shape.Outputs.Count == record.Shape.Inputs.Count && Pools.Contains(record.Shape.Outputs[0].Value)
        && record.Shape.Outputs.All(paid => paid.Value == record.Shape.Outputs[0].Value);

    internal static int ScriptsSpent(TransactionShape shape) => shape.Inputs.Select(input => Convert.ToHexString(input.Script!)).Distinct().Count();

    /// <summary>The share of a set that is named as one of some kinds, and both halves of it, as the rules were adjusted on the whole.</summary>
    internal static Figure Recorded(AccuracySection section, string method, string set, IReadOnlyList<RecordedCoinJoin> records, string measure, string note, Func<RecordedCoinJoin, bool> isNamed)
    {
        var hits = records.Where(isNamed).ToList();
        var even = records.Count(record => record.IsEven);
        var evenHits = hits.Count(record => record.IsEven);
        var halves = $"not held out; even ids {evenHits} of {even}, odd {hits.Count - evenHits} of {records.Count - even}";
        var odd = section == AccuracySection.Recognition ? records.Where(record => !isNamed(record)) : hits;
        return new Figure(section, method, set, measure, new Rate(hits.Count, records.Count), note.Length == 0 ? halves : $"{note}; {halves}")
        {
            Examples = [.. odd.Take(MostExamples).Select(record => (record.TxId, Said(record.Shape)))],
        };
    }

    private static IEnumerable<Figure> Whirlpool(AccuracyData data, CancellationToken cancel)
    {
        yield return Recorded(AccuracySection.Recognition, "Whirlpool", "5 to 10 inputs, as many outputs of one pool amount, whatever the label", [.. data.Recorded.Where(IsMix)], "found",
            "2019 to 2024; close to the rule itself: consistency more than truth; the pools of 2025 (0.025 and 0.25 BTC) and ChipMixer's chips have no recorded example, only shapes written by hand", record => KindOf(record.Shape) == CoinJoinKind.Whirlpool);
        yield return Recorded(AccuracySection.Recognition, "Whirlpool tx0", "labelled tx0, later mixes taken out", [.. data.Recorded.Where(record => record.Is("whirlpool-tx0") && !IsMix(record))], "found",
            "another detector's labels", record => KindOf(record.Shape) == CoinJoinKind.WhirlpoolTx0);
    }

    private static IEnumerable<Figure> Wasabi2(AccuracyData data, CancellationToken cancel)
    {
        List<RecordedCoinJoin> labelled = [.. data.Recorded.Where(record => record.Is("wasabi2-coinjoin"))];
        yield return Recorded(AccuracySection.Recognition, "Wasabi 2", "labelled: shape recognised", labelled, "found", "few, and all of 31 May 2024", record => Verdict(record.Shape, "wasabi2").Finding is Finding.Fires or Finding.Vetoed);
        yield return Recorded(AccuracySection.Recognition, "Wasabi 2", "labelled: named", labelled, "found", "two spend one script only, see below", record => KindOf(record.Shape) == CoinJoinKind.Wasabi2);
        yield return Recorded(AccuracySection.Recognition, "Wasabi 2", "of these, more than one script spent: named", [.. labelled.Where(record => ScriptsSpent(record.Shape) > 1)], "found", "few, and all of one day",
            record => KindOf(record.Shape) == CoinJoinKind.Wasabi2);
        var small = data.Emulated.Count(round => Named(round.Shape) is { Kind: CoinJoinKind.Wasabi2, Confidence: Confidence.Low });
        yield return new Figure(AccuracySection.Recognition, "Wasabi 2", "emulated rounds of 6 to 16 inputs (low confidence only)", "found", new Rate(small, data.Emulated.Count), "not held out; smaller than any public coordinator's rounds");
        var generated = new GeneratedShapes(Seed);
        var found = Count(300, cancel, () => KindOf(generated.Wasabi2()) == CoinJoinKind.Wasabi2);
        yield return new Figure(AccuracySection.Recognition, "Wasabi 2", "generated with the published denominations, 8 to 60 wallets", "found", found, $"seed {Seed}; tests the rule, not the world");
    }

    private static IEnumerable<Figure> Wasabi1(AccuracyData data, CancellationToken cancel)
    {
        List<RecordedCoinJoin> labelled = [.. data.Recorded.Where(record => record.Is("wasabi1-coinjoin"))];
        yield return Recorded(AccuracySection.Recognition, "Wasabi 1", "as labelled", labelled, "found", "", IsWasabi1);
        yield return Recorded(AccuracySection.Recognition, "Wasabi 1", "coordinator's address paid, or 25 equal outputs", [.. labelled.Where(record =>
            record.Shape.Outputs.Any(paid => Convert.ToHexString(paid.Script) == WasabiCoordinator) || record.Shape.Outputs.GroupBy(paid => paid.Value).Max(group => group.Count()) >= 25)], "found", "", IsWasabi1);
    }

    private static IEnumerable<Figure> JoinMarket(AccuracyData data, CancellationToken cancel)
    {
        foreach (var (places, words, note) in new (int?, string, string)[] { (null, "3 to 15 places", "tests the rule, not the world"), (2, "2 places", "refused where Stonewall or luck could explain it: low on purpose") })
        {
            var generated = new GeneratedShapes(Seed + (ulong)(places ?? 0));
            int found = 0, named = 0;
            for (var round = 0; round < PlantedRounds; round++)
            {
                cancel.ThrowIfCancellationRequested();
                var kind = KindOf(generated.JoinMarket(places ?? generated.AnyPlaces()).Shape);
                if (kind is not null) named++;
                if (kind == CoinJoinKind.JoinMarket) found++;
            }

            var seeded = $"seed {Seed + (ulong)(places ?? 0)}; makers, fees and coins drawn from the published rules; {note}";
            yield return new Figure(AccuracySection.Recognition, "JoinMarket", $"planted rounds of {words}", "found", new Rate(found, PlantedRounds), seeded);
            yield return new Figure(AccuracySection.Recognition, "any CoinJoin", $"planted rounds of {words}, whatever they are called", "found", new Rate(named, PlantedRounds), seeded);
        }
    }

    private static bool IsWasabi1(RecordedCoinJoin record) => KindOf(record.Shape) is CoinJoinKind.Wasabi1 or CoinJoinKind.Wasabi11;

    internal static Rate Count(int of, CancellationToken cancel, Func<bool> isHit)
    {
        var hits = 0;
        for (var i = 0; i < of; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (isHit()) hits++;
        }

        return new Rate(hits, of);
    }
}
