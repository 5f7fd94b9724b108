using System.Numerics;
using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Tracing.Engine;

/// <summary>Open transactions where taint is dense, with the sum of taint that enters each.</summary>
/// <remarks>
/// The sums lie in pages of 2^15 transactions. A page left behind is all zero again and serves for a later stretch of the chain, so memory
/// follows the stretches that are open at once. On reaching a word of 64 transactions, the sums that its outputs will add to are asked
/// for ahead: independent reads overlap, dependent ones do not (measured on 5 million transactions: a third less time).
/// </remarks>
internal struct OpenSums(UtxoGraph graph) : IOpenTransactions
{
    private const int PageBits = 15;
    private const uint InPage = (1u << PageBits) - 1;

    private readonly Packed40Column _firstOutput = graph.FirstOutput.Unguarded; // only to ask ahead: a wrong number costs nothing
    private readonly Column<uint> _spender = graph.Spender.Unguarded;
    private readonly long[]?[] _pages = new long[]?[(graph.TransactionCount >> PageBits) + 1];
    private readonly Stack<long[]> _freePages = new();
    private OpenBits _bits = new(graph.TransactionCount);
    private uint _lookedAhead = uint.MaxValue;
    private uint _firstPage;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint transaction, long tainted)
    {
        var page = _pages[transaction >> PageBits] ?? NewPage(transaction >> PageBits);
        ref var sum = ref page[transaction & InPage];
        if (sum == 0) _bits.Add(transaction, 0);
        sum += tainted;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(uint before, out uint transaction, out long tainted)
    {
        if (!_bits.TryTake(before, out transaction, out tainted)) return false;
        if (transaction >> 6 != _lookedAhead) LookAhead(transaction);
        ref var sum = ref _pages[transaction >> PageBits]![transaction & InPage];
        tainted = sum;
        sum = 0;
        return true;
    }

    public void Rewind(uint transaction)
    {
        _bits.Rewind(transaction);
        _firstPage = Math.Min(_firstPage, transaction >> PageBits);
    }

    /// <summary>Ready for a trace that starts at the chain's beginning. Must be empty.</summary>
    internal void Restart()
    {
        _bits.Restart();
        _lookedAhead = uint.MaxValue;
        for (var page = 0; page < _pages.Length; page++) FreePage(page);
        _firstPage = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LookAhead(uint transaction)
    {
        _lookedAhead = transaction >> 6;
        for (; _firstPage < transaction >> PageBits; _firstPage++) FreePage((int)_firstPage);
        var bits = _bits.Neighbours(out var word) | (1UL << (int)transaction);
        for (; bits != 0; bits &= bits - 1)
        {
            var neighbour = (word << 6) + (uint)BitOperations.TrailingZeroCount(bits);
            var end = _firstOutput[neighbour + 1L];
            for (var output = _firstOutput[neighbour]; output < end; output++)
            {
                var spender = _spender[output];
                if (spender >> PageBits < _pages.Length && _pages[spender >> PageBits] is { } page) Prefetch.Item(page, spender & InPage);
            }
        }
    }

    private readonly void FreePage(int page)
    {
        if (_pages[page] is not { } free) return;
        _freePages.Push(free);
        _pages[page] = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly long[] NewPage(uint page) => _pages[page] = _freePages.TryPop(out var free) ? free : new long[1 << PageBits];
}
