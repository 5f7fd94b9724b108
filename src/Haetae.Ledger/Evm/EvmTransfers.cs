using System.Globalization;
using System.Text;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Hashing;

namespace Haetae.Ledger.Evm;

/// <summary>Turns blocks of an EVM chain into transactions, transfers and events of a ledger.</summary>
/// <remarks>
/// A transaction's transfers: its own value, the calls that moved value and succeeded together with all above them, and its tokens' events, in the
/// order of execution where the tracer tells the places of events (callTracer with withLog), else calls first; its fee last. Coin transfers of 0
/// are left out; tokens' transfers of 0 are kept, since bait is made of them.
/// </remarks>
public sealed class EvmTransfers
{
    /// <summary>Bytes of an event's data that are kept.</summary>
    public const int MostData = 4096;

    /// <summary>Bytes of printable input that is kept as a memo, at most.</summary>
    public const int MostMemo = 256;

    private const ulong WeiInGwei = 1_000_000_000;

    private readonly IAccountSink _sink;
    private readonly EvmSteps _steps;
    private readonly List<EvmMove> _moves = [];
    private readonly List<EvmLog> _events = [];
    private readonly AssetName _native;
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private int _kept; // events of the transaction

    public EvmTransfers(IAccountSink sink)
    {
        _sink = sink;
        _native = AssetName.Native(sink.Chain);
        _steps = new EvmSteps(sink.Chain);
    }

    /// <summary>Why calls are missing where they are, as a half sentence.</summary>
    public string Untraced { get; set; } = "the source tells no calls";

    /// <summary>Transactions taken.</summary>
    public long Transactions { get; private set; }

    /// <summary>Transfers taken.</summary>
    public long Transfers { get; private set; }

    /// <summary>Adds a block, in the order of the chain.</summary>
    /// <exception cref="LedgerException">Its number or time is beyond what a ledger holds.</exception>
    public void Add(EvmBlockActivity block)
    {
        if (block.Number >= AccountGraph.NoBlock) throw new LedgerException($"{block.Source}: block {block.Number} is beyond the highest that a ledger holds.");
        if (block.Time > uint.MaxValue) throw new LedgerException($"{block.Source}: block {block.Number} has the time {block.Time}, which is beyond the year 2106.");
        var (number, time) = ((uint)block.Number, (uint)block.Time);
        if (block.Block is { } told) _sink.AddBlock(number, told.Hash, told.ParentHash, time);
        foreach (var one in block.Transactions) Add(one, block, number, time);
        AddAfter(block, number, time);
    }

    private void Add(EvmActivity one, EvmBlockActivity block, uint number, uint time)
    {
        var failed = one.Receipt?.Status == 0 || (one.Receipt?.Status is null && one.Call?.Error is not null);
        if (one.Receipt?.Status is null && one.Call is null && one.Transaction is not null) Note("Whether some transactions failed is not told (no status before Byzantium, or no receipts): they are taken as done.");
        _sink.AddTransaction(one.Id, time, number, failed ? TxMarks.Failed : TxMarks.None);
        Transactions++;
        _kept = 0;
        if (!failed)
        {
            _steps.Read(one, block.Block?.HasBlobGas == true);
            _steps.Settle(_moves, _events);
            foreach (var move in _moves) Move(move.Kind, move.From, move.To, move.Asset, move.Amount);
            foreach (var log in _events) Keep(log.Address, [.. log.Topics], log.Data);
            if (_steps.Untold > 0) Note("Of some self-destructs the source tells neither contract nor heir: what they left is missing.");
            if (one.Call is null) Note($"Coin that contracts paid (internal calls, self-destructs) is missing: {Untraced}.");
            else if (!_steps.IsMerged) Note("Within some transactions internal calls stand before token transfers: the source tells the order of each kind, not between them.");
        }

        if (one.Transaction is { } call && IsMemo(call.Input)) Tell(call.To ?? call.From, [], call.Input);
        if (_kept > 0 && PriceOf(one, block) is { } price) _sink.AddGasPrice(price);
        if (one.Transaction is { } transaction) AddFee(transaction, one.Receipt, block);
    }

    /// <summary>What a unit of gas cost: as the receipt has it; else the price that the transaction names, but only in a block that is known to have no base fee, since with one it may be no more than a limit (EIP-1559).</summary>
    private static UInt256? PriceOf(EvmActivity one, EvmBlockActivity block) =>
        one.Receipt?.EffectiveGasPrice ?? (block.Block is { BaseFeePerGas: null } ? one.Transaction?.GasPrice : null);

    /// <summary>The fee: the tip to the block's producer; what is burnt, and what a rollup takes for the chain below it, to nobody.</summary>
    private void AddFee(EvmTransaction transaction, EvmReceipt? receipt, EvmBlockActivity block)
    {
        if (receipt is null || (receipt.EffectiveGasPrice ?? transaction.GasPrice) is not { } price)
        {
            Note("The fees of some transactions are missing: the source tells no receipts, or no price of gas.");
            return;
        }

        var baseFee = UInt256.Min(block.Block?.BaseFeePerGas ?? UInt256.Zero, price);
        Fee(TransferKind.Fee, block.Block?.Miner, Times(price - baseFee, receipt.GasUsed));
        Fee(TransferKind.FeeBurnt, null, Times(baseFee, receipt.GasUsed) + Times(receipt.BlobGasPrice, receipt.BlobGasUsed));
        if (receipt.L1Fee is { } below) Fee(TransferKind.Fee, null, below);

        void Fee(TransferKind kind, AccountAddress? to, UInt256 amount)
        {
            if (!amount.IsZero) Move(kind, transaction.From, to, _native, amount);
        }
    }

    private static UInt256 Times(UInt256 price, ulong gas) => UInt256.MulDiv(price, gas, UInt256.One);

    /// <summary>Withdrawals, and what stands outside transactions, as a transaction of their own.</summary>
    private void AddAfter(EvmBlockActivity block, uint number, uint time)
    {
        var withdrawals = block.Block?.Withdrawals ?? [];
        if (withdrawals.Any(one => one.Amount > 0))
        {
            _sink.AddTransaction(RowId("withdrawals", block), time, number, TxMarks.RowId);
            foreach (var one in withdrawals)
                if (one.Amount > 0) Move(TransferKind.Withdrawal, null, one.Address, _native, Times(WeiInGwei, one.Amount));
        }

        if (!block.Loose.Any(one => one.Value is { IsZero: false })) return;
        _sink.AddTransaction(RowId("rewards", block), time, number, TxMarks.RowId);
        foreach (var one in block.Loose)
        {
            if (one.Value is not { IsZero: false } value) continue;
            var kind = one.TraceType switch { EvmTrace.Reward => TransferKind.Reward, EvmTrace.Genesis => TransferKind.Mint, _ => TransferKind.Internal };
            Move(kind, kind == TransferKind.Internal ? one.From : null, one.To, _native, value);
        }
    }

    private Hash256 RowId(string what, EvmBlockActivity block) => EvmWord.Hash(Keccak256.HashData(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"haetae {what} of {_sink.Chain.Caip2} block {block.Number} {block.Block?.Hash}"))));

    private void Move(TransferKind kind, AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount)
    {
        _sink.AddTransfer(from, to, asset, amount, kind);
        Transfers++;
    }

    private void Keep(AccountAddress emitter, Hash256[] topics, byte[] data)
    {
        // A ledger takes an event without topics for the input of a call.
        if (topics.Length == 0) Note("Events without topics are left out.");
        else Tell(emitter, topics, data);
        if (data.Length > MostData) Note(string.Create(CultureInfo.InvariantCulture, $"Of events with longer data only the first {MostData:#,0} bytes are kept."));
    }

    private void Tell(AccountAddress emitter, Hash256[] topics, byte[] data)
    {
        _sink.AddEvent(emitter, topics, data.AsSpan(0, Math.Min(data.Length, MostData)));
        _kept++;
    }

    /// <summary>Whether an input is short printable text.</summary>
    public static bool IsMemo(ReadOnlySpan<byte> input) => input.Length is > 0 and <= MostMemo && !input.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    /// <summary>Says in the ledger what its source did not tell: once, and without counts, so that it does not hang on how often the reading was interrupted.</summary>
    private void Note(string sentence)
    {
        if (_said.Add(sentence)) _sink.AddNote(sentence);
    }
}
