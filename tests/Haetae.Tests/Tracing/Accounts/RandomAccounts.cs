using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Accounts;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>Small random account ledgers with a theft in them, the same for the same seed.</summary>
internal sealed class RandomAccounts
{
    private RandomAccounts(int seed, Scene scene, AccountQuery query) => (Seed, Scene, Query) = (seed, scene, query);

    public int Seed { get; }

    public Scene Scene { get; }

    public AccountQuery Query { get; }

    /// <param name="forward">Accounts pay only accounts with a later letter: nothing goes in circles.</param>
    public static void ForEach(int count, Action<RandomAccounts> check, bool forward = false, bool exchanges = false, bool limits = true)
    {
        for (var seed = 0; seed < count; seed++)
        {
            var made = Make(seed, forward, exchanges, limits);
            try
            {
                check(made);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Random ledger {seed}: {error.Message}", error);
            }
        }
    }

    private static RandomAccounts Make(int seed, bool forward, bool exchanges, bool limits)
    {
        var dice = new Dice((ulong)seed);
        var scene = new Scene();
        var assets = exchanges ? new[] { "ETH", "USDC", "DAI" } : dice.OneIn(3) ? ["ETH", "USDC"] : ["ETH"];
        var accounts = Enumerable.Range(0, 3 + (int)dice.Below(4)).Select(i => ((char)('a' + i)).ToString()).ToArray();
        var transactions = 3 + (int)dice.Below(12);
        var thefts = new List<(long Transfer, ulong Amount)>();
        foreach (var account in accounts)
        {
            if (dice.OneIn(3)) scene.Opening(account, "ETH", (ulong)dice.Below(12));
        }

        for (var i = 0; i < transactions; i++)
        {
            var rows = new List<(string Text, ulong Amount, bool CanBeSeed)>();
            var count = 1 + dice.Below(exchanges ? 5 : 3);
            for (var j = 0; j < count; j++)
            {
                var from = (int)dice.Below(accounts.Length);
                var to = forward ? Math.Min(accounts.Length - 1, from + 1 + (int)dice.Below(accounts.Length)) : (int)dice.Below(accounts.Length);
                var (payer, paid) = (accounts[from], accounts[to]);
                if (dice.OneIn(9)) payer = "-";
                else if (dice.OneIn(12)) paid = "-";
                var amount = (ulong)dice.Below(10);
                rows.Add(($"{payer} {amount} {assets[dice.Below(assets.Length)]} {paid}", amount, paid != "-" && paid != payer && amount > 0));
            }

            if (dice.OneIn(2)) rows.Add(($"{accounts[dice.Below(accounts.Length)]} {dice.Below(3)} ETH fee", 0, false));
            var first = scene.Tx([.. rows.Select(row => row.Text)]);
            for (var j = 0; j < rows.Count; j++)
            {
                if (rows[j].CanBeSeed && dice.OneIn(6)) thefts.Add((first + j, 1 + (ulong)dice.Below((long)rows[j].Amount)));
            }
        }

        if (thefts.Count == 0) thefts.Add((scene.Tx($"victim 7 ETH {accounts[0]}"), 5));
        scene.Tx($"{accounts[0]} 4 ETH {accounts[^1]}");
        var query = scene.Query([.. thefts]);
        if (!limits) return new RandomAccounts(seed, scene, query);
        var last = scene.Ledger.Graph.TransactionOf(thefts[^1].Transfer);
        if (dice.OneIn(4)) query = query with { MinValue = (ulong)(1 + dice.Below(4)) };
        if (dice.OneIn(4)) query = query with { MaxTransactions = dice.Below(6) };
        if (dice.OneIn(5)) query = query with { UntilTransaction = last + (uint)dice.Below(4) };
        if (dice.OneIn(4)) query = query with { Within = Enumerable.Range(0, (int)scene.Ledger.AccountCount).Where(_ => !dice.OneIn(4)).Select(account => (uint)account).ToHashSet() };
        if (dice.OneIn(4)) query = query with { Stops = new OneStop(scene.Ledger, (uint)dice.Below(scene.Ledger.AccountCount)) };
        return new RandomAccounts(seed, scene, query);
    }

    private sealed class OneStop(AccountTable ledger, uint account) : IAccountStops
    {
        public AccountEndReason? At(long transfer) => ledger.Graph.To[transfer] == account ? AccountEndReason.Service : null;
    }
}
