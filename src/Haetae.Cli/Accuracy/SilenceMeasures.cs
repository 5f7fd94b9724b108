using Haetae.Ledger.Bitcoin;
using Haetae.Tracing;

namespace Haetae.Cli.Accuracy;

/// <summary>Detectors on transactions that are no CoinJoin, and on sets of which nobody knows.</summary>
internal static class SilenceMeasures
{
    private const ulong Seed = 40_118_257;

    internal static readonly Measurement[] All =
    [
        new("real-blocks", AccuracySection.Silence, Blocks),
        new("ordinary", AccuracySection.Silence, Ordinary),
        new("known-false", AccuracySection.Silence, KnownFalse),
        new("candidates", AccuracySection.Agreement, Candidates),
        new("post-mix", AccuracySection.Agreement, PostMix),
    ];

    private static IEnumerable<Figure> Blocks(AccuracyData data, CancellationToken cancel)
    {
        foreach (var block in RealBlock.All)
        {
            var payments = block.Payments(data, cancel);
            foreach (var told in block.Network == BitcoinNetwork.Mainnet ? [true, false] : new[] { false })
            {
                var named = payments.Count(payment => RecognitionMeasures.Named(told ? payment : payment with { Height = null }) is not null);
                yield return new Figure(AccuracySection.Silence, "every rule", $"{block.Network.Name} block {block.Name} ({block.When}), all payments{(told ? "" : ", height withheld")}", "named",
                    new Rate(named, payments.Count), Era(block));
            }
        }
    }

    private static string Era(RealBlock block) =>
        block.Network != BitcoinNetwork.Mainnet ? "test coins: few people, many scripts of testers"
        : block.Height < 400_000 ? "from before most of these services; not held out: one veto came from it" : "one block; nobody looked whether a CoinJoin is in it but by eye";

    private static IEnumerable<Figure> Ordinary(AccuracyData data, CancellationToken cancel)
    {
        var generated = new GeneratedShapes(Seed);
        yield return new Figure(AccuracySection.Silence, "every rule", "generated payments, batches, equal payouts, token trades", "named",
            RecognitionMeasures.Count(5_000, cancel, () => RecognitionMeasures.Named(generated.Ordinary()) is not null), $"seed {Seed}; the mixture is ours");
        generated = new GeneratedShapes(Seed);
        yield return new Figure(AccuracySection.Silence, "JoinMarket", "the same", "named",
            RecognitionMeasures.Count(5_000, cancel, () => RecognitionMeasures.KindOf(generated.Ordinary()) == CoinJoinKind.JoinMarket), $"seed {Seed}");
        generated = new GeneratedShapes(Seed + 1);
        yield return new Figure(AccuracySection.Silence, "every rule", "generated Stonewalls", "named", RecognitionMeasures.Count(1_000, cancel, () => RecognitionMeasures.Named(generated.Stonewall()) is not null), $"seed {Seed + 1}");
    }

    private static IEnumerable<Figure> KnownFalse(AccuracyData data, CancellationToken cancel)
    {
        List<RecordedCoinJoin> known = [.. data.Recorded.Where(record => record.Is("jm-known-false-positive-fixture"))];
        yield return RecognitionMeasures.Recorded(AccuracySection.Silence, "JoinMarket", "candidates that another project found to be false", known, "named", "few; see below",
            record => RecognitionMeasures.KindOf(record.Shape) == CoinJoinKind.JoinMarket);
        yield return RecognitionMeasures.Recorded(AccuracySection.Silence, "every rule", "the same", known, "named", "few", record => RecognitionMeasures.KindOf(record.Shape) is not null);
    }

    private static IEnumerable<Figure> Candidates(AccuracyData data, CancellationToken cancel)
    {
        List<RecordedCoinJoin> candidates = [.. data.Recorded.Where(record => record.Is("other-coinjoin-candidate"))];
        yield return RecognitionMeasures.Recorded(AccuracySection.Agreement, "JoinMarket", "candidates of another detector, June 2024", candidates, "named too", "no truth", record => RecognitionMeasures.KindOf(record.Shape) == CoinJoinKind.JoinMarket);
        yield return RecognitionMeasures.Recorded(AccuracySection.Agreement, "any CoinJoin", "the same", candidates, "named too", "no truth", record => RecognitionMeasures.KindOf(record.Shape) is not null);
        foreach (var (why, text) in new (Func<RecordedCoinJoin, bool>, string)[]
        {
            (record => Dust(record.Shape), "of these, the equal outputs are dust that carries tokens"),
            (record => !Dust(record.Shape) && PaysBack(record.Shape), "of the rest, a script is used twice: a token market, or one owner"),
            (record => !Dust(record.Shape) && !PaysBack(record.Shape) && RecognitionMeasures.KindOf(record.Shape) is null && Mode(record.Shape).Times == 2, "of the rest, one amount twice and not named: Stonewall, or it cannot be told"),
        })
            yield return RecognitionMeasures.Recorded(AccuracySection.Agreement, "none", text, candidates, "share", "no truth", why);
    }

    private static IEnumerable<Figure> PostMix(AccuracyData data, CancellationToken cancel)
    {
        foreach (var (label, after) in new[] { ("whirlpool-postmix", "Whirlpool"), ("wasabi1-postmix", "Wasabi 1"), ("wasabi2-postmix", "Wasabi 2"), ("other-postmix", "other candidates") })
            yield return RecognitionMeasures.Recorded(AccuracySection.Agreement, "any CoinJoin", $"what followed {after}", [.. data.Recorded.Where(record => record.Is(label))], "named",
                "no truth: later mixes are among them", record => RecognitionMeasures.KindOf(record.Shape) is not null);
    }

    private static bool Dust(TransactionShape shape) => Mode(shape).Value <= 2_730;

    private static bool PaysBack(TransactionShape shape)
    {
        var spent = shape.Inputs.Select(input => Convert.ToHexString(input.Script!)).ToHashSet();
        List<string> paid = [.. shape.Outputs.Select(output => Convert.ToHexString(output.Script))];
        return paid.Exists(spent.Contains) || paid.Distinct().Count() < paid.Count;
    }

    private static (long Value, int Times) Mode(TransactionShape shape) =>
        shape.Outputs.Where(output => output.Value > 0).GroupBy(output => output.Value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => (group.Key, group.Count())).FirstOrDefault();
}
