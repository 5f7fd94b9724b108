using System.CommandLine;
using Haetae.Intel.Pools;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Mixers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae pool EVENTS..</c>: deposits and withdrawals of pools, how large the crowd is that hides each withdrawal, and what links it all the same.</summary>
internal static class PoolCommand
{
    internal static Command Create()
    {
        var events = new Argument<string[]>("events") { Description = "Lists named as deposits_eth_100.json and withdrawals_eth_100.json (also .zip), or folders with such lists. None where a ledger is read.", Arity = ArgumentArity.ZeroOrMore, HelpName = "EVENTS" };
        var pools = new Option<string[]>("--pool") { Description = "Read this pool's events from a ledger of accounts (--ledger); the pools of one mixer apart by commas, or said several times.", HelpName = "ADDRESS" };
        var ledger = new Option<string?>("--ledger") { Description = "Folder of the ledger of accounts that --pool is read from (default: ledgers/eth under --home).", HelpName = "DIR" };
        var of = new Option<string?>("--withdrawal") { Description = "Show the deposits that the withdrawals of this transaction may spend.", HelpName = "TXID" };
        var top = new Option<int>("--top") { Description = "So many candidates of each such withdrawal, 1 to 1000.", DefaultValueFactory = _ => 10, HelpName = "N" };
        var least = new Option<int>("--least-score") { Description = "Links below this score do not shrink a set, 0 to 1000.", DefaultValueFactory = _ => 500, HelpName = "SCORE" };
        var interactions = new Option<int>("--min-interactions") { Description = "Payments between two addresses that link them.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var json = CommonOptions.Json();
        var command = new Command("pool", "Reads a pool of one denomination, such as Tornado Cash's: checks that its events can be true, says among how many deposits each withdrawal hides, and asks the rules that link withdrawals with deposits. A rule whose facts the source lacks says which: lists know neither depositors nor gas prices, a ledger taken from a node knows both. Evidence, not fact: docs/accuracy.md has the rates.")
        {
            events, pools, ledger, of, top, least, interactions, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            if (parsed.GetValue(top) is < 1 or > 1_000) throw new UsageException("--top is a number from 1 to 1000.");
            if (parsed.GetValue(least) is < 0 or > 1_000) throw new UsageException("--least-score is a number from 0 to 1000.");
            if (parsed.GetValue(interactions) < 1) throw new UsageException("--min-interactions is a number from 1 on.");
            var transaction = parsed.GetValue(of) is { } text ? Transaction(text) : (Hash256?)null;
            var (book, notes) = (parsed.GetValue(events) ?? [], Split(parsed.GetValue(pools) ?? [])) switch
            {
                ({ Length: > 0 } lists, []) => FromLists(parsed, lists, ledger, cancel),
                ([], { Length: > 0 } addresses) => FromLedger(parsed, addresses, ledger),
                _ => throw new UsageException("Name lists of events ('haetae pool EVENTS..') or pools of a ledger ('haetae pool --ledger DIR --pool ADDRESS'), not both."),
            };
            var terms = new PoolTerms { MinInteractions = parsed.GetValue(interactions) };
            var answer = PoolAnswer.Of(book, terms, parsed.GetValue(least), transaction, parsed.GetValue(top), cancel) with { Notes = notes };
            if (transaction is not null && answer.Candidates.Count == 0) throw new NotFoundException($"0x{transaction}: no withdrawal from these pools is in that transaction.");
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(PoolJson.Of(answer)));
            else PoolText.Write(answer, output);
            return answer.Pools.Any(pool => pool.Broken.Count > 0) ? ExitCode.VerificationFailed : ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }

    private static (PoolBook Book, IReadOnlyList<string> Notes) FromLists(ParseResult parsed, string[] lists, Option<string?> ledger, CancellationToken cancel)
    {
        CommonOptions.Refuse(parsed, "lists of events", ledger);
        return (new PoolBook(PoolFolder.Read(lists, cancel)), []);
    }

    private static (PoolBook Book, IReadOnlyList<string> Notes) FromLedger(ParseResult parsed, string[] addresses, Option<string?> ledger)
    {
        List<AccountAddress> pools = [.. addresses.Select(text => AccountAddress.TryParse(text, out var address, out var error) ? address : throw new UsageException($"--pool {text}: {error}.")).Distinct()];
        using var open = AccountLedger.Open(CommonOptions.LedgerFolder(parsed, ledger, ChainName.Ethereum));
        return open.OfOneBranch<(PoolBook, IReadOnlyList<string>)>(() =>
        {
            if (pools.FirstOrDefault(pool => open.FindAccount(pool) is null) is { IsZero: false } unknown) throw new NotFoundException($"--pool {unknown.ToEip55()}: the ledger never met that address.");
            var (book, unreadable) = PoolReading.BookOf(open, pools);
            var (known, of) = book.CountGasPrices();
            List<string> notes = [.. open.Notes, $"The gas price is known of {Amounts.Count(known)} of {Amounts.Count(of, "transaction", "transactions")} with these pools' events."];
            if (unreadable > 0) notes.Add($"{Amounts.Count(unreadable, "event", "events")} of the pools could not be read and were left out.");
            return (book, notes);
        });
    }

    private static string[] Split(string[] values) => [.. values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static Hash256 Transaction(string text) =>
        Hash256.TryParse(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text, out var id) ? id : throw new UsageException($"--withdrawal {text}: a transaction's id has 64 hex digits.");
}

/// <summary>What is said of some pools.</summary>
/// <param name="Runs">Every rule, for all pools together.</param>
/// <param name="Candidates">Of the withdrawals that were asked for.</param>
internal sealed record PoolAnswer(PoolBook Book, int LeastScore, IReadOnlyList<HeuristicRun> Runs, IReadOnlyList<PoolView> Pools, IReadOnlyList<(int Pool, WithdrawalCandidates Of)> Candidates)
{
    /// <summary>What the source says of its own gaps.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    internal static PoolAnswer Of(PoolBook book, PoolTerms terms, int leastScore, Hash256? transaction, int top, CancellationToken cancel)
    {
        var runs = AnonymitySets.Ask(book, terms);
        cancel.ThrowIfCancellationRequested();
        List<PoolView> pools = [.. book.Pools.Select((pool, p) => new PoolView(pool, PoolInvariants.Check(pool), AnonymitySets.Of(book, p, runs, leastScore)))];
        List<(int, WithdrawalCandidates)> candidates = [];
        if (transaction is { } asked)
        {
            for (var p = 0; p < book.Pools.Count; p++)
            {
                List<int> found = [.. book.Pools[p].Withdrawals.Index().Where(one => one.Item.Transaction == asked).Select(one => one.Index)];
                if (found.Count == 0) continue;
                var view = new DepositCandidates(book, p, runs);
                candidates.AddRange(found.Select(w => (p, view.Of(w, top))));
            }
        }

        return new PoolAnswer(book, leastScore, runs, pools, candidates);
    }
}

/// <summary>One pool of an answer.</summary>
/// <param name="Sets">By withdrawal.</param>
internal sealed record PoolView(PoolEvents Events, IReadOnlyList<BrokenRule> Broken, IReadOnlyList<AnonymitySet> Sets)
{
    /// <summary>The least, the middle one and the most; null without withdrawals.</summary>
    internal (int Least, int Median, int Most)? Spread(Func<AnonymitySet, int> size)
    {
        List<int> sizes = [.. Sets.Select(size).Order()];
        return sizes.Count == 0 ? null : (sizes[0], sizes[sizes.Count / 2], sizes[^1]);
    }
}
