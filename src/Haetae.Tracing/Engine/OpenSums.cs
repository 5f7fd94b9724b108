using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Tracing.Engine;

/// <summary>Open transactions where taint is dense, with the sum of taint that enters each.</summary>
/// <remarks>
/// The sums lie in pages of 2^15 transactions. A page left behind is all zero again and serves for a later stretch of the chain, so memory
/// follows the stretches that are open at once. An amount waits in a short line while the memory of its sum is asked for, so that the
/// processor goes on dividing meanwhile; whoever is taken gets what still waits for it.
/// </remarks>
internal struct OpenSums(UtxoGraph graph) : IOpenTransactions
{
    private const int PageBits = 15;
    private const uint InPage = (1u << PageBits) - 1;
    private const int Line = 32; // a power of two

    private readonly long[]?[] _pages = new long[]?[(graph.TransactionCount >> PageBits) + 1];
    private readonly Stack<long[]> _freePages = new();
    private readonly (uint Transaction, long Tainted)[] _waiting = new (uint, long)[Line];
    private OpenBits _bits = new(graph.TransactionCount);
    private uint _next;
    private uint _firstWaiting = uint.MaxValue; // no transaction before this one is waited for
    private uint _firstPage;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint transaction, long tainted)
    {
        Prefetch.Item(_pages[transaction >> PageBits] ?? NewPage(transaction >> PageBits), transaction & InPage);
        _bits.Add(transaction, 0);
        ref var place = ref _waiting[_next++ & (Line - 1)];
        Sum(place.Transaction) += place.Tainted;
        place = (transaction, tainted);
        if (transaction < _firstWaiting) _firstWaiting = transaction;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(uint before, out uint transaction, out long tainted)
    {
        if (!_bits.TryTake(before, out transaction, out tainted)) return false;
        if (transaction >= _firstWaiting) AddWaiting();
        if (transaction >> PageBits != _firstPage) LeavePages(transaction >> PageBits);
        ref var sum = ref Sum(transaction);
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
        AddWaiting();
        for (var page = 0; page < _pages.Length; page++) FreePage(page);
        _firstPage = 0;
    }

    // An empty place in the line adds nothing to transaction 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref long Sum(uint transaction) => ref (_pages[transaction >> PageBits] ?? NewPage(transaction >> PageBits))[transaction & InPage];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddWaiting()
    {
        foreach (ref var place in _waiting.AsSpan())
        {
            if (place.Tainted == 0) continue;
            Sum(place.Transaction) += place.Tainted;
            place = default;
        }

        _firstWaiting = uint.MaxValue;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeavePages(uint page)
    {
        for (; _firstPage < page; _firstPage++) FreePage((int)_firstPage);
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
