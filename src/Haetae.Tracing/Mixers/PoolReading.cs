using System.Globalization;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Hashing;

namespace Haetae.Tracing.Mixers;

/// <summary>A pool's events, as an account ledger holds them.</summary>
/// <param name="Events">What was read.</param>
/// <param name="Unreadable">Events with the right first topic and something else behind it, left out.</param>
public sealed record PoolReading(PoolEvents Events, int Unreadable)
{
    private const int Word = 32;

    /// <summary>First topic of a deposit: Keccak-256 of its signature. commitment is a topic; leafIndex and timestamp are data.</summary>
    public static readonly Hash256 DepositTopic = TopicOf("Deposit(bytes32,uint32,uint256)");

    /// <summary>First topic of a withdrawal. relayer is a topic; to, nullifierHash and fee are data.</summary>
    public static readonly Hash256 WithdrawalTopic = TopicOf("Withdrawal(address,bytes32,address,uint256)");

    /// <summary>The first topic that an event of a signature has (Solidity, contract ABI specification, "Events").</summary>
    public static Hash256 TopicOf(string signature)
    {
        Span<byte> hash = stackalloc byte[Keccak256.Size];
        Keccak256.HashData(Encoding.ASCII.GetBytes(signature), hash);
        return Hash256.Parse(Convert.ToHexStringLower(hash));
    }

    /// <summary>Whether an event is one that a pool emits, whoever emitted it.</summary>
    public static bool IsOfPool(ChainEvent one) =>
        !one.IsInput && (one.Topics[0] == DepositTopic || one.Topics[0] == WithdrawalTopic) && IsReadable(one, one.Topics[0] == DepositTopic);

    /// <summary>Reads the events of a contract.</summary>
    /// <remarks>
    /// The depositor is who sent the transfer that pays the pool; if that one was paid the same asset in the same transaction before, it is a router, and the one before it is taken; without such a transfer, the first payer of the
    /// transaction. Denomination and asset are those of the first transfer that pays the pool in a deposit's transaction.
    /// </remarks>
    /// <exception cref="LedgerException">The ledger knows no blocks, or no transfer tells the denomination.</exception>
    public static PoolReading Of(IAccountView view, AccountAddress pool)
    {
        var graph = view.Graph;
        var account = view.FindAccount(pool);
        var deposits = new List<PoolDeposit>();
        var withdrawals = new List<PoolWithdrawal>();
        (uint Asset, UInt256 Amount)? unit = null;
        int unreadable = 0, inTransaction = 0;
        uint? last = null;
        foreach (var one in view.Events)
        {
            if (one.Emitter != pool || one.IsInput || (one.Topics[0] != DepositTopic && one.Topics[0] != WithdrawalTopic)) continue;
            if (graph.TxBlock[one.Transaction] is var block && block == AccountGraph.NoBlock) throw new LedgerException($"Transaction 0x{graph.TxId[one.Transaction]} has no block: the order of a pool's events needs blocks. Ingest from a node.");
            var isDeposit = one.Topics[0] == DepositTopic;
            if (!IsReadable(one, isDeposit))
            {
                unreadable++;
                continue;
            }

            if (isDeposit)
            {
                inTransaction = last == one.Transaction ? inTransaction + 1 : 0;
                last = one.Transaction;
                var payment = account is { } known ? Payment(graph, one.Transaction, known, inTransaction) : null;
                if (payment is { } paid) unit ??= (graph.Asset[paid], graph.Amount[paid]);
                deposits.Add(new PoolDeposit(graph.TxId[one.Transaction], block, one.Topics[1], (uint)UInt256.ReadBigEndian(one.Data).Lower)
                {
                    Time = graph.TxTime[one.Transaction],
                    GasPrice = view.GasPriceOf(one.Transaction),
                    Depositor = Depositor(graph, one.Transaction, payment) is { } payer ? view.AddressOf(payer) : null,
                });
            }
            else
            {
                var nullifier = Hash256.Parse(Convert.ToHexStringLower(one.Data.AsSpan(Word, Word)));
                withdrawals.Add(new PoolWithdrawal(graph.TxId[one.Transaction], block, new AccountAddress(one.Data.AsSpan(12, AccountAddress.Size)), nullifier, UInt256.ReadBigEndian(one.Data.AsSpan(2 * Word)))
                {
                    Time = graph.TxTime[one.Transaction],
                    Relayer = AddressIn(one.Topics[1]),
                    Sender = Sender(graph, one.Transaction) is { } sender ? view.AddressOf(sender) : null,
                    GasPrice = view.GasPriceOf(one.Transaction),
                });
            }
        }

        var (asset, denomination) = unit ?? throw new LedgerException(
            deposits.Count == 0 ? $"{pool}: this ledger holds no deposit into it." : string.Create(CultureInfo.InvariantCulture, $"{pool}: {deposits.Count} deposits, but no transfer pays the pool, so its denomination is not known. Ingest transfers too."));
        var info = view.Assets[(int)asset];
        var named = new Pool(pool.ToEip55(), denomination, info.Symbol ?? info.Name.Caip19, info.Decimals ?? 0) { Address = pool };
        return new PoolReading(new PoolEvents(named, [.. deposits.OrderBy(deposit => deposit.Leaf)], withdrawals), unreadable);
    }

    /// <summary>The book of some pools of a ledger, payments outside them included; and how many of their events could not be read.</summary>
    /// <exception cref="LedgerException">As <see cref="Of"/>.</exception>
    public static (PoolBook Book, int Unreadable) BookOf(IAccountView view, IReadOnlyList<AccountAddress> pools)
    {
        List<PoolReading> read = [.. pools.Select(pool => Of(view, pool))];
        List<PoolEvents> events = [.. read.Select(one => one.Events)];
        return (new PoolBook(events) { Outside = OutsideOf(view, events) }, read.Sum(one => one.Unreadable));
    }

    /// <summary>Payments between depositors and recipients of pools, outside of these and in transactions of their own.</summary>
    public static IReadOnlyList<OutsideTransfer> OutsideOf(IAccountView view, IReadOnlyList<PoolEvents> pools)
    {
        var graph = view.Graph;
        HashSet<uint> depositors = [.. pools.SelectMany(pool => pool.Deposits).Select(deposit => deposit.Depositor is { } address ? view.FindAccount(address) : null).OfType<uint>()];
        HashSet<uint> recipients = [.. pools.SelectMany(pool => pool.Withdrawals).Select(withdrawal => view.FindAccount(withdrawal.Recipient)).OfType<uint>()];
        HashSet<uint> own = [.. pools.Select(pool => pool.Pool.Address is { } address ? view.FindAccount(address) : null).OfType<uint>()];
        var found = new SortedSet<long>();
        foreach (var depositor in depositors.Where(one => !own.Contains(one)))
        {
            foreach (var transfer in view.TransfersOf(depositor))
            {
                var other = graph.From[transfer] == depositor ? graph.To[transfer] : graph.From[transfer];
                if (other != depositor && recipients.Contains(other) && !own.Contains(other) && graph.KindOf(transfer) is not (TransferKind.Fee or TransferKind.FeeBurnt) && !graph.Amount[transfer].IsZero) found.Add(transfer);
            }
        }

        return [.. found.Select(transfer => new OutsideTransfer(view.AddressOf(graph.From[transfer]), view.AddressOf(graph.To[transfer]), graph.TxTime[graph.TransactionOf(transfer)]))];
    }

    private static bool IsReadable(ChainEvent one, bool isDeposit) => one.Topics.Count == 2 && one.Data.Length == (isDeposit ? 2 : 3) * Word && (isDeposit
        ? UInt256.ReadBigEndian(one.Data) is { IsNarrow: true } leaf && leaf.Lower < uint.MaxValue
        : !one.Data.AsSpan(0, 12).ContainsAnyExcept((byte)0));

    // The transfer that pays for the n-th deposit of a transaction; null: the ledger does not hold it.
    private static long? Payment(AccountGraph graph, uint transaction, uint pool, int number)
    {
        for (long transfer = graph.TxFirstTransfer[transaction], end = graph.TxFirstTransfer[transaction + 1L]; transfer < end; transfer++)
            if (graph.To[transfer] == pool && graph.KindOf(transfer) is not (TransferKind.Fee or TransferKind.FeeBurnt) && !graph.Amount[transfer].IsZero && number-- == 0) return transfer;
        return null;
    }

    private static uint? Depositor(AccountGraph graph, uint transaction, long? payment)
    {
        var first = graph.TxFirstTransfer[transaction];
        if (payment is not { } at)
        {
            for (var transfer = first; transfer < graph.TxFirstTransfer[transaction + 1L]; transfer++)
                if (graph.From[transfer] != AccountGraph.Nobody) return graph.From[transfer];
            return null;
        }

        var (payer, asset) = (graph.From[at], graph.Asset[at]);
        for (var transfer = at - 1; transfer >= first; transfer--)
            if (graph.To[transfer] == payer && graph.Asset[transfer] == asset && graph.From[transfer] != AccountGraph.Nobody) payer = graph.From[transfer];
        return payer == AccountGraph.Nobody ? null : payer;
    }

    // Who paid the fee sent the transaction (Ethereum yellow paper, section 6.2); null: the ledger holds no fees.
    private static uint? Sender(AccountGraph graph, uint transaction)
    {
        for (var transfer = graph.TxFirstTransfer[transaction]; transfer < graph.TxFirstTransfer[transaction + 1L]; transfer++)
            if (graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt && graph.From[transfer] != AccountGraph.Nobody) return graph.From[transfer];
        return null;
    }

    private static AccountAddress AddressIn(Hash256 topic) => new(Convert.FromHexString(topic.ToString()).AsSpan(12, AccountAddress.Size));
}
