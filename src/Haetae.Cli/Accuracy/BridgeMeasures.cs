using Haetae.Tracing.Bridges.Guesses;

namespace Haetae.Cli.Accuracy;

/// <summary>Guesses of payouts where a bridge shares no key: real deposits, generated payouts.</summary>
internal static class BridgeMeasures
{
    private const int Seed = 61_007;
    private static readonly (string Folder, string Name)[] Bridges = [("Celer", "Celer cBridge"), ("Multi", "Multichain"), ("Poly", "Poly Network")];

    internal static readonly Measurement[] All =
    [
        new("bridges-receiver", AccuracySection.Bridges, (data, cancel) => Figures(data, receiversKnown: true, cancel)),
        new("bridges-blind", AccuracySection.Bridges, (data, cancel) => Figures(data, receiversKnown: false, cancel)),
    ];

    private static IEnumerable<Figure> Figures(AccuracyData data, bool receiversKnown, CancellationToken cancel)
    {
        RecordedDeposit[] deposits = [.. Bridges.SelectMany(bridge => RecordedDeposit.Read(data.File("ethereum", "bridge-pairs", bridge.Folder, "sample.json"), bridge.Name))];
        foreach (var rivals in (int[])[2, 20])
        {
            var made = GeneratedPayouts.For(deposits, rivals, receiversKnown, Seed);
            var guesses = new CrossingGuesses(made.Payouts, new CrossingModel());
            var first = new List<(int Said, int Truth, int PerMille)>();
            foreach (var (index, deposit) in deposits.Index())
            {
                cancel.ThrowIfCancellationRequested();
                var found = guesses.Of(new CrossingEnd(deposit.Time, deposit.Asset, deposit.Amount, receiversKnown ? deposit.Receiver : null));
                first.Add(found.Count == 0 ? (-1, made.Truth[index], 0) : (found[0].Payout, made.Truth[index], found[0].PerMille));
            }

            foreach (var figure in Figures(first, receiversKnown, rivals, deposits.Length)) yield return figure;
        }
    }

    private static IEnumerable<Figure> Figures(List<(int Said, int Truth, int PerMille)> first, bool receiversKnown, int rivals, int deposits)
    {
        var set = $"{deposits:#,0} real deposits, generated payouts, {rivals} rivals each" + (receiversKnown ? "" : ", receivers unknown");
        const string note = "payouts, times and fees are made up: it says how the matcher bears rivals, not how right it is on a chain";
        foreach (var threshold in (int[])[0, 500, 900])
        {
            var named = first.Where(one => one.Said >= 0 && one.PerMille >= threshold).ToArray();
            var right = named.Count(one => one.Said == one.Truth);
            var method = threshold == 0 ? "the most probable payout" : $"the most probable payout, from {threshold} per mille";
            yield return new Figure(AccuracySection.Bridges, method, set, "right", new Rate(right, named.Length), note);
            yield return new Figure(AccuracySection.Bridges, method, set, "found", new Rate(right, first.Count(one => one.Truth >= 0)), note);
        }
    }
}
