using System.Numerics;

namespace Haetae.Tracing;

/// <summary>The sums of selections of a transaction's funds: what each of its owners may have brought. Inputs of one script are one fund and stay together.</summary>
/// <remarks>All selections of few funds; of more funds those of a few only, so that the number is bounded (<see cref="Most"/>). Sorted by sum.</remarks>
internal sealed class FundSelections
{
    /// <summary>Selections at most.</summary>
    internal const int Most = 1 << 18;

    /// <summary>Funds at most; of more, nothing is said.</summary>
    internal const int MostFunds = 64;

    private readonly long[] _sums;
    private readonly ulong[] _masks;

    private FundSelections(long[] sums, ulong[] masks, bool complete) => (_sums, _masks, IsComplete) = (sums, masks, complete);

    /// <summary>Whether every selection is there.</summary>
    internal bool IsComplete { get; }

    internal long Sum(int selection) => _sums[selection];

    /// <summary>The funds of a selection, a bit each.</summary>
    internal ulong Mask(int selection) => _masks[selection];

    /// <param name="funds">Satoshi, <see cref="MostFunds"/> at most.</param>
    /// <param name="mostInFull">All selections of so many funds, 18 at most.</param>
    /// <param name="mostTogether">Of more funds, so many together: four up to 40 funds, three beyond, if this allows it.</param>
    internal static FundSelections Of(long[] funds, int mostInFull, int mostTogether)
    {
        var sums = new List<long>();
        var masks = new List<ulong>();
        var complete = funds.Length <= mostInFull;
        if (complete)
        {
            for (var mask = 1UL; mask < 1UL << funds.Length; mask++)
            {
                // One fund more than a selection that was summed before.
                var rest = mask & (mask - 1);
                sums.Add(funds[BitOperations.TrailingZeroCount(mask)] + (rest == 0 ? 0 : sums[(int)rest - 1]));
                masks.Add(mask);
            }
        }
        else
        {
            Add(0, 0, 0, Math.Min(mostTogether, funds.Length <= 40 ? 4 : 3));
        }

        long[] sorted = [.. sums];
        ulong[] which = [.. masks];
        Array.Sort(sorted, which);
        return new FundSelections(sorted, which, complete);

        void Add(int from, long sum, ulong mask, int left)
        {
            for (var fund = from; fund < funds.Length && left > 0; fund++)
            {
                sums.Add(sum + funds[fund]);
                masks.Add(mask | 1UL << fund);
                Add(fund + 1, sum + funds[fund], mask | 1UL << fund, left - 1);
            }
        }
    }

    /// <summary>The selections whose sum lies between two amounts, both included: the first and the one after the last, by rising sum.</summary>
    internal (int First, int End) Between(long least, long most) => (FirstFrom(least), FirstFrom(most + 1));

    /// <summary>How many selections luck would put as close to an amount as this, in thousandths, rounded up: as many as lie within a tenth of the amount, spread evenly there.</summary>
    internal long LuckInThousandths(long amount, long distance)
    {
        var around = Math.Max(1, amount / 10);
        var (first, end) = Between(amount - around, amount + around);
        return (long)(((Int128)(end - first) * (distance + 1) * 1_000 + 2 * around - 1) / (2 * around));
    }

    private int FirstFrom(long least)
    {
        int low = 0, high = _sums.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sums[middle] < least) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
