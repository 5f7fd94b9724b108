using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts;

/// <summary>An account ledger open for appending. One at a time: a lock file is held until disposed.</summary>
/// <remarks>
/// What was added since the last <see cref="Checkpoint"/> is not in the ledger: disposing without one leaves it as it was, and so does a kill
/// at any instant. Not safe for use from many threads.
/// </remarks>
public sealed partial class AccountLedgerWriter : IAccountChain, IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly AccountColumnFiles _files;
    private readonly AccountNumbers _numbers;
    private readonly AccountBatch _batch = new();
    private readonly uint[] _accounts = new uint[2 * AccountBatch.Size];
    private readonly Dictionary<AssetName, uint> _assetNumbers = [];
    private readonly List<AssetName> _assets = [];
    private AccountManifest _manifest;
    private AccountCounts _written; // what the batches written so far add up to
    private (AssetName Name, uint Number) _lastAsset;
    private uint _lastTime;
    private uint _lastBlock = AccountGraph.NoBlock;
    private uint? _eventful; // the last transaction with an event
    private uint? _priced; // the last transaction with a gas price

    public ChainName Chain { get; }

    public string Folder => _folder;

    /// <summary>Transactions, those added since the last checkpoint included.</summary>
    public uint TransactionCount => _written.Transactions + (uint)_batch.Transactions;

    /// <summary>Transfers, those added since the last checkpoint included.</summary>
    public long TransferCount => _written.Transfers + _batch.Transfers;

    /// <summary>The time of the transaction added last, in seconds since 1970; 0 while there is none.</summary>
    public uint LastTime => _lastTime;

    public void AddBlock(uint number, Hash256 hash, Hash256 parent, uint time)
    {
        if (number == AccountGraph.NoBlock) throw new ArgumentOutOfRangeException(nameof(number), number, "is no block's number");
        if (LastBlock is { } last && number <= last.Number) throw new ArgumentException($"Block {number} does not come after block {last.Number}, the one added last.", nameof(number));
        if (_batch.IsFull) Flush();
        NumberBatch(); // what the block begins with must be known
        LastBlock = (number, hash);
        _batch.BlockNumber.Add(number);
        _batch.BlockHash.Add(hash);
        _batch.BlockParent.Add(parent);
        _batch.BlockTime.Add(time);
        _batch.BlockStart.Add(new BlockStartRow(TransactionCount, _numbers.Count, (uint)_assets.Count));
    }

    /// <summary>The block added last; null where the source gives none.</summary>
    public (uint Number, Hash256 Hash)? LastBlock { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">It lies before the one added last.</exception>
    public uint AddTransaction(Hash256 id, uint time, uint block = AccountGraph.NoBlock, TxMarks marks = TxMarks.None)
    {
        if (time < _lastTime || (block != AccountGraph.NoBlock && _lastBlock != AccountGraph.NoBlock && block < _lastBlock))
            throw new ArgumentException($"Transaction {id} lies before the one added last.", nameof(id));
        if (_batch.IsFull) Flush();
        if (TransactionCount >= uint.MaxValue - 1) throw new LedgerException("A ledger holds at most 4,294,967,294 transactions. Begin another one, in another folder.");
        var at = _batch.Transactions++;
        (_lastTime, _lastBlock) = (time, block == AccountGraph.NoBlock ? _lastBlock : block);
        _batch.Ids[at] = id;
        _batch.Times[at] = time;
        _batch.Blocks[at] = block;
        _batch.Marks[at] = (byte)marks;
        _batch.First[at] = TransferCount;
        return TransactionCount - 1;
    }

    public long AddTransfer(AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount, TransferKind kind = TransferKind.External)
    {
        if (TransactionCount == 0) throw new InvalidOperationException("A transfer needs a transaction: add one first.");
        if (_batch.IsFull) Flush();
        var at = _batch.Transfers;
        _batch.Addresses[2 * at] = from.GetValueOrDefault();
        _batch.Addresses[2 * at + 1] = to.GetValueOrDefault();
        _batch.Somebody[2 * at] = from.HasValue;
        _batch.Somebody[2 * at + 1] = to.HasValue;
        _batch.Asset[at] = NumberOf(asset);
        _batch.Kind[at] = (byte)kind;
        _batch.Amount[at] = AmountColumn.Narrow(amount);
        if (AmountColumn.IsWide(amount))
        {
            _batch.WideAt.Add(TransferCount);
            _batch.Wide.Add(amount);
        }

        _batch.Transfers++;
        return TransferCount - 1;
    }

    public void AddEvent(AccountAddress emitter, ReadOnlySpan<Hash256> topics, ReadOnlySpan<byte> data)
    {
        if (TransactionCount == 0) throw new InvalidOperationException("An event needs a transaction: add one first.");
        if (topics.Length > 4) throw new ArgumentException($"An event has at most 4 topics, not {topics.Length}.", nameof(topics));
        if (_batch.IsFull) Flush();
        _eventful = TransactionCount - 1;
        _batch.EventTx.Add(TransactionCount - 1);
        _batch.EventEmitter.Add(emitter);
        _batch.EventTopics.Add((byte)topics.Length);
        _batch.EventFirst.Add(_written.EventBytes + _batch.EventBytes.Count);
        Span<byte> wire = stackalloc byte[Hash256.Size];
        foreach (var topic in topics)
        {
            topic.CopyTo(wire);
            _batch.EventBytes.AddRange(wire);
        }

        _batch.EventBytes.AddRange(data);
    }

    public void AddGasPrice(UInt256 price)
    {
        if (TransactionCount == 0 || _eventful != TransactionCount - 1 || _priced == TransactionCount - 1) throw new InvalidOperationException("A gas price is told once of a transaction, and behind an event of it: add one first.");
        if (_batch.IsFull) Flush();
        _priced = TransactionCount - 1;
        GasPrices.Put(_batch, TransactionCount - 1, price);
    }

    private uint NumberOf(AssetName asset)
    {
        if (ReferenceEquals(asset, _lastAsset.Name)) return _lastAsset.Number;
        if (!_assetNumbers.TryGetValue(asset, out var number))
        {
            if (asset.Chain != Chain) throw new ArgumentException($"{asset} is no asset of {Chain}.", nameof(asset));
            number = (uint)_assets.Count;
            _assetNumbers.Add(asset, number);
            _assets.Add(asset);
        }

        _lastAsset = (asset, number);
        return number;
    }

    private uint AccountOf(AccountAddress address)
    {
        NumberBatch();
        Span<uint> account = stackalloc uint[1];
        _numbers.Number([address], [true], account);
        return account[0];
    }

    public void Dispose()
    {
        _numbers.Dispose();
        _files.Dispose();
        _lock.Dispose();
    }
}
