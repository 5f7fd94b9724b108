using Haetae.Ledger;

namespace Haetae.Tracing.Interpretations;

/// <summary>How many ways there are to read a transaction as several payments, and in which share of them an input pays an output.</summary>
/// <param name="Interpretations">Ways to cut inputs and outputs into groups, each of which brings at least what it takes out.</param>
/// <param name="Together">Per output, per input: in how many interpretations both stand in one group.</param>
/// <remarks>
/// Contract: every group holds at least one input; what a group brings beyond its outputs is its part of the fee, so a group may have no output at all.
/// All groups together leave exactly the fee. An input and an output that stand together in every interpretation are linked for certain,
/// as far as amounts can tell. Errs: it knows amounts alone. It takes every interpretation for equally likely, which no wallet does, and owners who pay each
/// other inside the transaction are read as one. Evidence, never a fact, unless the link is certain.
/// Source: LaurentMT, "Introducing Boltzmann" (2015).
/// </remarks>
public sealed record LinkMatrix(UInt128 Interpretations, IReadOnlyList<IReadOnlyList<UInt128>> Together)
{
    /// <summary>So many inputs and outputs are read whatever their amounts.</summary>
    public const int MostDifferent = 12;

    /// <summary>Where amounts repeat, as in a CoinJoin, up to so many: equal ones count as one kind.</summary>
    public const int Most = 20;

    private const int MostSelections = 1 << 13;

    /// <summary>Groups looked at before it is given up: some seconds at most, on any amounts.</summary>
    public const long MostWork = 200_000_000;

    /// <summary>The binary logarithm of the number of interpretations: 0 where there is one.</summary>
    public double Entropy => Math.Log2((double)Interpretations);

    /// <summary>The share of interpretations in which an input stands with an output.</summary>
    public double Probability(int output, int input) => (double)Together[output][input] / (double)Interpretations;

    /// <summary>Whether an input stands with an output in every interpretation.</summary>
    public bool IsCertain(int output, int input) => Together[output][input] == Interpretations;

    /// <summary>Reads a transaction. Null where it is too large, or takes more work than <see cref="MostWork"/>: nothing is said then, rather than something inexact.</summary>
    /// <param name="inputs">Satoshi; all must be known.</param>
    /// <param name="outputs">Satoshi, not more than the inputs together.</param>
    /// <exception cref="ArgumentException">An amount is negative, the outputs take more than the inputs bring, or there is no input.</exception>
    public static LinkMatrix? Of(IReadOnlyList<long> inputs, IReadOnlyList<long> outputs, CancellationToken cancel = default)
    {
        if (inputs.Count == 0 || inputs.Concat(outputs).Any(amount => amount is < 0 or > Satoshi.Maximum)) throw new ArgumentException("There must be inputs, and amounts between 0 and 21 million coins.", nameof(inputs));
        if (inputs.Sum() < outputs.Sum()) throw new ArgumentException("The outputs take more than the inputs bring.", nameof(outputs));
        if (Selections(inputs) > MostSelections || Selections(outputs) > MostSelections) return null;
        return new Reading(inputs, outputs, cancel).Count();
    }

    // How many different selections of the amounts there are; more than any limit where there are too many amounts.
    private static long Selections(IReadOnlyList<long> amounts) =>
        amounts.Count > Most ? long.MaxValue : amounts.GroupBy(amount => amount).Aggregate(1L, (product, alike) => product * (alike.Count() + 1));
}
