using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Builds the runs that lead from a transaction's id to its number, and from an account to its transfers.</summary>
internal sealed class TransferRuns(string folder, AccountColumnFiles files, int threads)
{
    private const int Piece = 1 << 15;

    internal IndexRun BuildIds(uint from, uint to, CancellationToken cancel) =>
        IndexBuilder.Build(folder, IndexRunFile.TxIdKind, from, to, to - from, deal =>
        {
            var some = new Hash256[Piece];
            for (long at = from; at < to; at += Piece)
            {
                cancel.ThrowIfCancellationRequested();
                var count = (int)Math.Min(Piece, to - at);
                files.Read(AccountColumns.TxId, at, some.AsSpan(0, count));
                for (var i = 0; i < count; i++) deal.Add(some[i].Prefix, at + i);
            }
        }, threads, null, cancel);

    /// <param name="from">A transaction.</param>
    /// <param name="to">The transaction after the last.</param>
    internal IndexRun BuildTransfers(uint from, uint to, CancellationToken cancel)
    {
        long first = files.ReadPacked(AccountColumns.TxFirst, from), end = files.ReadPacked(AccountColumns.TxFirst, to);
        return IndexBuilder.Build(folder, IndexRunFile.TransferKind, from, to, 2 * (end - first), deal =>
        {
            var payers = new uint[Piece];
            var paid = new uint[Piece];
            for (var at = first; at < end; at += Piece)
            {
                cancel.ThrowIfCancellationRequested();
                var count = (int)Math.Min(Piece, end - at);
                files.Read(AccountColumns.TransferFrom, at, payers.AsSpan(0, count));
                files.Read(AccountColumns.TransferTo, at, paid.AsSpan(0, count));
                for (var i = 0; i < count; i++)
                {
                    if (payers[i] != AccountGraph.Nobody) deal.Add(AccountIndex.TransferKey(payers[i]), at + i);
                    if (paid[i] != AccountGraph.Nobody && paid[i] != payers[i]) deal.Add(AccountIndex.TransferKey(paid[i]), at + i);
                }
            }
        }, threads, null, cancel);
    }
}
