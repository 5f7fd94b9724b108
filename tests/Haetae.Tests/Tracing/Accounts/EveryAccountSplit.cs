using Haetae.Ledger.Accounts;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Accounts;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>Bounds on tiny ledgers against every way there is to divide every balance's taint into whole units.</summary>
public class EveryAccountSplit
{
    [Fact]
    public void No_division_lies_outside_and_some_reach_both_bounds()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var dice = new Dice((ulong)seed);
            var scene = new Scene();
            var names = new[] { "a", "b", "c" };
            foreach (var name in names) scene.Opening(name, "ETH", (ulong)dice.Below(3));
            var thefts = new List<(long Transfer, ulong Stolen)> { (scene.Tx("!victim 3 ETH a"), 1 + (ulong)dice.Below(3)) };
            for (var i = 0; i < 5; i++)
            {
                var amount = 1 + (ulong)dice.Below(3);
                var (from, to) = (names[dice.Below(3)], dice.OneIn(6) ? "-" : names[dice.Below(3)]);
                var transfer = scene.Tx($"!{from} {amount} ETH {to}");
                if (dice.OneIn(6) && to != "-" && to != from) thefts.Add((transfer, 1 + (ulong)dice.Below((long)amount)));
            }

            var query = scene.Query([.. thefts]);
            var asked = scene.Account(names[dice.Below(2)]);
            var bound = Assert.Single(new AccountBounds(scene.Ledger, query).Of([new AccountPlace(asked, 0)]));
            var (least, most) = Try(scene.Ledger, query, asked);
            Assert.True((least, most) == ((long)(ulong)bound.Least.Lower, (long)(ulong)bound.Most.Lower), $"ledger {seed}: {bound.Least} to {bound.Most}, not {least} to {most}");
        }
    }

    [Fact]
    public void No_division_lies_outside_an_exposure_and_some_reach_it()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var dice = new Dice((ulong)seed + 5000);
            var scene = new Scene();
            var names = new[] { "a", "b", "c" };
            foreach (var name in names) scene.Opening(name, "ETH", (ulong)dice.Below(3));
            var thefts = new List<(long Transfer, ulong Stolen)> { (scene.Tx("!victim 3 ETH a"), 1 + (ulong)dice.Below(3)) };
            for (var i = 0; i < 6; i++)
            {
                var amount = 1 + (ulong)dice.Below(3);
                var (from, to) = (names[dice.Below(3)], dice.OneIn(6) ? "-" : names[dice.Below(3)]);
                var transfer = scene.Tx($"!{from} {amount} ETH {to}");
                if (dice.OneIn(6) && to != "-" && to != from) thefts.Add((transfer, 1 + (ulong)dice.Below((long)amount)));
            }

            var query = scene.Query([.. thefts]);
            var asked = scene.Account(names[dice.Below(3)]);
            var found = Assert.Single(AccountExposures.Of(scene.Ledger, query, asked, out _)!.Assets);
            Assert.Equal(Try(scene.Ledger, query, asked), ((long)(ulong)found.Held.Least.Lower, (long)(ulong)found.Held.Most.Lower));
            var (least, most) = Try(scene.Ledger, query, asked, isEnd: true);
            Assert.True((least, most) == ((long)(ulong)found.Received.Least.Lower, (long)(ulong)found.Received.Most.Lower), $"ledger {seed}: {found.Received.Least} to {found.Received.Most}, not {least} to {most}");
        }
    }

    private static (long Least, long Most) Try(AccountTable ledger, AccountQuery query, uint asked, bool isEnd = false)
    {
        var graph = ledger.Graph;
        var balances = Enumerable.Range(0, (int)ledger.AccountCount).Select(account => SlowAccounts.LeastOpening(ledger, (uint)account, 0)).ToArray();
        // Every state that some division leads to: the taint of each account.
        // The last number is what came to the account asked about, where taint ends.
        var states = new HashSet<string> { string.Join(',', balances.Select(_ => 0L).Append(0L)) };
        for (var i = 0L; i < graph.TransferCount; i++)
        {
            var (from, to, amount) = (graph.From[i], graph.To[i], (long)(ulong)graph.Amount[i].Lower);
            if (from == to) continue;
            var stolen = query.Seeds.Where(seed => seed.Transfer == i).Sum(seed => (long)(ulong)seed.Stolen.Lower);
            var next = new HashSet<string>();
            foreach (var state in states)
            {
                var taint = state.Split(',').Select(long.Parse).ToArray();
                for (var sent = Math.Max(0, taint[from] - (balances[from] - amount)); sent <= Math.Min(amount, taint[from]); sent++)
                {
                    // Of the taint sent, any part can be what lies over the seed.
                    for (var absorbed = Math.Max(0, sent - (amount - stolen)); absorbed <= Math.Min(sent, stolen); absorbed++)
                    {
                        var after = taint.ToArray();
                        after[from] -= sent;
                        if (to != AccountGraph.Nobody) after[isEnd && to == asked ? ^1 : (int)to] += sent - absorbed + stolen;
                        next.Add(string.Join(',', after));
                    }
                }
            }

            states = next;
            balances[from] -= amount;
            if (to != AccountGraph.Nobody) balances[to] += amount;
        }

        var figures = states.Select(state => state.Split(',').Select(long.Parse).ElementAt(isEnd ? ^1 : (int)asked)).ToArray();
        return (figures.Min(), figures.Max());
    }
}
