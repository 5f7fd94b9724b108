using System.Globalization;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Makes transactions of rows in order: those of one hash are one transaction, a row without hash is one by itself.</summary>
internal sealed class RowsIntoLedger(IAccountSink sink, IReadOnlyList<AssetName> assets, string path)
{
    private const int MostEqualTimes = 4_000_000;

    private static readonly List<int> s_first = [0];
    private readonly List<string> _assetTexts = []; // of the assets seen so far
    private readonly AssetName _native = AssetName.Native(sink.Chain);
    private readonly List<TransferRow> _equal = []; // rows of one time and block
    private readonly Dictionary<Hash256, List<int>> _byHash = [];
    private readonly Dictionary<RowSaying, long> _counts = [];

    private readonly record struct RowSaying(AccountAddress From, AccountAddress To, uint Asset, UInt256 Amount, RowHas Somebody);

    /// <summary>Rows whose time an earlier row has too.</summary>
    internal long EqualTimes { get; private set; }

    internal long WithoutHash { get; private set; }

    /// <summary>Rows that pay nobody that the table names, with value.</summary>
    internal long PayNobody { get; private set; }

    /// <summary>Rows of TRON with an address as the EVM writes it.</summary>
    internal long EvmForms { get; private set; }

    internal uint? FirstTime { get; private set; }

    internal uint LastTime { get; private set; }

    internal long Transactions { get; private set; }

    internal long Transfers { get; private set; }

    internal void Add(ReadOnlySpan<TransferRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if (_equal.Count > 0 && (_equal[0].Time != row.Time || _equal[0].Block != row.Block)) Finish();
            if (FirstTime is not null && LastTime == row.Time) EqualTimes++;
            FirstTime ??= row.Time;
            LastTime = row.Time;
            if ((row.Has & RowHas.EvmForm) != 0) EvmForms++;
            _equal.Add(row);
            if (_equal.Count > MostEqualTimes) throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{path}: more than {MostEqualTimes} rows have the time {row.Time}: the column is no time of transfers. Name another one with --map."));
        }
    }

    /// <summary>Puts in what is still waiting for rows of the same time.</summary>
    internal void Finish()
    {
        if (_equal.Count == 1)
        {
            Put(s_first);
        }
        else if (_equal.Count > 1)
        {
            PutEqual();
        }

        _equal.Clear();
    }

    private void PutEqual()
    {
        _byHash.Clear();
        _counts.Clear();
        var transactions = new List<List<int>>();
        for (var i = 0; i < _equal.Count; i++)
        {
            if ((_equal[i].Has & RowHas.Hash) == 0) transactions.Add([i]);
            else if (_byHash.TryGetValue(_equal[i].Hash, out var others)) others.Add(i);
            else transactions.Add(_byHash[_equal[i].Hash] = [i]);
        }

        foreach (var transaction in transactions) Put(transaction);
    }

    private void Put(List<int> places)
    {
        var first = _equal[places[0]];
        var marks = first.Block == AccountGraph.NoBlock ? TxMarks.NoBlock : TxMarks.None;
        foreach (var place in places)
            if ((_equal[place].Has & RowHas.Failed) != 0) marks |= TxMarks.Failed;
        var id = first.Hash;
        if ((first.Has & RowHas.Hash) == 0)
        {
            marks |= TxMarks.RowId;
            WithoutHash++;
            if (EqualBefore(first) is > 0 and var before) id = RowId.Of(sink.Chain, first, TextOf(first.Asset), before);
        }

        try
        {
            sink.AddTransaction(id, first.Time, first.Block, marks);
        }
        catch (ArgumentException wrong) // blocks that fall while times rise, or an id that came before
        {
            throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {first.Line}: {wrong.Message.Split(" (Parameter", 2)[0]} Nothing was stored."), wrong);
        }

        Transactions++;
        foreach (var place in places)
        {
            var row = _equal[place];
            if ((marks & TxMarks.Failed) != 0) continue; // what fails moves nothing
            var to = (row.Has & RowHas.To) != 0 ? row.To : (AccountAddress?)null;
            if (to is null && !row.Amount.IsZero && row.Kind is not ((byte)TransferKind.Burn or (byte)TransferKind.FeeBurnt or (byte)TransferKind.Fee)) PayNobody++;
            sink.AddTransfer((row.Has & RowHas.From) != 0 ? row.From : null, to, assets[(int)row.Asset], row.Amount, (TransferKind)row.Kind);
            Transfers++;
        }

        PutFee(places);
    }

    private void PutFee(List<int> places)
    {
        TransferRow? states = null;
        foreach (var place in places)
        {
            var row = _equal[place];
            if ((row.Has & RowHas.Fee) == 0) continue;
            if (states is { } other && other.Fee != row.Fee)
                throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {row.Line}: the transaction {row.Hash} has another fee than in line {other.Line}."));
            if (states is null || (row.Kind == (byte)TransferKind.External && states.Value.Kind != (byte)TransferKind.External)) states = row; // tokens may be moved by others than who pays
        }

        if (states is not { } paid || paid.Fee == 0 || (paid.Has & RowHas.From) == 0) return;
        sink.AddTransfer(paid.From, null, _native, paid.Fee, TransferKind.Fee);
        Transfers++;
    }

    private string TextOf(uint asset)
    {
        while (_assetTexts.Count <= asset) _assetTexts.Add(assets[_assetTexts.Count].Caip19);
        return _assetTexts[(int)asset];
    }

    private long EqualBefore(in TransferRow row)
    {
        if (_equal.Count == 1) return 0;
        var saying = new RowSaying(row.From, row.To, row.Asset, row.Amount, row.Has & (RowHas.From | RowHas.To));
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, saying, out _);
        return count++;
    }
}
