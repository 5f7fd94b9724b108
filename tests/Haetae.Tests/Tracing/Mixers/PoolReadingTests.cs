using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Tracing.Mixers;

/// <summary>Events and transfers of an account ledger, read as a pool.</summary>
public sealed class PoolReadingTests
{
    private static readonly ChainName Ethereum = ChainName.Known.First(chain => chain.Caip2 == "eip155:1");
    private static readonly AssetName Ether = AssetName.Native(Ethereum);
    private static readonly AccountAddress Pool = PoolScene.Of('P'), Router = PoolScene.Of('R'), Relayer = PoolScene.Of('Z');
    private static readonly UInt256 One = UInt256.Parse("1000000000000000000");
    private byte _hash;

    [Fact]
    public void Topics_are_those_that_nodes_print()
    {
        // As in the published interface of the contracts; every deposit and withdrawal on chain has them.
        Assert.Equal("a945e51eec50ab98c161376f0db4cf2aeba3ec92755fe2fcd388bdbbb80ff196", PoolReading.DepositTopic.ToString());
        Assert.Equal("e9e508bad6d4c3227e881ca19068f099da81b5164dd6d62b2eaf1e8bc6c34931", PoolReading.WithdrawalTopic.ToString());
    }

    [Fact]
    public void A_depositor_is_found_behind_a_router()
    {
        var table = new AccountTableBuilder(Ethereum);
        Begin(table, 10);
        table.AddTransfer(PoolScene.Of('a'), Pool, Ether, One);
        Deposit(table, 0);
        Begin(table, 11);
        table.AddTransfer(PoolScene.Of('b'), Router, Ether, One);
        table.AddTransfer(Router, Pool, Ether, One, TransferKind.Internal);
        Deposit(table, 1);
        table.AddTransfer(PoolScene.Of('b'), null, Ether, 5, TransferKind.FeeBurnt);
        Begin(table, 12);
        table.AddTransfer(Pool, PoolScene.Of('x'), Ether, One - 9, TransferKind.Internal);
        table.AddTransfer(Pool, Relayer, Ether, 9, TransferKind.Internal);
        Withdrawal(table, 'x', Relayer, 9);
        Begin(table, 13);
        table.AddTransfer(PoolScene.Of('x'), PoolScene.Of('b'), Ether, 3);
        var view = table.Build();

        var (book, unreadable) = PoolReading.BookOf(view, [Pool]);
        var events = Assert.Single(book.Pools);
        Assert.Equal(0, unreadable);
        Assert.Equal((One, "ETH", 18), (events.Pool.Denomination, events.Pool.Symbol, events.Pool.Decimals));
        Assert.Equal([PoolScene.Of('a'), PoolScene.Of('b')], events.Deposits.Select(deposit => deposit.Depositor!.Value));
        Assert.Equal([(10U, 0U, 1_010U), (11U, 1U, 1_011U)], events.Deposits.Select(deposit => (deposit.Block, deposit.Leaf, deposit.Time!.Value)));
        var withdrawal = Assert.Single(events.Withdrawals);
        Assert.Equal((PoolScene.Of('x'), (UInt256)9, true, Relayer), (withdrawal.Recipient, withdrawal.Fee, withdrawal.IsRelayed, withdrawal.Relayer!.Value));
        Assert.Equal([new OutsideTransfer(PoolScene.Of('x'), PoolScene.Of('b'), 1_013)], book.Outside);
        Assert.Empty(PoolInvariants.Check(events));

        var runs = AnonymitySets.Ask(book, new PoolTerms { MinInteractions = 1 });
        Assert.Equal("needs the gas price of every deposit, known of 0 of 2", runs.Single(run => run.Method == GasPriceMatch.Name).NotRun);
        Assert.Equal([1], Assert.Single(runs.Single(run => run.Method == LinkedAddress.Name).Links).Deposits);
    }

    [Fact]
    public void Gas_prices_and_senders_come_from_the_ledger()
    {
        var table = new AccountTableBuilder(Ethereum);
        Begin(table, 10);
        table.AddTransfer(PoolScene.Of('a'), Pool, Ether, One);
        Deposit(table, 0);
        table.AddGasPrice(UInt256.MaxValue);
        Begin(table, 11);
        table.AddTransfer(PoolScene.Of('b'), Pool, Ether, One);
        Deposit(table, 1);
        Begin(table, 12);
        table.AddTransfer(Pool, PoolScene.Of('x'), Ether, One, TransferKind.Internal);
        Withdrawal(table, 'x', default, 0);
        table.AddGasPrice(UInt256.MaxValue);
        table.AddTransfer(PoolScene.Of('y'), null, Ether, 5, TransferKind.FeeBurnt);
        Begin(table, 13);
        table.AddTransfer(Pool, PoolScene.Of('z'), Ether, One, TransferKind.Internal);
        Withdrawal(table, 'z', default, 0);

        var (book, _) = PoolReading.BookOf(table.Build(), [Pool]);
        Assert.Equal([UInt256.MaxValue, null], book.Pools[0].Deposits.Select(deposit => deposit.GasPrice));
        Assert.Equal([(UInt256.MaxValue, PoolScene.Of('y'), false), (null, null, true)], book.Pools[0].Withdrawals.Select(one => (one.GasPrice, one.Sender, one.IsSentByOwner)));
        Assert.Equal((2, 4), book.CountGasPrices());
    }

    [Fact]
    public void Several_deposits_of_one_transaction_have_each_its_payment()
    {
        var table = new AccountTableBuilder(Ethereum);
        Begin(table, 10);
        table.AddTransfer(PoolScene.Of('a'), Pool, Ether, One);
        table.AddTransfer(PoolScene.Of('c'), Pool, Ether, One, TransferKind.Internal);
        Deposit(table, 0);
        Deposit(table, 1);
        Assert.Equal([PoolScene.Of('a'), PoolScene.Of('c')], PoolReading.Of(table.Build(), Pool).Events.Deposits.Select(deposit => deposit.Depositor!.Value));
    }

    [Fact]
    public void Events_that_only_look_alike_are_counted_and_left_out()
    {
        var table = new AccountTableBuilder(Ethereum);
        Begin(table, 10);
        table.AddTransfer(PoolScene.Of('a'), Pool, Ether, One);
        Deposit(table, 0);
        table.AddEvent(Pool, [PoolReading.DepositTopic], new byte[64]);
        table.AddEvent(Pool, [PoolReading.DepositTopic, default], new byte[63]);
        table.AddEvent(Pool, [PoolReading.WithdrawalTopic, default], [1, .. new byte[95]]);
        table.AddEvent(Router, [PoolReading.DepositTopic, default], new byte[64]); // of another contract
        var read = PoolReading.Of(table.Build(), Pool);
        Assert.Equal((1, 3), (read.Events.Deposits.Count, read.Unreadable));
    }

    [Fact]
    public void What_cannot_be_known_is_an_error_with_the_way_out()
    {
        var table = new AccountTableBuilder(Ethereum);
        Assert.Contains("no deposit", Assert.Throws<LedgerException>(() => PoolReading.Of(table.Build(), Pool)).Message, StringComparison.Ordinal);
        Begin(table, 10);
        Deposit(table, 0);
        Assert.Contains("no transfer pays the pool", Assert.Throws<LedgerException>(() => PoolReading.Of(table.Build(), Pool)).Message, StringComparison.Ordinal);
        var blind = new AccountTableBuilder(Ethereum);
        blind.AddTransaction(Next(), 5);
        Deposit(blind, 0);
        Assert.Contains("has no block", Assert.Throws<LedgerException>(() => PoolReading.Of(blind.Build(), Pool)).Message, StringComparison.Ordinal);
    }

    private void Begin(AccountTableBuilder table, uint block) => table.AddTransaction(Next(), 1_000 + block, block);

    private void Deposit(AccountTableBuilder table, byte leaf)
    {
        var data = new byte[64];
        data[31] = leaf;
        table.AddEvent(Pool, [PoolReading.DepositTopic, Next()], data);
    }

    private void Withdrawal(AccountTableBuilder table, char to, AccountAddress relayer, byte fee)
    {
        var (data, topic) = (new byte[96], new byte[32]);
        PoolScene.Of(to).CopyTo(data.AsSpan(12));
        data[63] = 1;
        data[95] = fee;
        relayer.CopyTo(topic.AsSpan(12));
        table.AddEvent(Pool, [PoolReading.WithdrawalTopic, Hash256.Parse(Convert.ToHexString(topic))], data);
    }

    private Hash256 Next()
    {
        var bytes = new byte[32];
        bytes[5] = ++_hash;
        return new Hash256(bytes);
    }
}
