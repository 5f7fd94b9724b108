using System.Runtime.CompilerServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>From addresses and ids to numbers through runs of an index, many at once; the full address or id decides.</summary>
internal static class AccountIndex
{
    internal const int Batch = 64;

    /// <summary>The key under which an account's transfers are filed. All 32 bits of the account are in what an entry keeps: no two accounts share a key.</summary>
    /// <remarks>Multiplying by an odd number permutes the 32 bits, and this one (2^32 over the golden ratio) spreads neighbours evenly over the buckets.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong TransferKey(uint account) => (ulong)(account * 0x9E37_79B1U) << 32;

    /// <summary>Accounts of up to <see cref="Batch"/> addresses; those not found keep <see cref="AccountGraph.Nobody"/>.</summary>
    /// <param name="addressOf">The stored addresses.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Find(IReadOnlyList<IndexRunReader> runs, Column<AccountAddress> addressOf, ReadOnlySpan<AccountAddress> addresses, Span<uint> accounts)
    {
        Span<(long Start, long End)> ranges = stackalloc (long, long)[Batch];
        Span<ulong> keys = stackalloc ulong[Batch];
        for (var i = 0; i < addresses.Length; i++) keys[i] = addresses[i].Key;
        for (var r = 0; r < runs.Count; r++)
        {
            var run = runs[r];
            for (var i = 0; i < addresses.Length; i++)
                if (accounts[i] == AccountGraph.Nobody) run.PrefetchDirectory(keys[i]);
            for (var i = 0; i < addresses.Length; i++)
                if (accounts[i] == AccountGraph.Nobody) run.PrefetchKeys(keys[i]);
            for (var i = 0; i < addresses.Length; i++)
            {
                ranges[i] = accounts[i] == AccountGraph.Nobody ? run.Range(keys[i]) : default;
                if (ranges[i].Start < ranges[i].End) addressOf.Prefetch(run.Number(ranges[i].Start));
            }

            for (var i = 0; i < addresses.Length; i++)
                for (var entry = ranges[i].Start; entry < ranges[i].End; entry++)
                    if (run.TryNumber(entry, out var account) && addressOf[account] == addresses[i]) accounts[i] = (uint)account;
        }
    }

    /// <summary>Transactions of up to <see cref="Batch"/> ids; those not found keep -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Find(IReadOnlyList<IndexRunReader> runs, Column<Hash256> idOf, ReadOnlySpan<Hash256> ids, Span<long> transactions)
    {
        Span<(long Start, long End)> ranges = stackalloc (long, long)[Batch];
        for (var r = 0; r < runs.Count; r++)
        {
            var run = runs[r];
            foreach (ref readonly var id in ids) run.PrefetchDirectory(id.Prefix);
            foreach (ref readonly var id in ids) run.PrefetchKeys(id.Prefix);
            for (var i = 0; i < ids.Length; i++)
            {
                ranges[i] = run.Range(ids[i].Prefix);
                if (ranges[i].Start < ranges[i].End) idOf.Prefetch(run.Number(ranges[i].Start));
            }

            for (var i = 0; i < ids.Length; i++)
                for (var entry = ranges[i].Start; entry < ranges[i].End; entry++)
                    if (run.TryNumber(entry, out var transaction) && idOf[transaction] == ids[i]) transactions[i] = transaction;
        }
    }
}
