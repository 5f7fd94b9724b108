using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <summary>A small account ledger in memory: cases, tests, rows of a table. Memory: about 150 bytes a transfer.</summary>
public sealed class AccountTable : IAccountView
{
    private readonly AccountAddress[] _addresses;
    private readonly Dictionary<AccountAddress, uint> _accounts;
    private readonly Dictionary<Hash256, uint> _transactions;
    private readonly long[] _touching;
    private readonly int[] _firstTouching;
    private readonly Dictionary<(uint Account, uint Asset), UInt256> _openings;
    private readonly Dictionary<uint, Coverage> _coverage;
    private readonly Coverage _usualCoverage;
    private readonly ILookup<uint, ChainEvent> _eventsOf;
    private readonly Dictionary<uint, UInt256> _gasPrices;

    internal AccountTable(AccountTableBuilder built, AccountGraph graph, long[] touching, int[] firstTouching, string digest)
    {
        (Chain, Graph, Digest) = (built.Chain, graph, digest);
        (_touching, _firstTouching) = (touching, firstTouching);
        (_addresses, _accounts, _transactions) = ([.. built.Addresses], built.Accounts, built.Transactions);
        (_openings, _coverage, _usualCoverage) = (built.Openings, built.CoverageOf, built.UsualCoverage);
        (Assets, Notes, Events) = ([.. built.Assets], [.. built.Notes], [.. built.Events]);
        _eventsOf = Events.ToLookup(one => one.Transaction);
        _gasPrices = new Dictionary<uint, UInt256>(built.GasPrices);
    }

    public ChainName Chain { get; }

    public AccountGraph Graph { get; }

    public uint AccountCount => (uint)_addresses.Length;

    public IReadOnlyList<AssetInfo> Assets { get; }

    public string Digest { get; }

    public IReadOnlyList<string> Notes { get; }

    public IEnumerable<ChainEvent> Events { get; }

    public IEnumerable<ChainEvent> EventsOf(uint transaction) => _eventsOf[transaction];

    public UInt256? GasPriceOf(uint transaction) => _gasPrices.TryGetValue(transaction, out var price) ? price : null;

    public AccountAddress AddressOf(uint account) => _addresses[account];

    public uint? FindAccount(AccountAddress address) => _accounts.TryGetValue(address, out var account) ? account : null;

    public uint? FindTransaction(Hash256 id) => _transactions.TryGetValue(id, out var transaction) ? transaction : null;

    public ReadOnlySpan<long> TransfersOf(uint account) => _touching.AsSpan(_firstTouching[account], _firstTouching[account + 1] - _firstTouching[account]);

    public void Prefetch(ReadOnlySpan<uint> accounts)
    {
    }

    public UInt256? OpeningOf(uint account, uint asset) => _openings.TryGetValue((account, asset), out var amount) ? amount : null;

    public Coverage CoverageOf(uint account) => _coverage.TryGetValue(account, out var known) ? known : _usualCoverage;
}

/// <summary>Takes transactions and their transfers in chain order and makes an <see cref="AccountTable"/> of them.</summary>
public sealed class AccountTableBuilder : IAccountSink
{
    private readonly List<Hash256> _txIds = [];
    private readonly List<uint> _txTimes = [];
    private readonly List<uint> _txBlocks = [];
    private readonly List<byte> _txMarks = [];
    private readonly List<long> _txFirst = [];
    private readonly List<uint> _from = [];
    private readonly List<uint> _to = [];
    private readonly List<uint> _asset = [];
    private readonly List<byte> _kind = [];
    private readonly List<UInt256> _amount = [];
    private readonly Dictionary<AssetName, uint> _assetNumbers = [];

    public AccountTableBuilder(ChainName chain)
    {
        Chain = chain;
        AssetOf(AssetName.Native(chain));
        DescribeAsset(AssetName.Native(chain), chain.Symbol, chain.Decimals);
    }

    public ChainName Chain { get; }

    /// <summary>What holds for accounts of which nothing is said.</summary>
    public Coverage UsualCoverage { get; set; }

    internal List<AccountAddress> Addresses { get; } = [];

    internal Dictionary<AccountAddress, uint> Accounts { get; } = [];

    internal Dictionary<Hash256, uint> Transactions { get; } = [];

    internal List<AssetInfo> Assets { get; } = [];

    internal Dictionary<(uint Account, uint Asset), UInt256> Openings { get; } = [];

    internal Dictionary<uint, Coverage> CoverageOf { get; } = [];

    internal List<string> Notes { get; } = [];

    internal List<ChainEvent> Events { get; } = [];

    internal SortedDictionary<uint, UInt256> GasPrices { get; } = [];

    public int TransactionCount => _txIds.Count;

    public int TransferCount => _from.Count;

    /// <summary>Blocks are not kept: a table has no reorganisations.</summary>
    public void AddBlock(uint number, Hash256 hash, Hash256 parent, uint time)
    {
    }

    public void AddEvent(AccountAddress emitter, ReadOnlySpan<Hash256> topics, ReadOnlySpan<byte> data) =>
        Events.Add(new ChainEvent((uint)_txIds.Count - 1, emitter, [.. topics], data.ToArray()));

    public void AddGasPrice(UInt256 price)
    {
        if (Events.Count == 0 || Events[^1].Transaction != _txIds.Count - 1 || !GasPrices.TryAdd((uint)_txIds.Count - 1, price))
            throw new InvalidOperationException("A gas price is told once of a transaction, and behind an event of it: add one first.");
    }

    /// <summary>Begins a transaction; transfers added from now on are its own. Transactions come in chain order; equal times are fine.</summary>
    /// <exception cref="ArgumentException">Its id is there already, or it lies before the last one.</exception>
    public uint AddTransaction(Hash256 id, uint time, uint block = AccountGraph.NoBlock, TxMarks marks = TxMarks.None)
    {
        if (_txTimes.Count > 0 && (time < _txTimes[^1] || (block != AccountGraph.NoBlock && _txBlocks[^1] != AccountGraph.NoBlock && block < _txBlocks[^1])))
            throw new ArgumentException($"Transaction {id} lies before the one added last.", nameof(id));
        var number = (uint)_txIds.Count;
        if (!Transactions.TryAdd(id, number)) throw new ArgumentException($"Transaction {id} is there already.", nameof(id));
        _txIds.Add(id);
        _txTimes.Add(time);
        _txBlocks.Add(block);
        _txMarks.Add((byte)marks);
        _txFirst.Add(_from.Count);
        return number;
    }

    /// <summary>Adds a transfer to the transaction begun last, in order of execution, fees last. Null stands for nobody.</summary>
    /// <returns>The transfer's number.</returns>
    public long AddTransfer(AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount, TransferKind kind = TransferKind.External)
    {
        if (_txIds.Count == 0) throw new InvalidOperationException("A transfer needs a transaction: add one first.");
        _from.Add(from is { } payer ? AccountOf(payer) : AccountGraph.Nobody);
        _to.Add(to is { } paid ? AccountOf(paid) : AccountGraph.Nobody);
        _asset.Add(AssetOf(asset));
        _kind.Add((byte)kind);
        _amount.Add(amount);
        return _from.Count - 1;
    }

    /// <summary>Says what an asset is called and how many decimal places people show.</summary>
    public void DescribeAsset(AssetName asset, string? symbol, int? decimals) => Assets[(int)AssetOf(asset)] = new AssetInfo(asset, symbol, decimals);

    /// <summary>Says what an account held before its first transfer.</summary>
    public void SetOpening(AccountAddress account, AssetName asset, UInt256 amount) => Openings[(AccountOf(account), AssetOf(asset))] = amount;

    public void SetCoverage(AccountAddress account, Coverage coverage) => CoverageOf[AccountOf(account)] = coverage;

    /// <summary>Adds a sentence that readers of every answer from this ledger must know.</summary>
    public void AddNote(string sentence) => Notes.Add(sentence);

    private uint AccountOf(AccountAddress address)
    {
        if (Accounts.TryGetValue(address, out var known)) return known;
        var number = (uint)Addresses.Count;
        Accounts.Add(address, number);
        Addresses.Add(address);
        return number;
    }

    private uint AssetOf(AssetName asset)
    {
        if (_assetNumbers.TryGetValue(asset, out var known)) return known;
        var number = (uint)Assets.Count;
        _assetNumbers.Add(asset, number);
        Assets.Add(new AssetInfo(asset, null, null));
        return number;
    }

    public AccountTable Build()
    {
        var owners = new object[13];
        var narrow = new UInt128[_amount.Count];
        var wideAt = new List<long>();
        var wide = new List<UInt256>();
        for (var i = 0; i < narrow.Length; i++)
        {
            narrow[i] = AmountColumn.Narrow(_amount[i]);
            if (!AmountColumn.IsWide(_amount[i])) continue;
            wideAt.Add(i);
            wide.Add(_amount[i]);
        }

        var amount = new AmountColumn(
            Column<UInt128>.FromArray(narrow, out owners[0]), Column<long>.FromArray([.. wideAt], out owners[1]), Column<UInt256>.FromArray([.. wide], out owners[2]));
        var graph = new AccountGraph(
            Column<Hash256>.FromArray([.. _txIds], out owners[3]), Column<uint>.FromArray([.. _txTimes], out owners[4]), Column<uint>.FromArray([.. _txBlocks], out owners[5]),
            Column<byte>.FromArray([.. _txMarks], out owners[6]), Packed40Column.FromArray([.. _txFirst, _from.Count], out owners[7]),
            Column<uint>.FromArray([.. _from], out owners[8]), Column<uint>.FromArray([.. _to], out owners[9]), Column<uint>.FromArray([.. _asset], out owners[10]),
            Column<byte>.FromArray([.. _kind], out owners[11]), amount, owners);
        var (touching, first) = Index();
        return new AccountTable(this, graph, touching, first, Digest());
    }

    private (long[] Touching, int[] First) Index()
    {
        var first = new int[Addresses.Count + 1];
        for (var i = 0; i < _from.Count; i++)
        {
            if (_from[i] != AccountGraph.Nobody) first[_from[i] + 1]++;
            if (_to[i] != AccountGraph.Nobody && _to[i] != _from[i]) first[_to[i] + 1]++;
        }

        for (var account = 0; account < Addresses.Count; account++) first[account + 1] += first[account];
        var next = first.AsSpan(0, Addresses.Count).ToArray();
        var touching = new long[first[^1]];
        for (var i = 0; i < _from.Count; i++)
        {
            if (_from[i] != AccountGraph.Nobody) touching[next[_from[i]]++] = i;
            if (_to[i] != AccountGraph.Nobody && _to[i] != _from[i]) touching[next[_to[i]]++] = i;
        }

        return (touching, first);
    }

    private string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Chain.Caip2 + "\n"));
        Span<byte> row = stackalloc byte[128];
        for (int tx = 0, transfer = 0; tx < _txIds.Count; tx++)
        {
            row.Clear();
            _txIds[tx].CopyTo(row);
            BinaryPrimitives.WriteUInt32LittleEndian(row[32..], _txTimes[tx]);
            BinaryPrimitives.WriteUInt32LittleEndian(row[36..], _txBlocks[tx]);
            row[40] = _txMarks[tx];
            hash.AppendData(row);
            for (var end = tx + 1 < _txIds.Count ? _txFirst[tx + 1] : _from.Count; transfer < end; transfer++)
            {
                row.Clear();
                if (_from[transfer] != AccountGraph.Nobody) Addresses[(int)_from[transfer]].CopyTo(row);
                if (_to[transfer] != AccountGraph.Nobody) Addresses[(int)_to[transfer]].CopyTo(row[20..]);
                _amount[transfer].WriteBigEndian(row[40..]);
                row[72] = _kind[transfer];
                row[73] = (byte)((_from[transfer] == AccountGraph.Nobody ? 1 : 0) | (_to[transfer] == AccountGraph.Nobody ? 2 : 0));
                hash.AppendData(row);
                hash.AppendData(Encoding.UTF8.GetBytes(Assets[(int)_asset[transfer]].Name.Caip19 + "\n"));
            }
        }

        foreach (var (key, amount) in Openings.OrderBy(one => one.Key.Account).ThenBy(one => one.Key.Asset))
            hash.AppendData(Encoding.UTF8.GetBytes($"opening {Addresses[(int)key.Account]} {Assets[(int)key.Asset].Name.Caip19} {amount}\n"));
        foreach (var (account, coverage) in CoverageOf.OrderBy(one => one.Key)) hash.AppendData(Encoding.UTF8.GetBytes($"coverage {Addresses[(int)account]} {coverage}\n"));
        hash.AppendData(Encoding.UTF8.GetBytes($"coverage * {UsualCoverage}\n"));
        foreach (var (tx, price) in GasPrices) hash.AppendData(Encoding.UTF8.GetBytes($"gas {_txIds[(int)tx]} {price}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
