using Haetae.Ledger.Proofs;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Explorers;

/// <summary>Puts single transactions into the columns of a graph, and refuses those that cannot stand on one chain.</summary>
internal sealed class CaseColumns
{
    private readonly IReadOnlyList<CaseTransaction> _transactions;
    private readonly int _tipHeight;
    private readonly long[] _firstInput;
    private readonly long[] _firstOutput;
    private readonly long[] _fees;
    private readonly long[] _previous;
    private readonly long[] _values;
    private readonly uint[] _spenders;

    /// <param name="transactions">In chain order, each once, all in blocks.</param>
    /// <exception cref="CaseContradictionException">They contradict each other.</exception>
    internal CaseColumns(IReadOnlyList<CaseTransaction> transactions, int tipHeight)
    {
        (_transactions, _tipHeight) = (transactions, tipHeight);
        _firstInput = new long[transactions.Count + 2];
        _firstOutput = new long[transactions.Count + 2];
        _fees = new long[transactions.Count + 1];
        for (var i = 0; i < transactions.Count; i++)
        {
            Numbers.Add(transactions[i].Id, (uint)i + 1);
            _firstInput[i + 2] = _firstInput[i + 1] + transactions[i].Inputs.Count;
            _firstOutput[i + 2] = _firstOutput[i + 1] + transactions[i].Outputs.Count;
        }

        _previous = new long[_firstInput[^1]];
        _values = new long[_firstOutput[^1]];
        _spenders = new uint[_firstOutput[^1]];
        Known = new OutputKnowledge[_values.Length];
        for (var i = 0; i < transactions.Count; i++)
        {
            var output = _firstOutput[i + 1];
            foreach (var paid in transactions[i].Outputs) _values[output++] = paid.Value;
            Spend((uint)i + 1, transactions[i]);
        }
    }

    internal Dictionary<Hash256, uint> Numbers { get; } = [];

    internal OutputKnowledge[] Known { get; }

    internal Dictionary<long, SpendWord> Words { get; } = [];

    internal long OutsideInputs { get; private set; }

    internal long UnknownInputs { get; private set; }

    private void Spend(uint number, CaseTransaction transaction)
    {
        long brought = 0;
        var known = true;
        var input = _firstInput[number];
        foreach (var spent in transaction.Inputs)
        {
            if (!Numbers.TryGetValue(spent.Spent.TxId, out var maker))
            {
                OutsideInputs++;
                if (spent.Value is not { } told) (known, UnknownInputs) = (false, UnknownInputs + 1);
                else brought = Add(brought, told, transaction);
                _previous[input++] = OutputNum.NotHeld;
                continue;
            }

            var output = _firstOutput[maker] + spent.Spent.Vout;
            if (output >= _firstOutput[maker + 1L]) throw Contradiction(Blamed(transaction, maker), $"transaction {transaction.Id} spends {spent.Spent}, and that transaction has {_firstOutput[maker + 1L] - _firstOutput[maker]} outputs");
            if (maker >= number) throw Contradiction(Blamed(transaction, maker), $"transaction {transaction.Id} spends {spent.Spent}, which stands later on chain");
            if (_spenders[output] != 0) throw Contradiction(Blamed(transaction, _spenders[output]), $"{spent.Spent} is spent twice: by {_transactions[(int)_spenders[output] - 1].Id} and by {transaction.Id}");
            if (spent.Value is { } said && said != _values[output]) throw Contradiction(Blamed(transaction, maker), $"transaction {transaction.Id} is said to take {said} satoshi from {spent.Spent}, which holds {_values[output]}");
            _spenders[output] = number;
            Known[output] = OutputKnowledge.Spent;
            _previous[input++] = output;
            brought = Add(brought, _values[output], transaction);
        }

        if (transaction.IsCoinbase) return;
        var paid = transaction.Outputs.Sum(output => output.Value);
        if (known && brought < paid) throw Contradiction(transaction.Id, $"transaction {transaction.Id} pays {paid} satoshi and is said to take in {brought}");
        _fees[number] = known ? brought - paid : UtxoGraph.UnknownFee;
    }

    private static long Add(long brought, long more, CaseTransaction transaction) =>
        brought + more is <= Satoshi.Maximum and var sum ? sum : throw Contradiction(transaction.Id, $"transaction {transaction.Id} is said to take in more than 21 million coins");

    /// <summary>Takes in what a server said of the spenders of a transaction's outputs.</summary>
    internal void Say(Hash256 id, IReadOnlyList<SpendWord> words)
    {
        if (!Numbers.TryGetValue(id, out var number)) return;
        var first = _firstOutput[number];
        if (words.Count != _firstOutput[number + 1L] - first) throw Contradiction(id, $"spenders of {words.Count} outputs are told for transaction {id}, which has {_firstOutput[number + 1L] - first}");
        for (var i = 0; i < words.Count; i++)
        {
            var output = first + i;
            Words[output] = words[i];
            if (_spenders[output] != 0)
            {
                var spender = _transactions[(int)_spenders[output] - 1];
                var isLater = words[i].Spender is null && (words[i].AsOf is not { } asOf || spender.Height > asOf);
                if (words[i].Spender != spender.Id && !isLater) throw Contradiction(id, $"{id}:{i} is said to be {(words[i].Spender is { } other ? $"spent by {other}" : "unspent")}, and transaction {spender.Id} in block {spender.Height} spends it");
            }
            else if (words[i].Spender is { } named)
            {
                if (Numbers.ContainsKey(named)) throw Contradiction(id, $"{id}:{i} is said to be spent by {named}, which does not spend it");
                Known[output] = OutputKnowledge.SpenderNotFetched;
            }
            else
            {
                Known[output] = OutputKnowledge.Unspent;
            }
        }
    }

    /// <summary>Whoever has all that an address did knows that what it was paid and did not spend is unspent.</summary>
    internal void SayComplete(ReadOnlySpan<byte> script, int? upTo)
    {
        for (var number = 1; number <= _transactions.Count; number++)
        {
            var outputs = _transactions[number - 1].Outputs;
            for (var i = 0; i < outputs.Count; i++)
            {
                var output = _firstOutput[number] + i;
                if (Known[output] != OutputKnowledge.Unknown || !outputs[i].Script.AsSpan().SequenceEqual(script)) continue;
                Known[output] = OutputKnowledge.Unspent;
                Words[output] = new SpendWord(null, -1, upTo);
            }
        }
    }

    /// <summary>What begins with OP_RETURN nobody can ever spend, so nobody need be asked.</summary>
    internal void SayUnspendable()
    {
        for (var number = 1; number <= _transactions.Count; number++)
        {
            var outputs = _transactions[number - 1].Outputs;
            for (var i = 0; i < outputs.Count; i++)
                if (ScriptKey.Of(outputs[i].Script) == ScriptKey.Unspendable) Known[_firstOutput[number] + i] = OutputKnowledge.Unspent;
        }
    }

    internal UtxoGraph Graph(Func<long, long?> outside, out Column<Hash256> ids)
    {
        var first = _transactions.Count == 0 ? _tipHeight : _transactions[0].Height;
        var blocks = _tipHeight - first + 1;
        var firstTx = new uint[blocks + 1];
        var times = new uint[blocks];
        var next = 1;
        for (var block = 0; block < blocks; block++)
        {
            firstTx[block] = block == 0 ? 0 : (uint)next;
            // The time of a block without a transaction here is not known: that of the one before stands in, so that a day asked for cuts at the right place.
            times[block] = block == 0 ? 0 : times[block - 1];
            for (; next <= _transactions.Count && _transactions[next - 1].Height == first + block; next++) times[block] = _transactions[next - 1].Time;
        }

        firstTx[blocks] = (uint)_transactions.Count + 1;
        ids = Column<Hash256>.FromArray([default, .. _transactions.Select(transaction => transaction.Id)], out var a);
        return new UtxoGraph(
            first, Column<uint>.FromArray(firstTx, out var b), Column<uint>.FromArray(times, out var c),
            Packed40Column.FromArray(_firstInput, out var d), Packed40Column.FromArray(_firstOutput, out var e), Column<long>.FromArray(_fees, out var f),
            Packed40Column.FromArray(_previous, out var g), Column<long>.FromArray(_values, out var h), Column<uint>.FromArray(_spenders, out var i),
            a, b, c, d, e, f, g, h, i)
        {
            OutsideValues = outside,
        };
    }

    /// <summary>Of two transactions that cannot both stand, the one that is only a server's word; else the one that was looked at.</summary>
    private Hash256 Blamed(CaseTransaction transaction, uint other) =>
        transaction.IsProven && !_transactions[(int)other - 1].IsProven ? _transactions[(int)other - 1].Id : transaction.Id;

    private static CaseContradictionException Contradiction(Hash256 of, string what) => new(of, what);
}

/// <summary>Answers that cannot all be of one chain.</summary>
/// <param name="of">The transaction that is left out for it, or whose outputs' ends are.</param>
internal sealed class CaseContradictionException(Hash256 of, string what)
    : LedgerException($"The answers contradict each other: {what}. Ask anew with --refresh: a block may have been replaced since; if that does not help, a server is wrong.")
{
    internal Hash256 Of { get; } = of;

    internal string What { get; } = what;
}
