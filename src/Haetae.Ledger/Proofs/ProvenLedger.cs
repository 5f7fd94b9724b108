using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Proofs;

/// <summary>A graph of single transactions in chain order, in memory: who spends what among them, and nothing else of the chain.</summary>
/// <remarks>
/// A fee is known where all transactions that made the inputs are there. What no transaction here spends counts as unspent. Number 0 is
/// taken by a transaction that does nothing, because the graph says 0 for "unspent".
/// </remarks>
public sealed class ProvenLedger : ILedgerView
{
    private readonly IReadOnlyList<ProvenTransaction> _transactions;

    private readonly Dictionary<Hash256, uint> _numbers;
    private readonly object[] _owners; // of the columns' memory

    private ProvenLedger(ProvenChain chain, StatedLedger stated, IReadOnlyList<ProvenTransaction> transactions, Dictionary<Hash256, uint> numbers, UtxoGraph graph, Column<Hash256> ids)
    {
        Network = chain.Network;
        FirstHeight = stated.FirstHeight;
        TipHeight = chain.TipHeight;
        TipHash = chain.TipHash;
        Counts = new LedgerCounts { UnknownInputs = stated.UnknownInputs, WeakWorkBlocks = stated.WeakWorkBlocks };
        _numbers = numbers;
        _transactions = transactions;
        Graph = graph;
        TxIds = ids;
        Metas = Column<TxMeta>.FromArray([default, .. transactions.Select(MetaOf)], out var metas);
        Sequences = Column<uint>.FromArray([.. transactions.SelectMany(transaction => transaction.Transaction.Sequences)], out var sequences);
        ScriptKeys = Column<ulong>.FromArray(KeysOf(transactions), out var keys);
        _owners = [metas, sequences, keys];
    }

    public UtxoGraph Graph { get; }

    public Column<Hash256> TxIds { get; }

    public Column<TxMeta> Metas { get; }

    public Column<uint> Sequences { get; }

    public Column<ulong> ScriptKeys { get; }

    public BitcoinNetwork Network { get; }

    /// <summary>As it was stated: what lies before is no part of the ledger that was traced.</summary>
    public int FirstHeight { get; }

    public int TipHeight { get; }

    public Hash256 TipHash { get; }

    /// <summary>Only what was stated; the rest is 0.</summary>
    public LedgerCounts Counts { get; }

    /// <summary>Inputs whose transaction is there too: their values are proven.</summary>
    public long ProvenInputs { get; private init; }

    public byte[] ScriptOf(long output)
    {
        var transaction = Graph.TransactionOf(output);
        return _transactions[(int)transaction - 1].Transaction.ScriptOf((int)(output - Graph.FirstOutput[transaction])).ToArray();
    }

    public List<long> FindOutputs(ReadOnlySpan<byte> script)
    {
        var found = new List<long>();
        var key = ScriptKey.Of(script);
        for (long output = 0; key != ScriptKey.Unspendable && output < Graph.OutputCount; output++)
            if (ScriptKeys[output] == key && ScriptOf(output).AsSpan().SequenceEqual(script)) found.Add(output);
        return found;
    }

    /// <summary>The outpoint alone: its transaction is not there.</summary>
    public OutsideOutput OutsideOf(long input)
    {
        int low = 1, high = _transactions.Count;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (Graph.FirstInput[middle + 1L] <= input) low = middle + 1;
            else high = middle;
        }

        var spent = _transactions[low - 1].Transaction.Inputs[(int)(input - Graph.FirstInput[low])];
        return new OutsideOutput(spent.TxId, spent.Vout, null, null);
    }

    /// <summary>Keeps the memory behind the columns alive at least until here.</summary>
    public void KeepAlive() => GC.KeepAlive(_owners);

    /// <summary>The number of a transaction, or 0.</summary>
    public uint Find(Hash256 id) => _numbers.GetValueOrDefault(id);

    public long FindTransaction(Hash256 id) => _numbers.TryGetValue(id, out var number) ? number : -1;

    /// <param name="transactions">In chain order, all of blocks of the chain, each once.</param>
    /// <param name="wrong">Why these cannot stand together on a chain; else null.</param>
    public static ProvenLedger? Of(ProvenChain chain, IReadOnlyList<ProvenTransaction> transactions, StatedLedger stated, out string? wrong)
    {
        var numbers = new Dictionary<Hash256, uint>(transactions.Count);
        for (var i = 0; i < transactions.Count; i++) numbers.Add(transactions[i].Transaction.Id, (uint)i + 1);
        var columns = new Columns(chain, transactions, numbers);
        wrong = columns.Fill();
        if (wrong is not null) return null;
        var graph = columns.Graph(out var ids);
        return new ProvenLedger(chain, stated, transactions, numbers, graph, ids) { ProvenInputs = columns.Proven };
    }

    // Sizes and the place in the block are known only where the witness is.
    private static TxMeta MetaOf(ProvenTransaction proven) => new(proven.Transaction.Version, proven.Transaction.LockTime, 0, (uint)proven.Transaction.Bytes.Length, 0);

    private static ulong[] KeysOf(IReadOnlyList<ProvenTransaction> transactions)
    {
        var keys = new List<ulong>();
        foreach (var transaction in transactions)
            for (var o = 0; o < transaction.Transaction.Values.Count; o++) keys.Add(ScriptKey.Of(transaction.Transaction.ScriptOf(o)));
        return [.. keys];
    }

    private sealed class Columns
    {
        private readonly ProvenChain _chain;
        private readonly IReadOnlyList<ProvenTransaction> _transactions;
        private readonly Dictionary<Hash256, uint> _numbers;
        private readonly long[] _firstInput;
        private readonly long[] _firstOutput;
        private readonly long[] _fees;
        private readonly long[] _previous;
        private readonly long[] _values;
        private readonly uint[] _spenders;

        internal Columns(ProvenChain chain, IReadOnlyList<ProvenTransaction> transactions, Dictionary<Hash256, uint> numbers)
        {
            _chain = chain;
            _transactions = transactions;
            _numbers = numbers;
            _firstInput = new long[transactions.Count + 2];
            _firstOutput = new long[transactions.Count + 2];
            _fees = new long[transactions.Count + 1];
            for (var i = 0; i < transactions.Count; i++)
            {
                _firstInput[i + 2] = _firstInput[i + 1] + transactions[i].Transaction.Inputs.Count;
                _firstOutput[i + 2] = _firstOutput[i + 1] + transactions[i].Transaction.Values.Count;
            }

            _previous = new long[_firstInput[^1]];
            _values = new long[_firstOutput[^1]];
            _spenders = new uint[_firstOutput[^1]];
        }

        internal long Proven { get; private set; }

        internal string? Fill()
        {
            for (var i = 0; i < _transactions.Count; i++)
            {
                var transaction = _transactions[i].Transaction;
                var output = _firstOutput[i + 1];
                foreach (var value in transaction.Values) _values[output++] = value;
                if (Spend((uint)i + 1, transaction) is { } wrong) return wrong;
            }

            return null;
        }

        private string? Spend(uint number, BareTransaction transaction)
        {
            long brought = 0;
            var known = true;
            var input = _firstInput[number];
            foreach (var spent in transaction.Inputs)
            {
                if (!_numbers.TryGetValue(spent.TxId, out var maker))
                {
                    known = false;
                    _previous[input++] = OutputNum.NotHeld;
                    continue;
                }

                var output = _firstOutput[maker] + spent.Vout;
                if (output >= _firstOutput[maker + 1L]) return $"transaction {transaction.Id} spends {spent}, and that transaction has {_firstOutput[maker + 1L] - _firstOutput[maker]} outputs";
                if (maker >= number) return $"transaction {transaction.Id} spends {spent}, which stands later on chain";
                if (_spenders[output] != 0) return $"{spent} is spent twice: by {_transactions[(int)_spenders[output] - 1].Transaction.Id} and by {transaction.Id}";
                _spenders[output] = number;
                _previous[input++] = output;
                brought += _values[output];
                Proven++;
            }

            if (transaction.IsCoinbase) return null;
            var paid = transaction.Values.Sum();
            if (known && (brought < paid || brought > Satoshi.Maximum)) return $"transaction {transaction.Id} pays {paid} satoshi and takes in {brought}";
            _fees[number] = known ? brought - paid : UtxoGraph.UnknownFee;
            return null;
        }

        internal UtxoGraph Graph(out Column<Hash256> ids)
        {
            var first = _chain.LowestHeight;
            var blocks = _chain.TipHeight - first + 1;
            var firstTx = new uint[blocks + 1];
            var times = new uint[blocks];
            var next = 1;
            for (var block = 1; block <= blocks; block++)
            {
                while (next <= _transactions.Count && _transactions[next - 1].Height < first + block) next++;
                firstTx[block] = (uint)next;
            }

            foreach (var transaction in _transactions) times[transaction.Height - first] = _chain.HeaderAt(transaction.Height).Time;
            ids = Column<Hash256>.FromArray([default, .. _transactions.Select(transaction => transaction.Transaction.Id)], out var a);
            return new UtxoGraph(
                first, Column<uint>.FromArray(firstTx, out var b), Column<uint>.FromArray(times, out var c),
                Packed40Column.FromArray(_firstInput, out var d), Packed40Column.FromArray(_firstOutput, out var e), Column<long>.FromArray(_fees, out var f),
                Packed40Column.FromArray(_previous, out var g), Column<long>.FromArray(_values, out var h), Column<uint>.FromArray(_spenders, out var i),
                a, b, c, d, e, f, g, h, i);
        }
    }
}

/// <summary>What the ledger that was traced says of itself, and single transactions cannot prove.</summary>
/// <param name="UnknownInputs">Its inputs whose value is unknown.</param>
/// <param name="WeakWorkBlocks">Its blocks whose own target is easier than the network's limit.</param>
public readonly record struct StatedLedger(int FirstHeight, long UnknownInputs, int WeakWorkBlocks);
