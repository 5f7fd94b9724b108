using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Explorers;

/// <summary>What a case ledger knows of how an output ends.</summary>
public enum OutputKnowledge : byte
{
    /// <summary>Nobody said whether it is spent: an open end.</summary>
    Unknown,

    /// <summary>Its spender is named and was not fetched: an open end.</summary>
    SpenderNotFetched,

    /// <summary>The source says that nothing in a block spent it.</summary>
    Unspent,

    /// <summary>Its spender is held.</summary>
    Spent,
}

/// <summary>The transactions that a case fetched, as a ledger: the graph among them in memory, and beside it what is not known.</summary>
/// <remarks>
/// What no transaction here spends is unspent only where a source said so; all else is an open end (<see cref="IsSpenderUnknown"/>). Number 0 is
/// taken by a transaction that does nothing, because the graph says 0 for "unspent". Unrelated transactions of one block whose places are not
/// told stand in the order of their ids.
/// </remarks>
public sealed class CaseLedger : ILedgerView
{
    /// <summary>No height is larger: some thousand years of blocks.</summary>
    internal const int MostBlocks = 10_000_000;

    private readonly CaseTransaction[] _transactions; // from number 1 on
    private readonly Dictionary<Hash256, uint> _numbers;
    private readonly OutputKnowledge[] _known;
    private readonly Dictionary<long, SpendWord> _words;
    private readonly Lazy<ILookup<ulong, long>> _byScript; // without what can never be spent
    private readonly object[] _owners;

    internal CaseLedger(BitcoinNetwork network, int tipHeight, Hash256 tipHash, CaseTransaction[] transactions, CaseColumns columns)
    {
        (Network, TipHeight, TipHash) = (network, tipHeight, tipHash);
        (_transactions, _numbers, _known, _words) = (transactions, columns.Numbers, columns.Known, columns.Words);
        Graph = columns.Graph(OutsideValue, out var ids);
        TxIds = ids;
        FirstHeight = Graph.FirstHeight;
        Metas = Column<TxMeta>.FromArray([default, .. transactions.Select(one => new TxMeta(one.Version ?? 0, one.LockTime ?? 0, 0, 0, 0))], out var metas);
        Sequences = Column<uint>.FromArray([.. transactions.SelectMany(one => one.Inputs).Select(input => input.Sequence)], out var sequences);
        ScriptKeys = Column<ulong>.FromArray([.. transactions.SelectMany(one => one.Outputs).Select(output => ScriptKey.Of(output.Script))], out var keys);
        _owners = [metas, sequences, keys];
        _byScript = new(() => Enumerable.Range(0, (int)Graph.OutputCount).Where(output => ScriptKeys[output] != ScriptKey.Unspendable).ToLookup(output => ScriptKeys[output], output => (long)output));
        Counts = new LedgerCounts
        {
            Blocks = Graph.BlockCount,
            Transactions = (uint)transactions.Length,
            Inputs = Graph.InputCount,
            Outputs = Graph.OutputCount,
            OutsideInputs = columns.OutsideInputs,
            UnknownInputs = columns.UnknownInputs,
        };
    }

    public UtxoGraph Graph { get; }

    public Column<Hash256> TxIds { get; }

    /// <summary>Version and lock time, 0 where not told; no sizes.</summary>
    public Column<TxMeta> Metas { get; }

    public Column<uint> Sequences { get; }

    public Column<ulong> ScriptKeys { get; }

    public BitcoinNetwork Network { get; }

    /// <summary>Height of the lowest block with a transaction here.</summary>
    public int FirstHeight { get; }

    /// <summary>The highest height that a source stated.</summary>
    public int TipHeight { get; }

    /// <summary>Of the block at the tip; all zeros where nobody told it.</summary>
    public Hash256 TipHash { get; }

    public LedgerCounts Counts { get; }

    /// <summary>How much is held of each address that was asked for, in the order of their texts. Of all others it is unknown.</summary>
    public IReadOnlyList<AddressCoverage> Coverage { get; init; } = [];

    /// <summary>What a reader must know about this ledger's quality. Plain sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What its answers say against each other, in sentences: left out of the graph, and said of the addresses concerned.</summary>
    public IReadOnlyList<string> Contradictions { get; init; } = [];

    /// <summary>SHA-256 that names the answers it was made from.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Transactions held, each once.</summary>
    public IReadOnlyList<CaseTransaction> Transactions => _transactions;

    /// <summary>A transaction as it was told.</summary>
    public CaseTransaction TransactionAt(uint number) => _transactions[number - 1];

    public OutputKnowledge KnowledgeOf(long output) => _known[output];

    /// <summary>What was said about an output's spender; null: nothing.</summary>
    public SpendWord? WordOn(long output) => _words.TryGetValue(output, out var word) ? word : null;

    public bool IsSpenderUnknown(long output) => _known[output] is OutputKnowledge.Unknown or OutputKnowledge.SpenderNotFetched;

    public long FindTransaction(Hash256 id) => _numbers.TryGetValue(id, out var number) ? number : -1;

    public byte[] ScriptOf(long output) => OutputAt(output).Script.ToArray();

    public List<long> FindOutputs(ReadOnlySpan<byte> script)
    {
        var found = new List<long>();
        foreach (var output in _byScript.Value[ScriptKey.Of(script)])
            if (OutputAt(output).Script.AsSpan().SequenceEqual(script)) found.Add(output);
        return found;
    }

    public OutsideOutput OutsideOf(long input)
    {
        var told = InputAt(input);
        return new OutsideOutput(told.Spent.TxId, told.Spent.Vout, told.Value, told.Script);
    }

    private long? OutsideValue(long input) => InputAt(input).Value;

    private CaseOutput OutputAt(long output)
    {
        var transaction = Graph.TransactionOf(output);
        return _transactions[transaction - 1].Outputs[(int)(output - Graph.FirstOutput[transaction])];
    }

    private CaseInput InputAt(long input)
    {
        int low = 1, high = _transactions.Length;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (Graph.FirstInput[middle + 1L] <= input) low = middle + 1;
            else high = middle;
        }

        return _transactions[low - 1].Inputs[(int)(input - Graph.FirstInput[low])];
    }

    /// <summary>Keeps the memory behind the columns alive at least until here.</summary>
    public void KeepAlive() => GC.KeepAlive(_owners);
}
