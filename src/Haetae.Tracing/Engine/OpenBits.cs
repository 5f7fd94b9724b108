using System.Numerics;
using System.Runtime.CompilerServices;

namespace Haetae.Tracing.Engine;

/// <summary>Open transactions where taint is dense, without amounts: one bit a transaction, with two levels of summary above.</summary>
/// <remarks>
/// <code>
/// third    bit n: some bit of second[n] is set
/// second   bit n: some bit of first[n] is set
/// first    bit t: transaction t is open
/// </code>
/// 175 MB of address space for 1.4 billion transactions, touched only where taint is. Empty again after a trace, so it can be used anew.
/// </remarks>
internal struct OpenBits(uint transactions) : IOpenTransactions
{
    private readonly ulong[] _first = new ulong[(transactions >> 6) + 1];
    private readonly ulong[] _second = new ulong[(transactions >> 12) + 1];
    private readonly ulong[] _third = new ulong[(transactions >> 18) + 1];

    // No word of the first level before this one has a bit set.
    private uint _word;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add(uint transaction, long tainted)
    {
        ref var first = ref _first[transaction >> 6];
        var old = first;
        first = old | (1UL << (int)transaction);
        if (old != 0) return;
        ref var second = ref _second[transaction >> 12];
        old = second;
        second = old | (1UL << (int)(transaction >> 6));
        if (old == 0) _third[transaction >> 18] |= 1UL << (int)(transaction >> 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(uint before, out uint transaction, out long tainted)
    {
        tainted = 0;
        if (_first[_word] == 0 && !FindWord())
        {
            transaction = 0;
            return false;
        }

        var bits = _first[_word];
        transaction = (_word << 6) + (uint)BitOperations.TrailingZeroCount(bits);
        if (transaction >= before) return false;
        _first[_word] = bits & (bits - 1);
        return true;
    }

    public void Rewind(uint transaction)
    {
        // The word left behind may be empty while its summary still says otherwise: settle that before it is out of sight.
        if (_first[_word] == 0) ClearSummary();
        _word = Math.Min(_word, transaction >> 6);
    }

    private readonly void ClearSummary()
    {
        ref var second = ref _second[_word >> 6];
        second &= ~(1UL << (int)_word);
        if (second == 0) _third[_word >> 12] &= ~(1UL << (int)(_word >> 6));
    }

    // Moves to the next word with a bit set; stays where it is, all summaries right, when there is none.
    private bool FindWord()
    {
        ClearSummary();
        var second = _word >> 6;
        if (_second[second] == 0)
        {
            var third = second >> 6;
            while (third < _third.Length && _third[third] == 0) third++;
            if (third >= _third.Length) return false;
            second = (third << 6) + (uint)BitOperations.TrailingZeroCount(_third[third]);
        }

        _word = (second << 6) + (uint)BitOperations.TrailingZeroCount(_second[second]);
        return true;
    }

    /// <summary>Ready for a trace that starts at the chain's beginning. Must be empty.</summary>
    internal void Restart() => _word = 0;
}
