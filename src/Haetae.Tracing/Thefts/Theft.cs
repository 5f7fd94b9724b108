using System.Collections.Immutable;

namespace Haetae.Tracing.Thefts;

/// <summary>One theft among several that are followed at once, each with its own tag.</summary>
/// <param name="Name">What the reader calls it: letters, digits and dashes.</param>
/// <param name="Seeds">The outputs it stole, in any order, each once.</param>
public sealed record Theft(string Name, IReadOnlyList<StolenOutput> Seeds)
{
    /// <summary>The most thefts that can be followed at once: one bit each in a word of 64.</summary>
    public const int Most = 64;

    /// <summary>The longest name.</summary>
    public const int LongestName = 40;

    /// <summary>Whether a text can name a theft.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-') return false;
        }

        return true;
    }

    /// <summary>Thefts in the order of their first seeds on chain; those that share it keep the order given. The earlier keeps what two of them claim.</summary>
    public static ImmutableArray<Theft> InOrder(IEnumerable<Theft> thefts) =>
        [.. thefts.OrderBy(theft => theft.Seeds.Count == 0 ? long.MaxValue : theft.Seeds.Min(seed => seed.Output))];
}

/// <summary>Satoshi that two thefts claim of one output. The earlier theft keeps them.</summary>
/// <param name="Earlier">The theft that keeps them: its place in the order of thefts, from 0.</param>
/// <param name="Later">The theft that does not have them: they leave its seeds.</param>
/// <param name="Output">The seed at which the claims met, in the ledger's numbers.</param>
/// <param name="Value">How many satoshi.</param>
public readonly record struct Collision(int Earlier, int Later, long Output, long Value);
