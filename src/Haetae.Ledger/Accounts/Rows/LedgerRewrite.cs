using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Writes a ledger of rows anew with further rows among its own: beside it, then in its place.</summary>
/// <remarks>A kill before the old folder was put aside leaves the old ledger; a kill after that is made good when the ledger is next written to.</remarks>
internal static class LedgerRewrite
{
    /// <summary>Held and new transfers together; about 150 bytes of memory each.</summary>
    internal const long MostTransfers = 5_000_000;

    private static string Fresh(string ledger) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(ledger)) + ".rewrite";

    private static string Aside(string ledger) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(ledger)) + ".before-rewrite";

    /// <summary>Ends what a kill interrupted: the new ledger takes its place, or the old one goes back to it.</summary>
    /// <exception cref="LedgerException">Another program is writing to it.</exception>
    internal static void Recover(string ledger)
    {
        if (!Directory.Exists(Aside(ledger)) && !Directory.Exists(Fresh(ledger))) return;
        if (Directory.Exists(ledger)) WriterLock.Take(ledger).Dispose(); // whoever holds it is not interrupted, but at work
        var isThere = AccountManifest.IsIn(ledger);
        if (AccountManifest.IsIn(Aside(ledger)) && !isThere)
        {
            if (Directory.Exists(ledger)) Directory.Delete(ledger, recursive: true); // an empty folder at most: there was no ledger in it
            Directory.Move(Aside(ledger), ledger);
        }
        else if (isThere && IsOurs(Aside(ledger)))
        {
            Directory.Delete(Aside(ledger), recursive: true);
        }

        if (IsOurs(Fresh(ledger))) Directory.Delete(Fresh(ledger), recursive: true);
    }

    /// <summary>Whether a folder holds what a writer makes and nothing else: a kill may come before its manifest is written, or after that was deleted.</summary>
    private static bool IsOurs(string folder) =>
        Directory.Exists(folder) && (AccountManifest.IsIn(folder) || Directory.EnumerateFileSystemEntries(folder).All(path => IsOfWriter(Path.GetFileName(path))));

    private static bool IsOfWriter(string name) =>
        name is WriterLock.FileName || name.StartsWith(Manifest.FileName, StringComparison.Ordinal) || name.StartsWith("statements.", StringComparison.Ordinal)
        || Path.GetExtension(name.EndsWith(".new", StringComparison.Ordinal) ? name[..^4] : name) is ".col" or ".crc" or ".idx" or ".sum";

    /// <summary>Puts the rows of a table among those of a ledger. A transaction that both hold stands once, with every transfer that either has.</summary>
    /// <param name="writer">The ledger; it is closed when this ends.</param>
    /// <param name="state">Says what is to be said of the new rows, of the ledger written anew and the one before it.</param>
    internal static void Merge(AccountLedgerWriter writer, AccountTable added, string file, int threads, Action<AccountLedgerWriter, AccountLedger> state, CancellationToken cancel)
    {
        var (folder, chain) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(writer.Folder)), writer.Chain);
        if (Directory.Exists(Fresh(folder)) || Directory.Exists(Aside(folder)))
            throw new LedgerException($"The ledger '{folder}' is to be written anew beside itself, and '{(Directory.Exists(Fresh(folder)) ? Fresh(folder) : Aside(folder))}' is there already. Move that folder away.");
        using (var held = AccountLedger.Open(folder))
        {
            using var fresh = AccountLedgerWriter.Open(Fresh(folder), chain, threads);
            PutInOrder(held, added, fresh, file, cancel);
            writer.TellStatements(fresh, held);
            state(fresh, held);
            fresh.Checkpoint(cancel);
        }

        writer.Dispose(); // some systems move no folder with open files
        Directory.Move(folder, Aside(folder));
        Directory.Move(Fresh(folder), folder);
        Durable.FlushFolder(Path.GetDirectoryName(folder)!);
        Directory.Delete(Aside(folder), recursive: true);
    }

    private static void PutInOrder(IAccountView held, IAccountView added, IAccountSink sink, string file, CancellationToken cancel)
    {
        uint h = 0, a = 0;
        while (h < held.Graph.TransactionCount || a < added.Graph.TransactionCount)
        {
            if ((h + a) % 65_536 == 0) cancel.ThrowIfCancellationRequested();
            if (a == added.Graph.TransactionCount || (h < held.Graph.TransactionCount && Key(held.Graph, h).CompareTo(Key(added.Graph, a)) <= 0))
            {
                var twin = added.FindTransaction(held.Graph.TxId[h]);
                if (twin is { } same && added.Graph.TxTime[same] != held.Graph.TxTime[h])
                    throw new LedgerException(FormattableString.Invariant($"{file}: transaction 0x{held.Graph.TxId[h]} is at time {added.Graph.TxTime[same]} in it, and at {held.Graph.TxTime[h]} in the ledger. Nothing was stored."));
                Put(held, h++, sink, twin is null ? null : added, twin ?? 0);
            }
            else if (held.FindTransaction(added.Graph.TxId[a]) is null)
            {
                Put(added, a++, sink, null, 0);
            }
            else
            {
                a++; // stands, or will stand, where the ledger has it
            }
        }
    }

    private static (uint Time, uint Block) Key(AccountGraph graph, uint tx) => (graph.TxTime[tx], graph.TxBlock[tx]);

    private static void Put(IAccountView view, uint tx, IAccountSink sink, IAccountView? more, uint twin)
    {
        var graph = view.Graph;
        sink.AddTransaction(graph.TxId[tx], graph.TxTime[tx], graph.TxBlock[tx], (TxMarks)graph.Marks[tx]);
        var there = new List<Told>();
        for (var t = graph.TxFirstTransfer[tx]; t < graph.TxFirstTransfer[tx + 1L]; t++) there.Add(Told.Of(view, t));
        var missing = new List<Told>();
        if (more is not null)
        {
            var left = there.ToList();
            for (var t = more.Graph.TxFirstTransfer[twin]; t < more.Graph.TxFirstTransfer[twin + 1L]; t++)
                if (Told.Of(more, t) is var told && !left.Remove(told)) missing.Add(told);
        }

        var all = there.Concat(missing).ToList();
        foreach (var told in all.Where(one => !one.IsFee).Concat(all.Where(one => one.IsFee))) sink.AddTransfer(told.From, told.To, told.Asset, told.Amount, told.Kind);
        foreach (var one in view.EventsOf(tx)) sink.AddEvent(one.Emitter, [.. one.Topics], one.Data);
        if (view.GasPriceOf(tx) is { } price) sink.AddGasPrice(price);
    }

    private sealed record Told(AccountAddress? From, AccountAddress? To, Chains.AssetName Asset, UInt256 Amount, TransferKind Kind)
    {
        internal bool IsFee => Kind is TransferKind.Fee or TransferKind.FeeBurnt;

        internal static Told Of(IAccountView view, long transfer)
        {
            var graph = view.Graph;
            return new Told(Address(view, graph.From[transfer]), Address(view, graph.To[transfer]), view.Assets[(int)graph.Asset[transfer]].Name, graph.Amount[transfer], graph.KindOf(transfer));
        }

        private static AccountAddress? Address(IAccountView view, uint account) => account == AccountGraph.Nobody ? null : view.AddressOf(account);
    }
}
