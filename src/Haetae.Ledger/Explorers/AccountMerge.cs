using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;

namespace Haetae.Ledger.Explorers;

/// <summary>Puts the rows of several addresses together: each once, in chain order.</summary>
/// <remarks>
/// A payment between two addresses that were asked for stands in both their lists. Rows that say the same in every member are told apart by how
/// often one list has them: two equal transfers of a transaction are two, though each of two addresses lists both. Within a transaction come its
/// own value, internal calls by their path, token transfers, and the fee; the order of calls and events among each other is not told.
/// </remarks>
internal sealed class AccountMerge(ChainName chain)
{
    private readonly Dictionary<(EtherscanRow Row, int Copy), int> _rows = []; // and when it was met first
    private readonly Dictionary<AccountAddress, HashSet<AssetName>> _assets = [];
    private readonly Dictionary<AssetName, (string? Symbol, int? Decimals)> _described = [];
    private readonly Dictionary<Hash256, SortedList<uint, EtherscanLog>> _events = [];

    /// <summary>What of the rows says other things than the rest: left out, and counted against whose lists it stands in. Whole once the table is built.</summary>
    internal Contradictions Wrong { get; } = new();

    internal void Add(AccountAddress address, IReadOnlyList<EtherscanRow> rows)
    {
        var copies = new Dictionary<EtherscanRow, int>();
        var assets = _assets.TryGetValue(address, out var there) ? there : _assets[address] = [AssetName.Native(chain)];
        foreach (var row in rows)
        {
            Wrong.Tells(address, row.Transaction);
            var copy = copies[row] = copies.GetValueOrDefault(row) + 1;
            _rows.TryAdd((row, copy), _rows.Count);
            if (AssetOf(row) is not { } asset || row.List is EtherscanList.Transactions or EtherscanList.Internal) continue;
            assets.Add(asset);
            _described.TryAdd(asset, (row.Symbol, row.Decimals));
        }
    }

    /// <summary>Adds events; those of transactions that no row tells of are left out, and what lists of tokens tell already.</summary>
    internal void Add(IEnumerable<EtherscanLog> events)
    {
        foreach (var one in events.Where(one => one.Topics.Length > 0 && !one.IsTokenMove))
        {
            if (!_events.TryGetValue(one.Transaction, out var all)) _events.Add(one.Transaction, all = []);
            all[one.Index] = one;
        }
    }

    /// <summary>The assets that an address has rows of, in the order of their names.</summary>
    internal IEnumerable<AssetName> AssetsOf(AccountAddress address) => _assets.TryGetValue(address, out var assets) ? assets.OrderBy(asset => asset.Caip19, StringComparer.Ordinal) : [];

    /// <summary>Puts together what stands on one chain; what contradicts is left out.</summary>
    internal AccountTableBuilder Build()
    {
        var builder = new AccountTableBuilder(chain);
        var transactions = _rows.GroupBy(one => one.Key.Row.Transaction, (id, rows) => new TransactionRows(id, [.. rows.Select(one => (one.Key.Row, one.Value))], Wrong)).ToList();
        transactions = TransactionRows.InTime([.. transactions.OrderBy(one => one.Block).ThenBy(one => one.Index ?? int.MaxValue).ThenBy(one => one.Id.ToString(), StringComparer.Ordinal)], Wrong);
        foreach (var transaction in transactions)
        {
            builder.AddTransaction(transaction.Id, transaction.Time, transaction.Block, transaction.IsFailed ? TxMarks.Failed : TxMarks.None);
            Put(builder, transaction);
            PutEvents(builder, transaction);
        }

        foreach (var (asset, (symbol, decimals)) in _described.OrderBy(one => one.Key.Caip19, StringComparer.Ordinal)) builder.DescribeAsset(asset, symbol, decimals);
        Note(builder, transactions);
        return builder;
    }

    private void Put(AccountTableBuilder builder, TransactionRows transaction)
    {
        var native = AssetName.Native(chain);
        foreach (var row in transaction.InOrder)
        {
            var to = row.To ?? row.Contract;
            switch (row.List)
            {
                case EtherscanList.Transactions or EtherscanList.Internal:
                    if (row.MovesNative && !row.Amount.IsZero) builder.AddTransfer(row.From, to, native, row.Amount, row.Kind);
                    break;
                case var _ when row.From.IsZero:
                    builder.AddTransfer(null, to, AssetOf(row)!, row.Amount, TransferKind.Mint);
                    break;
                case var _ when to.IsZero:
                    builder.AddTransfer(row.From, null, AssetOf(row)!, row.Amount, TransferKind.Burn);
                    break;
                default:
                    builder.AddTransfer(row.From, to, AssetOf(row)!, row.Amount, TransferKind.Token);
                    break;
            }
        }

        if (transaction.Own is { Fee: { IsZero: false } fee } own) builder.AddTransfer(own.From, null, native, fee, TransferKind.Fee);
    }

    /// <summary>Its events in the order of the block, then its input where that is text, as a ledger from a node keeps them.</summary>
    private void PutEvents(AccountTableBuilder builder, TransactionRows transaction)
    {
        foreach (var one in _events.TryGetValue(transaction.Id, out var events) ? events.Values : [])
        {
            if (one.Block != transaction.Block)
            {
                Wrong.Add(transaction.Id, FormattableString.Invariant($"transaction 0x{transaction.Id} is said to be in block {transaction.Block}, and its event {one.Index} in block {one.Block}"));
                continue;
            }

            builder.AddEvent(one.Emitter, one.Topics, one.Data.AsSpan(0, Math.Min(one.Data.Length, EvmTransfers.MostData)));
        }

        if (transaction.Own is { Memo.Length: > 0 } own) builder.AddEvent(own.To ?? own.From, [], Convert.FromHexString(own.Memo));
    }

    private void Note(AccountTableBuilder builder, List<TransactionRows> transactions)
    {
        builder.AddNote("This is a case ledger: it holds what was fetched from an Etherscan-like server, whose word all of it is. Of addresses that were not asked for it holds only what passed between them and those that were.");
        builder.AddNote("Within a transaction come its own value, the calls it made, token transfers and the fee; how calls and token transfers lie among each other the server does not tell. Who was paid the fee it does not tell either.");
        var foreign = transactions.Count(one => one.Own is null);
        if (foreign > 0) builder.AddNote(FormattableString.Invariant($"{foreign} transactions were sent by addresses that were not asked for: their own value and fee are not held."));
        var unplaced = transactions.Count(one => one.Index is null);
        if (unplaced > 0) builder.AddNote(FormattableString.Invariant($"The places of {unplaced} transactions in their blocks are not told: they stand after the others of their block."));
        if (Wrong.All.Count > 0) builder.AddNote(FormattableString.Invariant($"{Wrong.All.Count} times the answers contradict each other; what contradicts is left out, and whose lists it stands in is not complete. The first: {Wrong.All[0]}"));
    }

    private AssetName? AssetOf(EtherscanRow row) => row.List switch
    {
        EtherscanList.Tokens => AssetName.Token(chain, row.Contract),
        EtherscanList.Unique => new AssetName(chain, AssetKind.Unique, row.Contract, row.Id),
        EtherscanList.Multi => new AssetName(chain, AssetKind.Multi, row.Contract, row.Id),
        _ => AssetName.Native(chain),
    };
}

/// <summary>Orders the paths of calls (<c>0_1_10</c>) and the places of events by their numbers; what is not told comes last.</summary>
internal sealed class StepOrder : IComparer<string>
{
    internal static readonly StepOrder Instance = new();

    public int Compare(string? left, string? right)
    {
        if (string.IsNullOrEmpty(left) || string.IsNullOrEmpty(right)) return string.IsNullOrEmpty(left).CompareTo(string.IsNullOrEmpty(right));
        string[] a = left.Split('_'), b = right.Split('_');
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            // Numbers without signs: the shorter is the smaller. Some servers write the places of events in hexadecimal digits.
            var (x, y) = (a[i].TrimStart('0'), b[i].TrimStart('0'));
            var order = x.Length != y.Length ? x.Length.CompareTo(y.Length) : string.CompareOrdinal(x, y);
            if (order != 0) return order;
        }

        return a.Length.CompareTo(b.Length);
    }
}
