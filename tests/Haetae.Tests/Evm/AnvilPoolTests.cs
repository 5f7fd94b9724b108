using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Mixers;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Evm;

/// <summary>Pools on a real node's chain, used by people whose habits are planted: what every rule says of them, against the truth.</summary>
public sealed class AnvilPoolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-anvil-pools-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [AnvilFact]
    public async Task Every_rule_names_those_with_its_habit_and_nobody_who_was_careful()
    {
        using var anvil = new Anvil(options: [.. PoolCrowd.Options]);
        var crowd = new PoolCrowd(anvil);
        using (var writer = AccountLedgerWriter.Open(_folder, ChainName.Evm(31337)))
        using (var ingest = new EvmIngest(new EvmIngestOptions(), anvil.Access, null, null, CancellationToken.None))
            ingest.Run(writer);
        using (var ledger = AccountLedger.Open(_folder))
        {
            var (book, unreadable) = PoolReading.BookOf(ledger, crowd.Pools);
            Assert.Equal(0, unreadable);
            AssertRead(anvil, crowd, book);
            var runs = AnonymitySets.Ask(book, new PoolTerms());
            AssertLinks(crowd, book, runs);
            AssertSets(crowd, book, runs);
            AssertStops(crowd, ledger);
        }

        await AssertTold(crowd);
    }

    // Every event is one that was sent, and what the pools hold is what was not taken out.
    private static void AssertRead(Anvil anvil, PoolCrowd crowd, PoolBook book)
    {
        for (var p = 0; p < crowd.Pools.Count; p++)
        {
            var (pool, deposits, withdrawals) = book.Pools[p];
            Assert.Equal(((UInt256)PoolCrowd.Sizes[p], crowd.Pools[p]), (pool.Denomination, pool.Address!.Value));
            Assert.Empty(PoolInvariants.Check(book.Pools[p]));
            Assert.Equal((crowd.Acts.Values.Count(act => act.Pool == p && act.IsDeposit), crowd.Acts.Values.Count(act => act.Pool == p && !act.IsDeposit)), (deposits.Count, withdrawals.Count));
            foreach (var deposit in deposits)
            {
                var act = crowd.Acts[deposit.Transaction];
                Assert.Equal((p, true, act.Block, act.Address), (act.Pool, act.IsDeposit, deposit.Block, deposit.Depositor!.Value));
                Assert.Equal(anvil.GasPrice(deposit.Transaction), deposit.GasPrice);
            }

            foreach (var withdrawal in withdrawals)
            {
                var act = crowd.Acts[withdrawal.Transaction];
                Assert.Equal((p, false, act.Block, act.Address), (act.Pool, act.IsDeposit, withdrawal.Block, withdrawal.Recipient));
                Assert.Equal(act.Relayed ? (PoolCrowd.Fee(p), crowd.Relayer, true) : (UInt256.Zero, default, false), (withdrawal.Fee, withdrawal.Relayer!.Value, withdrawal.IsRelayed));
                Assert.Equal((anvil.GasPrice(withdrawal.Transaction), act.Sender), (withdrawal.GasPrice, withdrawal.Sender));
            }

            Assert.Equal(anvil.Balance(crowd.Pools[p], anvil.Height), UInt256.MulDiv(pool.Denomination, (ulong)(deposits.Count - withdrawals.Count), 1));
        }
    }

    private static void AssertLinks(PoolCrowd crowd, PoolBook book, IReadOnlyList<HeuristicRun> runs)
    {
        Named(AddressMatch.Name, CrowdHabit.Reuse);
        Named(LinkedAddress.Name, CrowdHabit.Linked);
        Named(MultiDenomination.Name, CrowdHabit.Denominations);
        Named(FifoBursts.Name, CrowdHabit.Script);
        Named(VolumeMatch.Name, CrowdHabit.Thief);
        Named(GasPriceMatch.Name, CrowdHabit.TypedGas);
        Assert.Equal("needs the points that were claimed", runs.Single(run => run.Method == MiningPoints.Name).NotRun);
        // Whatever the score: nobody without a habit is named.
        Assert.DoesNotContain(runs.SelectMany(run => run.Links), link => crowd.Habits[Taken(link).User] is CrowdHabit.Careful or CrowdHabit.NearlyLinked or CrowdHabit.LeavesOne or CrowdHabit.MarketGas or CrowdHabit.Sponsored);

        // All withdrawals of those with the habit, no other, each with its owner's deposits and its own among them.
        void Named(string method, CrowdHabit habit)
        {
            var run = runs.Single(one => one.Method == method);
            Assert.Null(run.NotRun);
            Assert.Equal(
                crowd.Acts.Values.Where(act => !act.IsDeposit && crowd.Habits[act.User] == habit).Select(act => act.Note).Order(),
                run.Links.Select(link => Taken(link).Note).Order());
            foreach (var link in run.Links)
            {
                Assert.True(link.Score >= 500 && link.Rivals == 0, $"{method}: score {link.Score}, {link.Rivals} rivals");
                var put = link.Deposits.Select(d => crowd.Acts[book.Pools[link.Pool].Deposits[d].Transaction]).ToList();
                Assert.All(put, act => Assert.Equal(Taken(link).User, act.User));
                Assert.Contains(Taken(link).Note, put.Select(act => act.Note));
            }
        }

        CrowdAct Taken(PoolLink link) => crowd.Acts[book.Pools[link.Pool].Withdrawals[link.Withdrawal].Transaction];
    }

    private static void AssertSets(PoolCrowd crowd, PoolBook book, IReadOnlyList<HeuristicRun> runs)
    {
        for (var p = 0; p < crowd.Pools.Count; p++)
        {
            var pool = book.Pools[p];
            var linked = runs.SelectMany(run => run.Links).Where(link => link.Pool == p).Select(link => link.Withdrawal).ToHashSet();
            var spentBy = AnonymitySets.SpentBy(book, p, runs);
            foreach (var set in AnonymitySets.Of(book, p, runs))
            {
                var act = crowd.Acts[pool.Withdrawals[set.Withdrawal].Transaction];
                var before = crowd.Acts.Values.Where(one => one.Pool == p && one.IsDeposit && one.Block <= act.Block).ToList();
                Assert.Equal(before.Count, set.Naive);
                if (linked.Contains(set.Withdrawal))
                {
                    // A program's withdrawal has one deposit, anybody else's all that its owner had put in.
                    Assert.Equal(crowd.Habits[act.User] == CrowdHabit.Script ? 1 : before.Count(one => one.User == act.User), set.Linked);
                    continue;
                }

                Assert.InRange(set.Linked, 1, set.Naive);
                var own = pool.Deposits.Index().Single(one => crowd.Acts[one.Item.Transaction].Note == act.Note).Index;
                Assert.Equal(-1, spentBy[own]);
            }
        }
    }

    // The thief's fourteen notes end at the pool without any tag, and nobody who took out is accused.
    private static void AssertStops(PoolCrowd crowd, AccountLedger ledger)
    {
        var seed = ledger.Graph.TxFirstTransfer[ledger.FindTransaction(crowd.Theft)!.Value];
        var query = new AccountQuery { Seeds = [new StolenTransfer(seed, ledger.Graph.Amount[seed])], Stops = new EventStops(ledger) { Mixers = true, Bridges = true } };
        var stopped = new AccountTracer(ledger).Trace(query, Policy.Lifo);
        var parked = Assert.Single(stopped.Ends, end => end.Reason == AccountEndReason.Mixer);
        Assert.Equal((crowd.Pools[0], (UInt256)(14 * (UInt128)Bazaar.Ether)), (ledger.AddressOf(parked.Account), parked.Tainted));
        Assert.Equal([crowd.Thief, crowd.Pools[0]], stopped.Ends.Select(end => ledger.AddressOf(end.Account)));
        Assert.True(new AccountTracer(ledger).Trace(query with { Stops = null }, Policy.Lifo).Ends.Count > 2);
    }

    private async Task AssertTold(PoolCrowd crowd)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(["pool", "--ledger", _folder, "--pool", string.Join(',', crowd.Pools.Select(pool => pool.ToEip55())), "--json"], output, errors);
        Assert.Equal((ExitCode.Done, ""), (exit, errors.ToString()));
        var told = JsonNode.Parse(output.ToString())!;
        var pools = told["pools"]!.AsArray();
        Assert.Equal(crowd.Pools.Select(pool => pool.ToString()), pools.Select(pool => (string?)pool!["address"]));
        Assert.Contains($"The gas price is known of {crowd.Acts.Count} of {crowd.Acts.Count} transactions with these pools' events.", told["notes"]!.AsArray().Select(note => (string?)note));
        Assert.Equal(crowd.Habits.Count(habit => habit == CrowdHabit.TypedGas), (int)told["rules"]!.AsArray().Single(rule => (string?)rule!["method"] == GasPriceMatch.Name)!["links"]!);
        Assert.Equal(crowd.Acts.Values.Count(act => !act.IsDeposit), pools.Sum(pool => pool!["withdrawals"]!.AsArray().Count));
    }
}
