using System.Collections.Frozen;

namespace Haetae.Intel.Tags;

/// <summary>Categories of services at which a trace parks what arrives: the money of many people is held there together.</summary>
/// <remarks>
/// <para>Contract: what a customer takes out of such a place is not the coin that went in. Following coins through it names whoever was paid out
/// next, so a trace goes on behind it only by an explicit link.</para>
/// <para>It errs where a tag is wrong, where a tagged address belongs to a customer and not to the house, and where a house keeps its customers'
/// coins apart. Sellers of goods (<c>shop</c>, <c>hosting</c>, <c>vpn</c>, <c>filesharing</c>) are paid, and what they are paid is theirs: not in
/// the set, as <c>miner</c>, <c>user</c> and <c>organization</c> are not. <c>coinjoin</c> is told by the transaction, not by a tag.</para>
/// </remarks>
public static class ServiceCategories
{
    /// <summary>Each with what is narrower than it: <c>defi</c> holds bridges, exchanges without a keeper, lending.</summary>
    public static IReadOnlyList<string> Roots { get; } =
        ["exchange", "wallet_service", "mixing_service", "payment_processor", "gambling", "market", "atm", "faucet", "mining_service", "defi"];

    /// <summary>Words that other lists use for the same, and the concept each stands for.</summary>
    private static readonly FrozenDictionary<string, string> OtherWords = new Dictionary<string, string>
    {
        ["bridge"] = "defi_bridge",
        ["cex"] = "exchange",
        ["centralized_exchange"] = "exchange",
        ["custodian"] = "wallet_service",
        ["dark_market"] = "market",
        ["darknet_market"] = "market",
        ["dex"] = "defi_dex",
        ["hosted_wallet"] = "wallet_service",
        ["mixer"] = "mixing_service",
        ["payment"] = "payment_processor",
        ["tumbler"] = "mixing_service",
    }.ToFrozenDictionary();

    /// <summary>The taxonomy's concept for a word, however it is spelled; the word itself where no concept is known for it.</summary>
    public static string ConceptOf(string category)
    {
        var word = category.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
        return OtherWords.GetValueOrDefault(word, word);
    }

    /// <summary>Whether a category is a service of this kind.</summary>
    public static bool Holds(string? category) => category is not null && ConceptOf(category) is var concept && Roots.Any(root => Concepts.IsWithin(concept, root));

    /// <summary>Whether a category is a mixer, which is a service of its own kind: what leaves it is meant not to be told.</summary>
    public static bool IsMixer(string? category) => category is not null && ConceptOf(category) is var concept && (Concepts.IsWithin(concept, "mixing_service") || Concepts.IsWithin(concept, "mixing"));
}
