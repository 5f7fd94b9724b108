using System.Globalization;
using Haetae.Ledger;

namespace Haetae.Tracing.Bridges.Guesses;

/// <summary>Links for deposits that no key joins: guesses with a probability, which no journey follows by itself.</summary>
public static class GuessedLinks
{
    public const string Method = "bridge-guess";

    public const string Version = "1";

    /// <param name="deposits">Sources without an out.</param>
    /// <param name="payouts">Payments on other ledgers that may be outs, each with the time and receiver its carriers have.</param>
    /// <param name="assetOf">What an end carries, the same word on both chains, and its amount in shared units; null: it cannot be compared.</param>
    public static IReadOnlyList<CrossChainLink> Of(
        IReadOnlyList<CrossChainMessage> deposits, IReadOnlyList<CrossChainMessage> payouts, Func<CrossChainMessage, (string Asset, UInt256 Amount)?> assetOf, CrossingModel model)
    {
        var comparable = payouts.Where(payout => assetOf(payout) is not null).ToArray();
        var guesses = new CrossingGuesses([.. comparable.Select(payout => End(payout, assetOf(payout)!.Value))], model);
        var links = new List<CrossChainLink>();
        foreach (var deposit in deposits)
        {
            if (assetOf(deposit) is not { } carried) continue;
            foreach (var guess in guesses.Of(End(deposit, carried)))
            {
                var payout = comparable[guess.Payout];
                links.Add(new CrossChainLink(deposit, payout, Math.Min(guess.PerMille, 999), guess.Rivals, Evidence(deposit, payout, guess)) { Method = Method, MethodVersion = Version });
            }
        }

        return links;
    }

    private static CrossingEnd End(CrossChainMessage message, (string Asset, UInt256 Amount) carried) => new(message.Time, carried.Asset, carried.Amount, message.Recipient ?? (message.Carriers.Count == 1 && message.End != BridgeEnd.Source ? message.Carriers[0].To : null));

    private static string[] Evidence(CrossChainMessage deposit, CrossChainMessage payout, CrossingGuess guess) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"paid {payout.Time - deposit.Time} seconds after the deposit"),
        deposit.Recipient is not null && deposit.Recipient == payout.Recipient ? "to the receiver that the deposit names" : "the receiver cannot be compared",
        string.Create(CultureInfo.InvariantCulture, $"{guess.Rivals} other payments fit as well; no key is shared"),
    ];
}
