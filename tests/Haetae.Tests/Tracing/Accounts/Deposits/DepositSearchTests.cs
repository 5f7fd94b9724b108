using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Accounts.Deposits;

namespace Haetae.Tests.Tracing.Accounts.Deposits;

public sealed class DepositSearchTests
{
    private static readonly UInt128 s_milli = 1_000_000_000_000_000;
    private static readonly DepositTerms s_usual = DepositTerms.Usual(ChainName.Ethereum);

    [Fact]
    public void Two_accounts_that_pay_into_one_deposit_address_are_one_customer()
    {
        var town = new Town();
        var first = town.Pay(10, "alice", "deposit", 2_000);
        var forward = town.Pay(110, "deposit", "exchange", 1_995);
        town.Pay(200, "alice's other", "deposit", 500);
        town.Pay(210, "deposit", "exchange", 499);
        town.Pay(300, "bob", "bob's deposit", 500);
        town.Pay(310, "bob's deposit", "exchange", 500);
        var findings = town.Search("exchange");
        Assert.Equal([["alice", "alice's other"], ["bob"]], findings.Clusters.Select(cluster => cluster.Payers.Select(town.NameOf)));
        var witness = findings.Clusters[0].Witnesses[0];
        Assert.Equal((first, forward, "deposit", "exchange"), (witness.Receipt, witness.Forward, town.NameOf(witness.Deposit), town.NameOf(witness.Service)));
        // 1 − ½ × 5/10 − ½ × 100/3200
        Assert.Equal(1_000_000 - 250_000 - 15_625, witness.Confidence);
        Assert.Equal(["alice → deposit", "alice's other → deposit"], findings.Way(town["alice"], town["alice's other"])!.Select(step => $"{town.NameOf(step.Payer)} → {town.NameOf(step.Deposit)}"));
        Assert.Null(findings.Way(town["alice"], town["bob"]));
    }

    [Theory]
    [InlineData(10, 3_200, true)]
    [InlineData(11, 3_200, false)]
    [InlineData(10, 3_201, false)]
    [InlineData(0, 0, true)]
    [InlineData(-1, 1, false)]
    public void Loss_and_wait_are_bounded_to_the_unit(int lostMilli, int blocks, bool isDeposit)
    {
        var town = new Town();
        town.Pay(10, "alice", "deposit", 2_000);
        town.Pay(10 + (uint)blocks, "deposit", "exchange", 2_000 - lostMilli);
        Assert.Equal(isDeposit, town.Search("exchange").Clusters.Count == 1);
    }

    [Fact]
    public void Tokens_are_forwarded_whole()
    {
        var town = new Town();
        town.Pay(10, "alice", "deposit", 2_000, isToken: true);
        town.Pay(11, "deposit", "exchange", 2_000, isToken: true);
        town.Pay(20, "bob", "other deposit", 2_000, isToken: true);
        town.Pay(21, "other deposit", "exchange", 1_999, isToken: true);
        Assert.Equal(["alice"], town.Search("exchange").Clusters.SelectMany(cluster => cluster.Payers).Select(town.NameOf));
    }

    [Fact]
    public void Gas_top_ups_known_accounts_contracts_and_services_are_no_customers()
    {
        var town = new Town();
        town.Pay(10, "gas tank", "deposit", 8);
        town.Pay(11, "deposit", "exchange", 5);
        town.Pay(20, "miner", "deposit", 3_000);
        town.Pay(21, "deposit", "exchange", 3_000);
        town.Pay(30, "exchange", "deposit", 4_000);
        town.Pay(31, "deposit", "exchange", 4_000);
        town.Pay(40, "pool", "deposit", 5_000, kind: TransferKind.Internal);
        town.Pay(41, "deposit", "exchange", 5_000);
        Assert.Equal(["miner"], town.Search("exchange").Clusters.SelectMany(cluster => cluster.Payers).Select(town.NameOf));
        Assert.Empty(town.Search("exchange", known: "miner").Clusters);
    }

    [Fact]
    public void Crowds_join_nobody_and_are_named()
    {
        var town = new Town();
        uint block = 1;
        for (var i = 0; i < 11; i++)
        {
            town.Pay(block++, $"payer {i}", "busy", 1_000 + i);
            town.Pay(block++, "busy", "exchange", 1_000 + i);
        }

        for (var i = 0; i < 21; i++)
        {
            town.Pay(block++, "other exchange", $"deposit {i}", 2_000);
            town.Pay(block++, $"deposit {i}", "exchange", 2_000);
        }

        var findings = town.Search("exchange");
        Assert.Empty(findings.Clusters);
        Assert.Equal(["busy"], findings.CrowdedDeposits.Select(town.NameOf));
        Assert.Equal(["other exchange"], findings.CrowdedPayers.Select(town.NameOf));
    }

    [Fact]
    public void Every_pair_found_by_interval_is_found_by_trying_all()
    {
        var dice = new Dice(20);
        for (var run = 0; run < 150; run++)
        {
            var town = new Town();
            uint block = 1;
            for (var i = 0; i < 120; i++)
            {
                var from = dice.Below(12);
                var to = dice.OneIn(3) ? 0 : dice.Below(12);
                if (from == to) continue;
                town.Pay(block += (uint)dice.Below(dice.OneIn(10) ? 3_500 : 300), Name(from), Name(to), (int)(20 + dice.Below(30)), isToken: dice.OneIn(4));
            }

            var findings = town.Search("exchange");
            var slow = Slow(town, s_usual);
            Assert.Equal(slow.OrderBy(witness => witness.Deposit).ThenBy(witness => witness.Payer), findings.Witnesses);
        }

        static string Name(long number) => number == 0 ? "exchange" : $"account {number}";
    }

    // All triples of accounts, all pairs of transfers.
    private static IEnumerable<DepositWitness> Slow(Town town, DepositTerms terms)
    {
        var graph = town.Ledger.Graph;
        var best = new Dictionary<(uint, uint), DepositWitness>();
        for (long receipt = 0; receipt < graph.TransferCount; receipt++)
            for (var forward = receipt + 1; forward < graph.TransferCount; forward++)
            {
                if (graph.To[receipt] != graph.From[forward] || graph.To[forward] != town["exchange"] || graph.From[receipt] == town["exchange"] || graph.Asset[receipt] != graph.Asset[forward]) continue;
                System.Numerics.BigInteger lost = (System.Numerics.BigInteger)graph.Amount[receipt] - graph.Amount[forward], alpha = graph.Asset[receipt] == 0 ? terms.LargestLoss : 0;
                var wait = graph.TxBlock[graph.TransactionOf(forward)] - graph.TxBlock[graph.TransactionOf(receipt)];
                if (lost < 0 || lost > alpha || wait > terms.MostBlocks || (System.Numerics.BigInteger)graph.Amount[receipt] <= alpha) continue;
                var exact = 1_000_000 - (alpha.IsZero ? 0 : (500_000 * lost + alpha - 1) / alpha) - (500_000 * (System.Numerics.BigInteger)wait + terms.MostBlocks - 1) / terms.MostBlocks;
                var witness = new DepositWitness(graph.From[receipt], graph.To[receipt], graph.To[forward], graph.Asset[receipt], receipt, forward, (int)exact);
                var key = (witness.Payer, witness.Deposit);
                if (!best.TryGetValue(key, out var other) || witness.Confidence > other.Confidence) best[key] = witness;
            }

        var deposits = best.Keys.Select(key => key.Item2).ToHashSet();
        return best.Values.Where(witness => !deposits.Contains(witness.Payer));
    }

    private sealed class Town
    {
        private readonly AccountTableBuilder _table = new(ChainName.Ethereum);
        private readonly Dictionary<string, AccountAddress> _names = [];
        private AccountTable? _built;

        internal AccountTable Ledger => _built ??= _table.Build();

        internal uint this[string name] => Ledger.FindAccount(Address(name))!.Value;

        internal string NameOf(uint account) => _names.Single(pair => pair.Value == Ledger.AddressOf(account)).Key;

        internal long Pay(uint block, string from, string to, int milli, bool isToken = false, TransferKind? kind = null)
        {
            var id = new byte[Hash256.Size];
            BitConverter.TryWriteBytes(id, _table.TransactionCount + 1);
            _table.AddTransaction(new Hash256(id), 1_600_000_000 + 12 * block, block);
            var asset = isToken ? AssetName.Token(ChainName.Ethereum, Address("token")) : AssetName.Native(ChainName.Ethereum);
            return _table.AddTransfer(Address(from), Address(to), asset, s_milli * (UInt128)milli, kind ?? (isToken ? TransferKind.Token : TransferKind.External));
        }

        internal DepositFindings Search(string service, string? known = null) =>
            DepositSearch.Of(Ledger, new HashSet<uint> { this[service] }, known is null ? null : new HashSet<uint> { this[known] });

        private AccountAddress Address(string name)
        {
            if (!_names.TryGetValue(name, out var address)) _names[name] = address = new AccountAddress(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)).AsSpan(0, AccountAddress.Size));
            return address;
        }
    }
}
