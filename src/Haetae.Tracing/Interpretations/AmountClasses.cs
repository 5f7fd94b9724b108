namespace Haetae.Tracing.Interpretations;

/// <summary>The amounts of one side of a transaction, equal ones as a class, and selections of them: how many of each class, as one number.</summary>
/// <remarks>A selection is a number of mixed base: the digit of a class counts up to its members. The largest number selects everything.</remarks>
internal sealed class AmountClasses
{
    private readonly long[] _amounts;
    private readonly int[] _members;
    private readonly int[] _bases;
    private readonly int[,] _digits;
    private readonly long[] _sums;

    internal AmountClasses(IReadOnlyList<long> amounts)
    {
        _amounts = [.. amounts.Distinct()];
        ClassOf = [.. amounts.Select(amount => Array.IndexOf(_amounts, amount))];
        _members = [.. _amounts.Select(amount => amounts.Count(other => other == amount))];
        _bases = new int[_amounts.Length];
        Selections = 1;
        for (var c = 0; c < _amounts.Length; c++)
        {
            _bases[c] = Selections;
            Selections *= _members[c] + 1;
        }

        _digits = new int[Selections, Math.Max(1, _amounts.Length)];
        _sums = new long[Selections];
        for (var selection = 0; selection < Selections; selection++)
        {
            for (var c = 0; c < _amounts.Length; c++)
            {
                _digits[selection, c] = selection / _bases[c] % (_members[c] + 1);
                _sums[selection] += _digits[selection, c] * _amounts[c];
            }
        }
    }

    /// <summary>How many selections there are: 0 selects nothing, the last everything.</summary>
    internal int Selections { get; }

    internal int Classes => _amounts.Length;

    /// <summary>Per amount, its class.</summary>
    internal IReadOnlyList<int> ClassOf { get; }

    internal long Sum(int selection) => _sums[selection];

    internal int CountOf(int selection, int type) => _digits[selection, type];

    internal int FirstClass(int selection)
    {
        for (var c = 0; ; c++)
            if (_digits[selection, c] > 0) return c;
    }

    internal bool IsWithin(int selection, int of)
    {
        for (var c = 0; c < Classes; c++)
            if (_digits[selection, c] > _digits[of, c]) return false;
        return true;
    }

    /// <summary>What is left of a selection when another within it is taken out.</summary>
    internal int Without(int of, int selection) => of - selection;

    /// <summary>In how many ways single amounts can be chosen so.</summary>
    internal UInt128 Ways(int selection, int of)
    {
        UInt128 ways = 1;
        for (var c = 0; c < Classes; c++) ways *= Choose(_digits[of, c], _digits[selection, c]);
        return ways;
    }

    /// <summary>The same, one certain member of a class being among them.</summary>
    internal UInt128 WaysWith(int selection, int of, int type)
    {
        UInt128 ways = 1;
        for (var c = 0; c < Classes; c++) ways *= c == type ? Choose(_digits[of, c] - 1, _digits[selection, c] - 1) : Choose(_digits[of, c], _digits[selection, c]);
        return ways;
    }

    private static UInt128 Choose(int n, int k)
    {
        UInt128 ways = 1;
        for (var i = 1; i <= k; i++) ways = ways * (UInt128)(n - k + i) / (UInt128)i;
        return ways;
    }
}
