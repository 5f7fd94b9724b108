using Haetae.Tracing;
using Haetae.Tracing.Demixing;
using Haetae.Tracing.Interpretations;

namespace Haetae.Cli.Accuracy;

/// <summary>Evidence that a mix gives by its own amounts, against the wallets behind its coins.</summary>
internal static class RoundMeasures
{
    private const ulong Seed = 5_550_123;
    private const string Emulated = "150 emulated WabiSabi rounds of 6 to 16 inputs";
    private const string EmulatedNote = "one to five wallets a round: far fewer than in public rounds, so chance alone is high";

    internal static readonly Measurement[] All =
    [
        new("amounts", AccuracySection.Links, Amounts),
        new("link-matrix", AccuracySection.Links, Matrix),
        new("change", AccuracySection.Links, Change),
        new("tx0-change", AccuracySection.Links, Tx0),
    ];

    private static IEnumerable<Figure> Amounts(AccuracyData data, CancellationToken cancel)
    {
        long pairs = 0, alike = 0;
        foreach (var round in data.Emulated)
        {
            foreach (var owner in round.OutputOwners) alike += round.InputOwners.Count(other => other == owner);
            pairs += (long)round.InputOwners.Count * round.OutputOwners.Count;
        }

        yield return new Figure(AccuracySection.Links, "none: any input for any output", Emulated, "right", new Rate(alike, pairs), $"what chance gives; {EmulatedNote}");
        var claims = data.Emulated.SelectMany(round => SourceAmounts.Of(round.Shape).Select(claim => (claim, IsRight: IsRight(round, claim)))).ToList();
        yield return Row(SourceAmounts.Necessary, "every claim", claims.Where(pair => pair.claim.Rule == SourceAmounts.Necessary), $"few; {EmulatedNote}");
        var tops = data.Emulated.SelectMany(round => SourceAmounts.Of(round.Shape).Where(claim => claim.Rule == SourceAmounts.LargeEnough).GroupBy(claim => claim.Of).Select(group => (claim: group.First(), IsRight: IsRight(round, group.First()), Any: group.Any(claim => IsRight(round, claim))))).ToList();
        foreach (var (words, low, high) in new[] { ("first candidate, no rival", 0, 0), ("first candidate, one to three rivals", 1, 3), ("first candidate, more rivals", 4, int.MaxValue) })
            yield return Row(SourceAmounts.LargeEnough, words, tops.Where(top => top.claim.Rivals >= low && top.claim.Rivals <= high).Select(top => (top.claim, top.IsRight)), EmulatedNote);
        yield return Row(SourceAmounts.LargeEnough, "a right one among the candidates", tops.Select(top => (top.claim, top.Any)), EmulatedNote);

        Figure Row(string method, string words, IEnumerable<(LinkEvidence Claim, bool IsRight)> of, string note) => new(AccuracySection.Links, method, $"{Emulated}: {words}", "right", RateOf(of.Select(pair => pair.IsRight)), note);
    }

    private static IEnumerable<Figure> Matrix(AccuracyData data, CancellationToken cancel)
    {
        long read = 0, certain = 0, right = 0, withCoordinator = 0, tops = 0, topRight = 0;
        foreach (var round in data.Emulated)
        {
            cancel.ThrowIfCancellationRequested();
            if (LinkMatrix.Of([.. round.Shape.Inputs.Select(input => input.Value!.Value)], [.. round.Shape.Outputs.Select(output => output.Value)], cancel) is not { } matrix) continue;
            read++;
            for (var o = 0; o < round.OutputOwners.Count; o++)
            {
                var best = Enumerable.Range(0, round.InputOwners.Count).MaxBy(i => matrix.Together[o][i]);
                tops++;
                if (round.InputOwners[best] == round.OutputOwners[o]) topRight++;
                for (var i = 0; i < round.InputOwners.Count; i++)
                {
                    if (!matrix.IsCertain(o, i)) continue;
                    certain++;
                    if (round.InputOwners[i] == round.OutputOwners[o]) right++;
                    else if (round.OutputOwners.Contains(OwnedRound.Coordinator)) withCoordinator++;
                }
            }
        }

        yield return new Figure(AccuracySection.Links, "link matrix", $"{Emulated}: small enough to be read in full", "read", new Rate(read, data.Emulated.Count), "12 inputs and outputs of any amounts, 20 where amounts repeat");
        yield return new Figure(AccuracySection.Links, "link matrix", "of these: certain links", "right", new Rate(right, certain),
            $"{withCoordinator} of the wrong ones are in rounds with a coordinator's fee, which all wallets paid together");
        yield return new Figure(AccuracySection.Links, "link matrix", "of these: the likeliest input of each output", "right", new Rate(topRight, tops), EmulatedNote);
    }

    private static IEnumerable<Figure> Change(AccuracyData data, CancellationToken cancel)
    {
        var generated = new GeneratedShapes(Seed);
        var rounds = Enumerable.Range(0, 400).Select(_ => generated.JoinMarket(generated.AnyPlaces())).ToList();
        var tops = new List<(LinkEvidence Claim, bool IsRight)>();
        long changes = 0;
        foreach (var round in rounds)
        {
            cancel.ThrowIfCancellationRequested();
            if (RecognitionMeasures.Named(round.Shape) is not { Kind: CoinJoinKind.JoinMarket } verdict) continue;
            changes += round.Shape.Outputs.Count(output => output.Value != verdict.Denominations[0]);
            tops.AddRange(ChangeArithmetic.Of(round.Shape, verdict).GroupBy(claim => claim.Of).Select(group => (group.First(), IsRight(round, group.First()))));
        }

        var note = $"seed {Seed}; makers and fees drawn from the published rules: tests the rule, not the world; no real round has known owners";
        yield return new Figure(AccuracySection.Links, ChangeArithmetic.Name, "planted JoinMarket rounds: changes with a candidate", "told", new Rate(tops.Count, changes), note);
        yield return Row("first candidate, score 950 or more", tops.Where(top => top.Claim.Score >= 950));
        yield return Row("first candidate, score 500 to 949", tops.Where(top => top.Claim.Score is >= 500 and < 950));
        yield return Row("first candidate, score below 500", tops.Where(top => top.Claim.Score < 500));

        Figure Row(string words, IEnumerable<(LinkEvidence Claim, bool IsRight)> of) => new(AccuracySection.Links, ChangeArithmetic.Name, $"the same: {words}", "right", RateOf(of.Select(pair => pair.IsRight)), note);
    }

    private static IEnumerable<Figure> Tx0(AccuracyData data, CancellationToken cancel)
    {
        List<RecordedCoinJoin> tx0 = [.. data.Recorded.Where(record => RecognitionMeasures.KindOf(record.Shape) == CoinJoinKind.WhirlpoolTx0)];
        yield return new Figure(AccuracySection.Links, Tx0Change.Name, "recorded tx0: change told without a rival", "told", RateOf(tx0.Select(record => RoundEvidence.OfShape(record.Shape).ToList() is [{ Rivals: 0 }])),
            "no truth: whether it is right is not measured; the rest have no change, or one that could be the fee");
    }

    /// <summary>Whether all coins that are put together have one owner.</summary>
    internal static bool IsRight(OwnedRound round, LinkEvidence claim) => claim.With.All(place => Owner(round, place) == Owner(round, claim.Of));

    internal static Rate RateOf(IEnumerable<bool> hits)
    {
        List<bool> all = [.. hits];
        return new Rate(all.Count(hit => hit), all.Count);
    }

    private static string Owner(OwnedRound round, CoinPlace place) => place.IsInput ? round.InputOwners[place.Index] : round.OutputOwners[place.Index];
}
