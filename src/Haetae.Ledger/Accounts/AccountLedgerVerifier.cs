using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <summary>Checks a stored account ledger against itself: everything that can be computed again is.</summary>
public static class AccountLedgerVerifier
{
    private const int MostFindings = 100;

    /// <summary>Returns what is wrong, each finding naming its file and place; empty for a whole ledger. Stops after 100 findings and says so.</summary>
    public static IReadOnlyList<string> Verify(string folder, int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var findings = new List<string>();
        try
        {
            using var ledger = AccountLedger.Open(folder);
            ledger.OfOneBranch(() => // what a writer takes back meanwhile would look like damage
            {
                CheckChecksums(ledger, threads, findings, progress, cancel);
                if (findings.Count > 0) return false; // the rest would only repeat the same in other words
                foreach (var finding in Transactions(ledger, progress, cancel).Concat(Transfers(ledger, progress, cancel)).Concat(Prices(ledger, cancel)).Concat(Indexes(ledger, progress, cancel)).Take(MostFindings)) findings.Add(finding);
                return true;
            });
        }
        catch (LedgerCorruptException corrupt)
        {
            findings.Add(corrupt.Message);
        }

        if (findings.Count >= MostFindings) findings.Add($"Stopped after {MostFindings} findings; there may be more.");
        return findings;
    }

    private static void CheckChecksums(AccountLedger ledger, int threads, List<string> findings, Action<string, double>? progress, CancellationToken cancel)
    {
        var done = 0;
        SideBySide.ForEach(ledger.Guards, threads, cancel, guard =>
        {
            foreach (var finding in guard.Findings())
            {
                cancel.ThrowIfCancellationRequested();
                lock (findings) findings.Add(finding);
            }

            progress?.Invoke("checksums", (double)Interlocked.Increment(ref done) / ledger.Guards.Count);
        });
        foreach (var run in ledger.IndexReaders) findings.AddRange(run.Findings());
        foreach (var column in AccountColumns.All.Where(column => column.Padding > 0))
        {
            var path = Path.Combine(ledger.Folder, column.FileName);
            var padding = new byte[column.Padding];
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            // what a writer is adding, or what was taken back, lies behind what is safe: no padding then
            if (RandomAccess.GetLength(handle) != column.Bytes(ledger.Counts) + column.Padding) continue;
            Checksums.Fill(handle, padding, column.Bytes(ledger.Counts), column.FileName);
            if (padding.AsSpan().ContainsAnyExcept((byte)0)) findings.Add($"{path}: the zeros behind its last item, at byte {column.Bytes(ledger.Counts)}, are no zeros.");
        }

        findings.Sort(StringComparer.Ordinal);
        if (findings.Count > MostFindings) findings.RemoveRange(MostFindings, findings.Count - MostFindings);
    }

    /// <summary>Times and blocks rise, transfers stand side by side, blocks begin where the transactions say.</summary>
    private static IEnumerable<string> Transactions(AccountLedger ledger, Action<string, double>? progress, CancellationToken cancel)
    {
        var graph = ledger.Graph;
        uint lastTime = 0, lastBlock = 0;
        if (graph.TxFirstTransfer[0] != 0) yield return $"{AccountColumns.TxFirst.FileName}: the first transaction's transfers do not begin at 0.";
        if (graph.TxFirstTransfer[graph.TransactionCount] != graph.TransferCount) yield return $"{AccountColumns.TxFirst.FileName}: the last transaction's transfers do not end with the last.";
        for (long tx = 0; tx < graph.TransactionCount; tx++)
        {
            if (tx % 65_536 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke("transactions", (double)tx / graph.TransactionCount);
            }

            if (graph.TxFirstTransfer[tx] > graph.TxFirstTransfer[tx + 1]) yield return $"{AccountColumns.TxFirst.FileName}: transaction {tx} has transfers {graph.TxFirstTransfer[tx]} to {graph.TxFirstTransfer[tx + 1]}.";
            if (graph.TxTime[tx] < lastTime) yield return $"{AccountColumns.TxTime.FileName}: transaction {tx} lies before the one before it.";
            lastTime = graph.TxTime[tx];
            if (graph.TxBlock[tx] == AccountGraph.NoBlock) continue;
            if (graph.TxBlock[tx] < lastBlock) yield return $"{AccountColumns.TxBlock.FileName}: transaction {tx} is of block {graph.TxBlock[tx]}, after one of block {lastBlock}.";
            lastBlock = graph.TxBlock[tx];
        }

        for (long b = 0; b < ledger.BlockNumbers.Length; b++)
        {
            var start = ledger.BlockStarts[b];
            if (b > 0 && (ledger.BlockNumbers[b] <= ledger.BlockNumbers[b - 1] || start.Transactions < ledger.BlockStarts[b - 1].Transactions || start.Accounts < ledger.BlockStarts[b - 1].Accounts))
                yield return $"{AccountColumns.BlockNumber.FileName}: block {ledger.BlockNumbers[b]} does not come after the one before.";
            if (start.Transactions > graph.TransactionCount || start.Accounts > ledger.AccountCount || start.Assets > ledger.Assets.Count)
                yield return $"{AccountColumns.BlockStart.FileName}: block {ledger.BlockNumbers[b]} begins behind the end.";
            else if (start.Transactions > 0 && graph.TxBlock[start.Transactions - 1L] is var before && before != AccountGraph.NoBlock && before >= ledger.BlockNumbers[b])
                yield return $"{AccountColumns.BlockStart.FileName}: block {ledger.BlockNumbers[b]} begins after a transaction of its own.";
        }
    }

    /// <summary>Every number leads somewhere, kinds exist, wide amounts stand where the narrow column says.</summary>
    private static IEnumerable<string> Transfers(AccountLedger ledger, Action<string, double>? progress, CancellationToken cancel)
    {
        var graph = ledger.Graph;
        long wide = 0;
        for (long t = 0; t < graph.TransferCount; t++)
        {
            if (t % 65_536 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke("transfers", (double)t / graph.TransferCount);
            }

            foreach (var (account, column) in new[] { (graph.From[t], AccountColumns.TransferFrom), (graph.To[t], AccountColumns.TransferTo) })
            {
                if (account == AccountGraph.Nobody) continue;
                if (account >= ledger.AccountCount) yield return $"{column.FileName}: transfer {t} names account {account} of {ledger.AccountCount}.";

            }

            if (graph.Asset[t] >= ledger.Assets.Count) yield return $"{AccountColumns.TransferAsset.FileName}: transfer {t} is of asset {graph.Asset[t]} of {ledger.Assets.Count}.";
            if (!Enum.IsDefined(graph.KindOf(t))) yield return $"{AccountColumns.TransferKind.FileName}: transfer {t} is of kind {graph.Kind[t]}, which is none.";
            if (AmountColumn.IsWide(graph.Amount[t])) wide++;
        }

        if (wide != ledger.Counts.WideAmounts) yield return $"{AccountColumns.WideAt.FileName}: {ledger.Counts.WideAmounts} wide amounts where {wide} transfers have one.";
    }

    /// <summary>Prices follow the transactions, belong to such with an event, have at most 256 bits and no zeros at their end.</summary>
    private static IEnumerable<string> Prices(AccountLedger ledger, CancellationToken cancel)
    {
        var (tx, word) = (AccountColumns.GasTx.FileName, AccountColumns.GasWord.FileName);
        (uint Transaction, ulong Word) last = default;
        long at = 0;
        var words = 0;
        foreach (var one in ledger.GasWords)
        {
            if (at % 65_536 == 0) cancel.ThrowIfCancellationRequested();
            var begins = at == 0 || one.Transaction != last.Transaction;
            if (begins && words > 1 && last.Word == 0) yield return $"{word}: the gas price of transaction {last.Transaction} ends with a word of zeros.";
            words = begins ? 1 : words + 1;
            if (one.Transaction < last.Transaction) yield return $"{tx}: word {at} is of transaction {one.Transaction}, after one of transaction {last.Transaction}.";
            else if (begins && !ledger.HasEvents(one.Transaction)) yield return $"{tx}: transaction {one.Transaction} has a gas price and no event.";
            if (words == GasPrices.MostWords + 1) yield return $"{tx}: the gas price of transaction {one.Transaction} has more than 256 bits.";
            (last, at) = (one, at + 1);
        }

        if (words > 1 && last.Word == 0) yield return $"{word}: the gas price of transaction {last.Transaction} ends with a word of zeros.";
    }

    /// <summary>The indexes hold every transaction, account and transfer once, under its own key; no id and no address stands twice.</summary>
    private static IEnumerable<string> Indexes(AccountLedger ledger, Action<string, double>? progress, CancellationToken cancel)
    {
        progress?.Invoke("indexes", 0);
        var graph = ledger.Graph;
        for (uint tx = 0; tx < graph.TransactionCount; tx++)
        {
            if (tx % 65_536 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke("indexes", (double)tx / graph.TransactionCount / 3);
            }

            if (ledger.FindTransaction(graph.TxId[tx]) is var found && found != tx) yield return $"{IndexRunFile.TxIdKind} index: transaction {tx} (0x{graph.TxId[tx]}) is {(found is null ? "missing" : $"also transaction {found}")}.";
        }

        for (uint account = 0; account < ledger.AccountCount; account++)
        {
            if (account % 65_536 == 0) progress?.Invoke("indexes", (1 + (double)account / ledger.AccountCount) / 3);
            if (ledger.FindAccount(ledger.AddressOf(account)) is var found && found != account) yield return $"{IndexRunFile.AccountKind} index: account {account} ({ledger.AddressOf(account)}) is {(found is null ? "missing" : $"also account {found}")}.";
        }

        long filed = 0, touching = 0;
        foreach (var run in ledger.TransferRuns)
        {
            for (long entry = 0; entry < run.Entries; entry++)
            {
                if (!run.TryNumber(entry, out var transfer)) continue;
                filed++;
                if (transfer >= graph.TransferCount || (!Holds(run, graph.From[transfer], entry) && !Holds(run, graph.To[transfer], entry)))
                    yield return $"{run.Name}: entry {entry} is filed under another account than transfer {transfer} has.";
            }
        }

        for (long t = 0; t < graph.TransferCount; t++)
        {
            if (graph.From[t] != AccountGraph.Nobody) touching++;
            if (graph.To[t] != AccountGraph.Nobody && graph.To[t] != graph.From[t]) touching++;
        }

        if (filed != touching) yield return $"{IndexRunFile.TransferKind} index: it files {filed} ends of transfers of {touching}.";
    }

    private static bool Holds(IndexRunReader run, uint account, long entry) => account != AccountGraph.Nobody && run.Holds(AccountIndex.TransferKey(account), entry);
}
