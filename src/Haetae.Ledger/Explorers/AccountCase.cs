using System.Numerics;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Explorers;

/// <summary>How much of what an account did a case ledger holds.</summary>
/// <param name="UpTo">All up to this block, where complete; null: the server stated no height.</param>
/// <param name="Reason">What is missing; null where nothing is.</param>
/// <param name="Reconciled">Whether the native rows add up to the balance that the server states; null: it states none.</param>
/// <param name="Rows">Rows of all lists that are held.</param>
public sealed record AccountCoverage(AccountAddress Address, Coverage Coverage, uint? UpTo, string? Reason, bool? Reconciled, int Rows);

/// <summary>The case ledger of an EVM chain: the table of transfers, and how much of each address it holds.</summary>
public sealed record AccountCaseLedger(AccountTable Table, IReadOnlyList<AccountCoverage> Coverage, string Digest)
{
    /// <summary>What its answers say against each other, in sentences; left out of the table, and said of the addresses concerned.</summary>
    public IReadOnlyList<string> Contradictions { get; init; } = [];
}

/// <summary>Makes the case ledger of an EVM chain out of its kept answers, each time anew.</summary>
public static class AccountCase
{
    /// <summary>Opens the case ledger in a folder.</summary>
    /// <exception cref="LedgerException">There is none, or an answer is not what was kept.</exception>
    public static AccountCaseLedger Open(string folder)
    {
        if (CaseFolder.ChainOf(folder) is not { Family: ChainFamily.Evm } chain)
            throw new LedgerException($"There is no case ledger of an EVM chain in '{folder}'. Make one with: haetae fetch ADDRESS --ledger {folder} --etherscan URL") { NothingThere = true };
        using var kept = KeptAnswers.OpenForReading(folder);
        return Read(kept, chain);
    }

    internal static AccountCaseLedger Read(KeptAnswers kept, ChainName chain)
    {
        var merge = new AccountMerge(chain);
        var coverage = new List<AccountCoverage>();
        var places = new SortedSet<EventPlace>();
        foreach (var address in AddressesOf(kept, chain))
        {
            var histories = EtherscanFetch.Lists.Select(list => new EtherscanHistory(kept, chain, address, list)).ToList();
            foreach (var history in histories)
            {
                history.Advance();
                merge.Add(address, history.Rows);
            }

            coverage.Add(CoverageOf(kept, chain, address, histories));
            places.UnionWith(EventPlace.Of(address, histories.SelectMany(history => history.Rows)));
        }

        var told = Events(kept, chain, places, merge);

        var builder = merge.Build();
        builder.AddNote(told.Sentence);
        coverage = [.. coverage.Select(one => merge.Wrong.Of(one.Address) is { } wrong ? one with { Coverage = Accounts.Coverage.Truncated, Reason = one.Reason is { } reason ? $"{reason}; {wrong}" : wrong } : one)];
        foreach (var one in coverage)
        {
            builder.SetCoverage(one.Address, one.Coverage);
            if (one.Coverage == Coverage.Complete)
                foreach (var asset in merge.AssetsOf(one.Address)) builder.SetOpening(one.Address, asset, default);
        }

        return new AccountCaseLedger(builder.Build(), coverage, kept.Digest()) { Contradictions = merge.Wrong.All };
    }

    private static EventCoverage Events(KeptAnswers kept, ChainName chain, SortedSet<EventPlace> places, AccountMerge merge)
    {
        var held = 0;
        string? why = null;
        foreach (var place in places)
        {
            var events = new EtherscanEvents(kept, chain, place);
            events.Advance();
            merge.Add(events.Events);
            if (events.IsDone && events.Wrong is null) held++;
            why ??= events.Wrong;
        }

        return new EventCoverage(places.Count, held, why);
    }

    /// <summary>The addresses that were asked for, in the order of their texts.</summary>
    private static SortedSet<AccountAddress> AddressesOf(KeptAnswers kept, ChainName chain)
    {
        const string member = "&address=";
        var prefix = EtherscanRequests.Prefix(chain) + "account&";
        var addresses = new SortedSet<AccountAddress>();
        foreach (var answer in kept.All.Where(answer => answer.Request.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var at = answer.Request.IndexOf(member, StringComparison.Ordinal);
            if (at >= 0 && AccountAddress.TryParse(answer.Request.AsSpan(at + member.Length).Slice(0, Math.Min(42, answer.Request.Length - at - member.Length)), out var address, out _)) addresses.Add(address);
        }

        return addresses;
    }

    private static AccountCoverage CoverageOf(KeptAnswers kept, ChainName chain, AccountAddress address, List<EtherscanHistory> histories)
    {
        var rows = histories.Sum(history => history.Rows.Count);
        var first = histories.Where(history => history.FirstOrder is not null).Select(history => history.FirstOrder!.Value).DefaultIfEmpty(0).Min();
        var upTo = EtherscanRequests.TipBefore(kept, chain, first);
        var reason = histories.Select(history => history.Wrong).FirstOrDefault(wrong => wrong is not null)
            ?? (histories.TrueForAll(history => history.IsDone) ? null : "its lists were not all fetched");
        bool? reconciled = null;
        if (reason is null)
        {
            var sum = SumOf(address, histories);
            var stated = Balance(kept, chain, address, out var refusal);
            reconciled = stated is null ? null : sum == stated;
            if (stated is null) reason = refusal;
            else if (sum != stated) reason = $"its rows add up to {sum} {chain.Symbol} in base units, and the server states a balance of {stated}: what is missing may be rewards, withdrawals from the stake, or calls the server does not list";
        }

        return new AccountCoverage(address, reason is null ? Coverage.Complete : Coverage.Truncated, upTo, reason, reconciled, rows);
    }

    /// <summary>What the native rows leave on the account.</summary>
    private static BigInteger SumOf(AccountAddress address, List<EtherscanHistory> histories)
    {
        BigInteger sum = 0;
        foreach (var row in histories[(int)EtherscanList.Transactions].Rows.Concat(histories[(int)EtherscanList.Internal].Rows))
        {
            if (row.From == address) sum -= row.Fee ?? default;
            if (!row.MovesNative) continue;
            if (row.From == address) sum -= row.Amount;
            if ((row.To ?? row.Contract) == address) sum += row.Amount;
        }

        return sum;
    }

    private static BigInteger? Balance(KeptAnswers kept, ChainName chain, AccountAddress address, out string refusal)
    {
        refusal = "its balance was not fetched, so the rows could not be held against it";
        if (kept.Find(EtherscanRequests.Balance(chain, address)) is not { } answer) return null;
        using var json = EtherscanRequests.Parse(kept, answer);
        if (json.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object && json.RootElement.TryGetProperty("result", out var result) && UInt256.TryParse(result.ToString(), out var balance)) return balance;
        refusal = $"the server states no balance: {ExplorerWords.Of(json.RootElement)}";
        return null;
    }
}
