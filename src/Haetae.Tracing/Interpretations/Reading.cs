namespace Haetae.Tracing.Interpretations;

/// <summary>Counts the interpretations of one transaction.</summary>
/// <remarks>
/// Equal amounts are one class, so that a state is not which inputs and outputs are left but how many of each class: a CoinJoin of n equal inputs and outputs has n + 1 states
/// instead of 4^n. From each state the first input left is put into a group with others; a group's outputs are looked for among all selections of
/// outputs sorted by their sum. What a group leaves is never negative, and all groups together leave the fee, so no group may leave more than the state has to leave.
/// </remarks>
internal sealed class Reading
{
    private readonly AmountClasses _in, _out;
    private readonly Dictionary<(int In, int Out), UInt128> _counts = [];
    private readonly (long Sum, int Selection)[] _bySum;
    private readonly CancellationToken _cancel;
    private long _work;

    internal Reading(IReadOnlyList<long> inputs, IReadOnlyList<long> outputs, CancellationToken cancel)
    {
        _in = new AmountClasses(inputs);
        _out = new AmountClasses(outputs);
        _cancel = cancel;
        _bySum = new (long, int)[_out.Selections];
        for (var selection = 0; selection < _bySum.Length; selection++) _bySum[selection] = (_out.Sum(selection), selection);
        Array.Sort(_bySum);
    }

    /// <summary>Null when it takes too much work.</summary>
    internal LinkMatrix? Count()
    {
        int allIn = _in.Selections - 1, allOut = _out.Selections - 1;
        if (Ways(allIn, allOut) is not { } interpretations) return null;
        var together = new UInt128[_out.Classes, _in.Classes];
        for (var group = 1; group <= allIn; group++)
        {
            foreach (var outputs in Fitting(group, allIn, allOut))
            {
                if (Ways(_in.Without(allIn, group), _out.Without(allOut, outputs)) is not { } rest) return null;
                if (rest == 0) continue;
                for (var i = 0; i < _in.Classes; i++)
                {
                    if (_in.CountOf(group, i) == 0) continue;
                    for (var o = 0; o < _out.Classes; o++)
                        if (_out.CountOf(outputs, o) > 0) together[o, i] += checked(_in.WaysWith(group, allIn, i) * _out.WaysWith(outputs, allOut, o) * rest);
                }
            }
        }

        return new LinkMatrix(interpretations, [.. _out.ClassOf.Select(o => (IReadOnlyList<UInt128>)[.. _in.ClassOf.Select(i => together[o, i])])]);
    }

    /// <summary>The ways to read what is left. Null when it takes too much work.</summary>
    private UInt128? Ways(int leftIn, int leftOut)
    {
        if (leftIn == 0) return leftOut == 0 ? UInt128.One : UInt128.Zero;
        if (_counts.TryGetValue((leftIn, leftOut), out var known)) return known;
        _cancel.ThrowIfCancellationRequested();
        UInt128 sum = 0;
        var first = _in.FirstClass(leftIn);
        for (var group = leftIn; group > 0; group--)
        {
            if (_in.CountOf(group, first) == 0 || !_in.IsWithin(group, leftIn)) continue;
            foreach (var outputs in Fitting(group, leftIn, leftOut))
            {
                if (Ways(_in.Without(leftIn, group), _out.Without(leftOut, outputs)) is not { } rest) return null;
                sum = checked(sum + _in.WaysWith(group, leftIn, first) * _out.Ways(outputs, leftOut) * rest);
            }

            if (_work > LinkMatrix.MostWork) return null;
        }

        return _counts[(leftIn, leftOut)] = sum;
    }

    /// <summary>The selections of the outputs left that a group of inputs can pay, leaving no more than there is to leave.</summary>
    private IEnumerable<int> Fitting(int group, int leftIn, int leftOut)
    {
        var most = _in.Sum(group);
        var least = most - (_in.Sum(leftIn) - _out.Sum(leftOut));
        int low = 0, high = _bySum.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_bySum[middle].Sum < least) low = middle + 1;
            else high = middle;
        }

        for (; low < _bySum.Length && _bySum[low].Sum <= most; low++)
        {
            _work++;
            if (_out.IsWithin(_bySum[low].Selection, leftOut)) yield return _bySum[low].Selection;
        }
    }
}
