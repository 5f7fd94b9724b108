using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>An asset whose worth people know: its name and symbol are what others imitate.</summary>
/// <param name="Dust">Base units up to which a gift of it from a stranger counts as dust.</param>
public sealed record KnownAsset(AssetName Name, string Symbol, UInt256 Dust);

/// <summary>What counts as noise. Every answer names its terms: other terms, other counts.</summary>
/// <param name="LeastHead">Equal letters at the front that make a look-alike, together with <paramref name="LeastTail"/>; 1 to 8.</param>
/// <param name="LeastTail">Equal letters at the back; 1 to 8.</param>
/// <param name="Known">Assets with a threshold for dust. Of any other asset no amount above zero is dust, and nothing is taken for worthless.</param>
public sealed record NoiseTerms(int LeastHead, int LeastTail, IReadOnlyList<KnownAsset> Known)
{
    /// <summary>Three digits in front and four at the back: one accident in 268 million pairs, and what makers of look-alikes do at the least.</summary>
    public const int UsualHead = 3, UsualTail = 4;

    // On TRON, whose letters are of Base58: two behind the T and four at the back, an accident in some 38 billion pairs. No set with known answers stands behind it.
    private const int TronHead = 2, TronTail = 4;

    private static readonly UInt128 Milli = 1_000_000_000_000_000UL;

    /// <summary>
    /// The usual terms for a chain. Dust is up to 0.02 of a native coin with 18 places (1 TRX on TRON), 10 of a dollar token, 0.02 WETH, 0.0005 WBTC:
    /// below what anybody pays for a service, above what senders of dust spend.
    /// </summary>
    public static NoiseTerms Usual(ChainName chain)
    {
        List<KnownAsset> known = [new(AssetName.Native(chain), chain.Symbol, chain.Family == ChainFamily.Tron ? 1_000_000UL : 20 * Milli)];
        if (chain == ChainName.Ethereum)
        {
            Add("0xdAC17F958D2ee523a2206206994597C13D831ec7", "USDT", 10_000_000UL);
            Add("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", "USDC", 10_000_000UL);
            Add("0x6B175474E89094C44Da98b954EedeAC495271d0F", "DAI", 10_000 * Milli);
            Add("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "WETH", 20 * Milli);
            Add("0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599", "WBTC", 50_000UL);
        }
        else if (chain == ChainName.Tron)
        {
            Add("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "USDT", 10_000_000UL);
        }

        return chain.Family == ChainFamily.Tron ? new NoiseTerms(TronHead, TronTail, known) : new NoiseTerms(UsualHead, UsualTail, known);

        void Add(string contract, string symbol, UInt256 dust) => known.Add(new KnownAsset(AssetName.Token(chain, AccountAddress.Parse(contract)), symbol, dust));
    }

    /// <summary>Whether one of two different addresses passes for the other.</summary>
    public bool IsLookAlike(Likeness likeness) => likeness.Head >= LeastHead && likeness.Tail >= LeastTail;
}
