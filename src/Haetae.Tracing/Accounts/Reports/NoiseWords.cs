using Haetae.Tracing.Accounts.Noise;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>Noise and pay-offs in the words of files and of people.</summary>
public static class NoiseWords
{
    /// <summary>The word that files carry for a kind.</summary>
    public static string NameOf(NoiseKind kind) => kind switch
    {
        NoiseKind.ZeroBait => "zero-bait",
        NoiseKind.DustBait => "dust-bait",
        NoiseKind.FakeTokenBait => "fake-token-bait",
        NoiseKind.StrangerDust => "stranger-dust",
        NoiseKind.StrangerMessage => "stranger-message",
        NoiseKind.SuspectedPayOff => "suspected-pay-off",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The same for people, after a number.</summary>
    public static string Say(NoiseKind kind) => kind switch
    {
        NoiseKind.ZeroBait => "of nothing, from or to look-alikes of accounts used before",
        NoiseKind.DustBait => "of dust from look-alikes of accounts used before",
        NoiseKind.FakeTokenBait => "of tokens with a borrowed symbol, from or to look-alikes",
        NoiseKind.StrangerDust => "of dust from strangers",
        NoiseKind.StrangerMessage => "of nothing from strangers",
        _ => NameOf(kind),
    };

    /// <summary>One line a kind: <c>355 of dust from strangers: 1.25 ETH</c>.</summary>
    public static IEnumerable<string> Lines(AccountReportNoise noise) => noise.Kinds.Select(kind =>
        $"{Amounts.Count(kind.Transfers)} {Say(kind.Kind)}{(kind.Sums.Count == 0 ? "" : ": " + string.Join(", ", kind.Sums.Select(sum => AssetAmounts.WithSymbol(sum.Amount, sum.Asset))))}{(kind.Tainted == 0 ? "" : $"; {Amounts.Count(kind.Tainted)} of them carried stolen money, which the books hold")}");

    /// <summary>What was looked at.</summary>
    public static string Scope(AccountReportNoise noise) =>
        $"{Amounts.Count(noise.Transfers, "transfer", "transfers")} of strangers and imitators kept out of the picture, at {Amounts.Count(noise.Accounts, "account", "accounts")} that this trace followed or ended at{(noise.LeftOut == 0 ? "" : $"; {Amounts.Count(noise.LeftOut, "account", "accounts")} where it stopped not looked at")}.";

    /// <summary>A pay-off as a suspicion, with the account that was meant.</summary>
    public static string Suspicion(AccountPayOff payOff) =>
        $"Suspected pay-off{(payOff.IsSeed ? " (a stolen transfer)" : "")}: {payOff.Move.From} paid {AssetAmounts.WithSymbol(payOff.Move.Amount, payOff.Move.Asset)} to {payOff.Move.To} on {Amounts.Time(payOff.Move.Time)}, and seems to have meant {payOff.Meant}, which it used before: {payOff.Likeness.Head} letters are equal in front and {payOff.Likeness.Tail} at the back. Ask the payer.";
}
