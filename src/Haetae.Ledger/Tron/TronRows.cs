using System.Globalization;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Tron;

/// <summary>
/// TRON as GraphSense's rows hold it: a folder with blocks.json, transactions.json, tx_fee.json and traces.json, JSON lines with hashes and addresses as base64, in any
/// order and any of them missing. Kept in memory: some 300 bytes a row.
/// </summary>
/// <remarks>
/// The rows tell neither a transaction's kind nor events. A transaction with a receiver moves its value as TRX; one without (stakes, votes, new witnesses) moves nothing
/// and pays. Blocks of the rows may have gaps, so no block is given to the ledger, only the numbers. Amounts of internal transfers stand in 32 bits with a sign: from
/// 2,147.483648 TRX on they are wrapped. Where one comes out negative nothing is moved and <see cref="Notes"/> tells of it; an amount that wrapped to a positive one cannot be told.
/// </remarks>
public sealed class TronRows
{
    private const int LongestLine = 1 << 20;

    private readonly SortedDictionary<uint, BlockRows> _blocks = [];
    private readonly Dictionary<Hash256, (UInt256 Fee, bool Failed)> _fees = [];

    private TronRows()
    {
    }

    public long BlockRowCount { get; private set; }

    public long TransactionRowCount { get; private set; }

    public long FeeRowCount => _fees.Count;

    public long TraceRowCount { get; private set; }

    /// <summary>Internal transfers whose amount is lost.</summary>
    public long LostAmounts { get; private set; }

    /// <summary>What readers of a ledger made of these rows must know.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            yield return TronBlocks.Note;
            yield return "TRON rows: they hold no events, so transfers of TRC-20 tokens are missing; and no kinds of transactions, so a transfer of a TRC-10 token would stand as one of TRX.";
            if (TraceRowCount > 0) yield return string.Create(CultureInfo.InvariantCulture, $"TRON rows: amounts of internal transfers were stored in 32 bits; {LostAmounts:#,0} came out negative and are left out, and others may lack a multiple of 4,294.967296 TRX.");
            var orphans = _blocks.Values.Sum(block => block.Transactions.Values.Count(transaction => transaction.Row is null));
            if (orphans > 0) yield return string.Create(CultureInfo.InvariantCulture, $"TRON rows: of {orphans:#,0} transactions only the internal transfers are there: neither their own value nor their fee.");
        }
    }

    /// <exception cref="LedgerException">A row cannot be read: file and line are named.</exception>
    public static TronRows Read(string folder, CancellationToken cancel = default)
    {
        var rows = new TronRows();
        var met = 0;
        foreach (var (name, take) in new (string, Action<Row>)[] { ("blocks.json", rows.AddBlock), ("tx_fee.json", rows.AddFee), ("transactions.json", rows.AddTransaction), ("traces.json", rows.AddTrace) })
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            met++;
            ReadFile(path, take, cancel);
        }

        return met > 0 ? rows : throw new LedgerException($"{folder} holds none of blocks.json, transactions.json, tx_fee.json and traces.json.");
    }

    /// <summary>Blocks with transactions, rising; those in <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <exception cref="LedgerException">Of a block with transactions no time is told.</exception>
    public IEnumerable<TronBlock> Blocks(uint from = 0, uint to = uint.MaxValue)
    {
        foreach (var (number, rows) in _blocks)
        {
            if (number < from || number > to || rows.Transactions.Count == 0) continue;
            if (rows.Time is not { } time) throw new LedgerException($"Block {number}: no row tells its time. Add its row to blocks.json.");
            var transactions = rows.Transactions.OrderBy(one => one.Value.Place).ThenBy(one => one.Value.Order).Select(one => Transaction(one.Key, one.Value));
            yield return new TronBlock(number, rows.Hash, rows.Parent, time, [.. transactions]);
        }
    }

    /// <summary>Writes all of it into a ledger.</summary>
    public void AddTo(IAccountSink sink, uint from = 0, uint to = uint.MaxValue, CancellationToken cancel = default)
    {
        if (sink.Chain.Family != ChainFamily.Tron) throw new LedgerException($"The ledger is of {sink.Chain.Title}, not of TRON.");
        foreach (var note in Notes) sink.AddNote(note);
        foreach (var block in Blocks(from, to))
        {
            cancel.ThrowIfCancellationRequested();
            TronBlocks.AddTo(sink, block, chained: false);
        }
    }

    private TronTransaction Transaction(Hash256 id, TransactionRows rows)
    {
        var fee = _fees.GetValueOrDefault(id);
        var failed = fee.Failed || rows.Row is { Failed: true };
        var moves = new List<TronMove>();
        if (!failed)
        {
            if (rows.Row is { To: { } to } row) moves.Add(new TronMove(row.From, to, AssetName.Native(ChainName.Tron), row.Value, TransferKind.External));
            moves.AddRange(rows.Traces.OrderBy(trace => trace.Index).Select(trace => trace.Move));
        }

        return new TronTransaction(id, failed, rows.Row?.From, fee.Fee, moves, []);
    }

    private void AddBlock(Row row)
    {
        BlockRowCount++;
        var block = BlockOf(row);
        (block.Hash, block.Parent, block.Time) = (row.Hash("blockHash"), row.Hash("parentHash"), row.Time("timestamp"));
    }

    private void AddFee(Row row) => _fees[row.Hash("txHash")] = (row.Number("fee"), row.Number("result") != 0);

    private void AddTransaction(Row row)
    {
        TransactionRowCount++;
        var block = BlockOf(row);
        block.Hash = row.Hash("blockHash");
        block.Time ??= row.Time("blockTimestamp");
        var transaction = block.Of(row.Hash("txHash"), row.Number("transactionIndex"));
        transaction.Row = (row.Address("fromAddress"), row.Optional("toAddress"), row.Number("value"), row.Number("receiptStatus") == 0);
    }

    private void AddTrace(Row row)
    {
        TraceRowCount++;
        var transaction = BlockOf(row).Of(row.Hash("txHash"), row.Number("internalIndex"));
        var value = row.Signed("callValue");
        if (row.Truth("rejected") || value == 0 || TronInternals.KindOf(row.Text("note")) is not { } kind) return;
        if (value < 0) LostAmounts++;
        else transaction.Traces.Add((row.Number("traceIndex"), new TronMove(row.Address("callerAddress"), row.Address("transfertoAddress"), AssetName.Native(ChainName.Tron), (ulong)value, kind)));
    }

    private BlockRows BlockOf(Row row)
    {
        var number = row.Number("blockId");
        if (number > int.MaxValue) throw new LedgerException("'blockId' is too large for a block");
        if (!_blocks.TryGetValue((uint)number, out var block)) _blocks[(uint)number] = block = new BlockRows();
        return block;
    }

    private static void ReadFile(string path, Action<Row> take, CancellationToken cancel)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            cancel.ThrowIfCancellationRequested();
            if (text.Length == 0) continue;
            try
            {
                if (text.Length > LongestLine) throw new LedgerException($"over {LongestLine} characters long");
                using var document = JsonDocument.Parse(text);
                take(new Row(document.RootElement));
            }
            catch (Exception wrong) when (wrong is LedgerException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
            {
                throw new LedgerException($"{path}, line {line}: {wrong.Message}", wrong);
            }
        }
    }

    private sealed class BlockRows
    {
        internal Hash256 Hash { get; set; }

        internal Hash256 Parent { get; set; }

        internal uint? Time { get; set; }

        internal Dictionary<Hash256, TransactionRows> Transactions { get; } = [];

        internal TransactionRows Of(Hash256 id, ulong place)
        {
            if (!Transactions.TryGetValue(id, out var rows)) Transactions[id] = rows = new TransactionRows(place, Transactions.Count);
            return rows;
        }
    }

    private sealed class TransactionRows(ulong place, int order)
    {
        internal ulong Place { get; } = place;

        internal int Order { get; } = order;

        internal (AccountAddress From, AccountAddress? To, UInt256 Value, bool Failed)? Row { get; set; }

        internal List<(ulong Index, TronMove Move)> Traces { get; } = [];
    }

    // One row; what is wrong is told without the place, which the caller knows.
    private readonly struct Row(JsonElement row)
    {
        internal string Text(string name) => row.GetProperty(name).GetString() ?? "";

        internal bool Truth(string name) => row.GetProperty(name).GetBoolean();

        internal ulong Number(string name) => row.GetProperty(name).TryGetUInt64(out var number) ? number : throw new LedgerException($"'{name}' is no whole number of 0 or more");

        internal long Signed(string name) => row.GetProperty(name).TryGetInt64(out var number) ? number : throw new LedgerException($"'{name}' is no whole number of 64 bits");

        internal uint Time(string name) => Number(name) is <= uint.MaxValue and var time ? (uint)time : throw new LedgerException($"'{name}' lies beyond the year 2106");

        internal Hash256 Hash(string name)
        {
            var bytes = row.GetProperty(name).GetBytesFromBase64();
            return bytes.Length == Hash256.Size ? Hash256.Parse(Convert.ToHexStringLower(bytes)) : throw new LedgerException($"'{name}' has {bytes.Length} bytes, not {Hash256.Size}");
        }

        internal AccountAddress Address(string name) => new(row.GetProperty(name).GetBytesFromBase64());

        internal AccountAddress? Optional(string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetBytesFromBase64() is { Length: > 0 } ? Address(name) : null;
    }
}
