using System.Globalization;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>Puts the tables of a folder together again: blocks with their transactions, receipts, events and calls, in the order of the chain.</summary>
/// <remarks>Any subset of the tables will do; what is missing is said by the ledger's notes. Memory: a block, and the rows that may stand out of order.</remarks>
public sealed class EtlSource
{
    private readonly EtlTables _tables;
    private readonly Dictionary<ulong, ulong> _times = [];

    public EtlSource(EtlTables tables) => _tables = tables;

    /// <summary>What is missing, for the ledger's notes.</summary>
    public IEnumerable<string> Missing
    {
        get
        {
            if (!_tables.Has(EtlKind.Transactions) && !_tables.Has(EtlKind.Traces)) yield return "Payments of coin are missing: there is no table of transactions, nor of traces.";
            if (!_tables.Has(EtlKind.Transactions)) yield return "Fees are missing: there is no table of transactions.";
            if (!_tables.Has(EtlKind.Logs) && !_tables.Has(EtlKind.TokenTransfers)) yield return "Transfers of tokens are missing: there is no table of logs, nor of token transfers.";
            else if (!_tables.Has(EtlKind.Logs)) yield return "Token transfers are of a table that does not tell ERC-20 from ERC-721: an amount may be the number of a unique token. Other events are missing.";
            if (!_tables.Has(EtlKind.Blocks)) yield return "Block hashes, tips to producers and withdrawals are missing: there is no table of blocks.";
        }
    }

    /// <summary>Every block that any table knows, rising.</summary>
    /// <exception cref="LedgerException">A row is not as it must be, or tables contradict each other; the message names file and line, or the block.</exception>
    public IEnumerable<EvmBlockActivity> Blocks()
    {
        using var blocks = new Cursor<EvmBlock>(Rows(EtlKind.Blocks, EtlReading.Block));
        using var transactions = new Cursor<(EvmTransaction Row, EvmReceipt? Within)>(Rows(EtlKind.Transactions, line => (EtlReading.Transaction(line), EtlReading.ReceiptWithin(line))));
        using var receipts = new Cursor<EvmReceipt>(Rows(EtlKind.Receipts, EtlReading.Receipt));
        using var logs = new Cursor<EvmLog>(Rows(EtlKind.Logs, EtlReading.Log));
        using var tokens = new Cursor<EtlTokenTransfer>(_tables.Has(EtlKind.Logs) ? [] : Rows(EtlKind.TokenTransfers, EtlReading.TokenTransfer));
        using var traces = new Cursor<EvmTrace>(Rows(EtlKind.Traces, EtlReading.Trace));
        EvmBlock? before = null;
        while (true)
        {
            var next = new[] { blocks.Block, transactions.Block, receipts.Block, logs.Block, tokens.Block, traces.Block }.Min() ?? ulong.MaxValue;
            if (next == ulong.MaxValue) yield break;
            var rows = new EtlBlockRows(_tables.Folder, next, _tables.Has(EtlKind.Transactions))
            {
                Blocks = blocks.Take(next),
                Transactions = transactions.Take(next),
                Receipts = receipts.Take(next),
                Logs = logs.Take(next),
                Tokens = tokens.Take(next),
                Traces = traces.Take(next),
            };
            if (_times.Remove(next, out var time)) rows.Time = time;
            var read = rows.Join();
            if (before is { } last && read.Block is { } now && now.Number == last.Number + 1 && now.ParentHash != last.Hash)
                throw new LedgerException(string.Create(CultureInfo.InvariantCulture, $"{_tables.Folder}: block {now.Number} does not follow block {last.Number}: the tables are of two branches of the chain. Export them anew."));
            before = read.Block;
            yield return read;
        }
    }

    private IEnumerable<(ulong, T)> Rows<T>(EtlKind kind, Func<EtlLine, T> read) => _tables.Rows(kind, read, (block, time) => _times[block] = time);

    /// <summary>The rows of one table, block by block.</summary>
    private sealed class Cursor<T> : IDisposable
    {
        private readonly IEnumerator<(ulong Block, T Row)> _rows;
        private bool _more;

        internal Cursor(IEnumerable<(ulong, T)> rows)
        {
            _rows = rows.GetEnumerator();
            _more = _rows.MoveNext();
        }

        internal ulong? Block => _more ? _rows.Current.Block : null;

        internal List<T> Take(ulong block)
        {
            var rows = new List<T>();
            for (; _more && _rows.Current.Block == block; _more = _rows.MoveNext()) rows.Add(_rows.Current.Row);
            return rows;
        }

        public void Dispose() => _rows.Dispose();
    }
}
