using System.Collections;
using System.Globalization;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>What is said of a file, that it holds all rows of its addresses or of some, put beside what was said of the files before it.</summary>
/// <remarks>
/// What is said of a file holds for its own addresses and its own rows. So an address is complete while every row of it in the ledger comes from files said to be complete
/// for it. A file of which that is not said, with further rows of a complete address, makes it unknown; a file said to be complete for an address of which the ledger
/// has rows from elsewhere, and nobody said that those are all, does not make it complete.
/// </remarks>
internal sealed class FileCoverage(TransferIngestOptions options)
{
    /// <summary>Addresses that were complete, and are unknown since this file has further rows of them.</summary>
    internal long NoLongerComplete { get; private set; }

    /// <summary>Addresses said to be complete in this file of which the ledger has other rows: they stay what they were.</summary>
    internal long NotComplete { get; private set; }

    /// <summary>What is said of the file, in one line; null: nothing.</summary>
    internal static string? Said(TransferIngestOptions options) =>
        options.AllComplete ? "all" : options.Complete.Count > 0 ? string.Join(',', options.Complete.Distinct().Order().Select(address => address.ToString())) : null;

    /// <summary>What was said of a file and what is said of it now, together.</summary>
    internal static string? Joined(string? before, string? now)
    {
        if (before is null || now is null || before == now) return before ?? now;
        if (before == "all" || now == "all") return "all";
        return string.Join(',', before.Split(',').Concat(now.Split(',')).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Says it of rows that were put behind those of the ledger.</summary>
    /// <param name="heldAccounts">Accounts there were before them.</param>
    /// <param name="heldTransfers">Transfers there were before them.</param>
    internal void AfterRows(AccountLedgerWriter writer, uint heldAccounts, long heldTransfers)
    {
        if (heldTransfers == 0)
        {
            writer.UsualCoverage = options.AllComplete ? Coverage.Complete : Coverage.Unknown;
            foreach (var address in options.Complete) writer.SetCoverage(address, Coverage.Complete);
            return;
        }

        var (named, count) = Named(writer);
        var hasMore = new BitArray(checked((int)heldAccounts));
        writer.ReadAccounts(heldTransfers, accounts =>
        {
            foreach (var account in accounts)
                if (account < heldAccounts) hasMore[(int)account] = true;
        });
        for (uint account = 0; account < heldAccounts; account++)
            Say(writer, account, writer.CoverageOf(account), named.Contains(account) || (options.AllComplete && hasMore[(int)account]), hasMore[(int)account], hasOthers: true);
        if (count > heldAccounts) writer.SetCoverage(heldAccounts, count - heldAccounts - 1, options.AllComplete ? Coverage.Complete : Coverage.Unknown);
        foreach (var account in named.Where(account => account >= heldAccounts)) writer.SetCoverage(account, 0, Coverage.Complete);
        Note(writer);
    }

    /// <summary>Says it of rows that were put among those of the ledger.</summary>
    /// <param name="fresh">The ledger written anew, with the rows of both.</param>
    internal void AfterMerge(AccountLedgerWriter fresh, AccountLedger held, IAccountView added)
    {
        fresh.UsualCoverage = held.Statements.UsualCoverage;
        var (named, accounts) = Named(fresh);
        var (before, inFile, after) = (new uint[accounts], new uint[accounts], new uint[accounts]);
        var was = new Coverage?[accounts];
        for (uint account = 0; account < held.AccountCount; account++) was[fresh.NumberOf(held.AddressOf(account))] = held.CoverageOf(account);
        Count(held, fresh, before);
        Count(added, fresh, inFile);
        fresh.ReadAccounts(0, some =>
        {
            foreach (var account in some)
                if (account != AccountGraph.Nobody) after[account]++;
        });
        for (uint account = 0; account < accounts; account++)
        {
            var isSaid = named.Contains(account) || (options.AllComplete && inFile[account] > 0);
            if (was[account] is { } known) Say(fresh, account, known, isSaid, after[account] > before[account], after[account] > inFile[account]);
            else fresh.SetCoverage(account, 0, isSaid ? Coverage.Complete : Coverage.Unknown);
        }

        Note(fresh);
    }

    /// <summary>Says it of an account that the ledger knew before.</summary>
    /// <param name="isSaid">The file is said to be complete for it.</param>
    /// <param name="hasMore">The file added rows of it.</param>
    /// <param name="hasOthers">The ledger has rows of it that are not in the file.</param>
    private void Say(AccountLedgerWriter writer, uint account, Coverage was, bool isSaid, bool hasMore, bool hasOthers)
    {
        var now = was;
        if (isSaid && was != Coverage.Complete)
        {
            if (hasOthers) NotComplete++;
            else now = Coverage.Complete;
        }
        else if (!isSaid && was == Coverage.Complete && hasMore)
        {
            NoLongerComplete++;
            now = Coverage.Unknown;
        }

        if (now != writer.CoverageOf(account)) writer.SetCoverage(account, 0, now);
    }

    private (HashSet<uint> Accounts, uint Count) Named(AccountLedgerWriter writer)
    {
        var named = options.Complete.Select(writer.NumberOf).ToHashSet();
        return (named, writer.AccountCount);
    }

    private static void Count(IAccountView view, AccountLedgerWriter fresh, uint[] counts)
    {
        var numbers = new uint[view.AccountCount];
        for (uint account = 0; account < numbers.Length; account++) numbers[account] = fresh.NumberOf(view.AddressOf(account));
        for (long transfer = 0; transfer < view.Graph.TransferCount; transfer++)
        {
            if (view.Graph.From[transfer] is not AccountGraph.Nobody and var from) counts[numbers[from]]++;
            if (view.Graph.To[transfer] is not AccountGraph.Nobody and var to) counts[numbers[to]]++;
        }
    }

    private void Note(AccountLedgerWriter writer)
    {
        var name = Path.GetFileName(options.File);
        if (NoLongerComplete > 0)
            writer.AddNote(string.Create(CultureInfo.InvariantCulture, $"'{name}' has further rows of {NoLongerComplete:#,0} {(NoLongerComplete == 1 ? "address" : "addresses")} whose histories were complete without it, and nobody said that it holds all of them: their coverage is unknown since."));
        if (NotComplete > 0)
            writer.AddNote(string.Create(CultureInfo.InvariantCulture, $"'{name}' was said to hold the whole histories of {NotComplete:#,0} {(NotComplete == 1 ? "address" : "addresses")} of which the ledger has other rows, from files of which that was not said: their coverage stays unknown."));
    }
}
