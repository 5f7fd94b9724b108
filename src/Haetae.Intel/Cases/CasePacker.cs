using Haetae.Ledger;
using Haetae.Ledger.Proofs;
using Haetae.Tracing.Reports;

namespace Haetae.Intel.Cases;

/// <summary>Puts a case and all that its traces rest on into one file.</summary>
/// <remarks>
/// Put in are: the transactions of the stolen outputs and all that were followed; of each followed one every transaction it spends from, so
/// that each amount follows from bytes; and of each end that is spent, the spender. With each goes its Merkle branch.
/// </remarks>
public sealed class CasePacker(BitcoinLedger ledger, BlockBytes source, Action<string, double>? progress, CancellationToken cancel)
{
    /// <summary>So many headers, 4 MB, are put in without asking whether they are needed: a chain in one piece proves more than single headers.</summary>
    private const int CheapHeaders = 50_000;

    private readonly UtxoGraph _graph = ledger.Graph;
    private readonly HashSet<uint> _complete = [];

    /// <param name="reports">The results of the standing traces, in their order.</param>
    /// <exception cref="IntelException">Something a pack rests on is not to be had.</exception>
    public byte[] Pack(CaseDocument document, IReadOnlyList<TraceReport> reports)
    {
        var wanted = Wanted(reports);
        var transactions = Read(wanted);
        var lowestSeed = reports.SelectMany(report => report.Seeds).Min(seed => seed.Height);
        var sections = new List<(string, byte[])>
        {
            (CaseVerifier.CaseSection, CaseJson.Write(document)),
            (ChainSections.Headers, ChainSections.Write(Runs(transactions, lowestSeed))),
            (ChainSections.Transactions, ChainSections.Write(transactions)),
        };
        for (var i = 0; i < reports.Count; i++)
        {
            using var stream = new MemoryStream();
            TraceJson.Write(reports[i], stream);
            sections.Add((CaseVerifier.TraceSection(i), stream.ToArray()));
        }

        return PackFile.Write(sections);
    }

    private SortedSet<uint> Wanted(IReadOnlyList<TraceReport> reports)
    {
        var wanted = new SortedSet<uint>();
        foreach (var report in reports)
        {
            if (report.Parameters.FeeRule != "drop") throw new IntelException($"A trace with the fee rule '{report.Parameters.FeeRule}' rests on the fees of whole blocks, which a pack does not hold. Add one with the rule 'drop'.");
            if (report.Parameters is { Sensitivity: > 0 } or { Thefts.Count: > 0 }) throw new IntelException("A pack holds traces of one theft each, and none that was tried without its assumptions.");
            foreach (var seed in report.Seeds) wanted.Add(NumberOf(seed.TxId));
            foreach (var result in report.Results)
            {
                foreach (var end in result.Ends) AddSpender(wanted, end);
                foreach (var followed in result.Spends.Select(spend => spend.SpentBy).Distinct(StringComparer.Ordinal)) AddWithParents(wanted, NumberOf(followed));
                cancel.ThrowIfCancellationRequested();
            }
        }

        return wanted;
    }

    /// <summary>The spender of an end, and whatever it takes to judge whether it is a CoinJoin, where the trace asked that.</summary>
    private void AddSpender(SortedSet<uint> wanted, TraceEnd end)
    {
        if (end.SpentBy is null) return;
        if (end.Reason is "until" or "service") wanted.Add(NumberOf(end.SpentBy));
        else AddWithParents(wanted, NumberOf(end.SpentBy));
    }

    private void AddWithParents(SortedSet<uint> wanted, uint transaction)
    {
        if (!_complete.Add(transaction)) return;
        wanted.Add(transaction);
        for (var input = _graph.FirstInput[transaction]; input < _graph.FirstInput[transaction + 1L]; input++)
        {
            var output = _graph.Previous[input];
            if (output != OutputNum.NotHeld) wanted.Add(_graph.TransactionOf(output));
            else if (_graph.Fee[transaction] != UtxoGraph.UnknownFee)
                throw new IntelException(
                    $"Transaction {ledger.TxIds[transaction]} spends {ledger.OutsideOf(input).TxId}:{ledger.OutsideOf(input).Vout} from before the ledger's first block ({ledger.FirstHeight}): its value was told by an undo file or a node, and no transaction of this ledger proves it. Make the pack from a ledger that begins earlier.");
        }
    }

    private uint NumberOf(string id) => ledger.FindTransaction(Hash256.Parse(id)) is >= 0 and var number ? (uint)number : throw new LedgerCorruptException($"Transaction {id} of the trace is not found in the ledger. Run 'haetae ledger verify'.");

    private List<ProvenTransaction> Read(SortedSet<uint> wanted)
    {
        var transactions = new List<ProvenTransaction>(wanted.Count);
        foreach (var block in wanted.GroupBy(_graph.BlockIndexOf))
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Invoke("reading transactions", (double)transactions.Count / wanted.Count);
            var first = _graph.BlockFirstTx[block.Key];
            var ids = ledger.TxIds.Slice(first, (int)(_graph.BlockFirstTx[block.Key + 1L] - first));
            var numbers = block.ToList();
            var branches = MerkleBranch.Of(ids, [.. numbers.Select(number => (int)(number - first))]);
            var raw = source.Read(ledger.BlockHashes[block.Key], [.. numbers.Select(number => ledger.Metas[number])], cancel);
            for (var i = 0; i < numbers.Count; i++)
            {
                var bare = BareTransaction.Read(BareTransaction.WithoutWitness(raw[i]), out var wrong);
                if (bare is null || bare.Id != ledger.TxIds[numbers[i]])
                    throw new IntelException($"{source.Name}: where transaction {ledger.TxIds[numbers[i]]} of block {ledger.BlockHashes[block.Key]} must lie, there is {(bare is null ? $"something else ({wrong})" : bare.Id)}.");
                transactions.Add(new ProvenTransaction(ledger.FirstHeight + block.Key, numbers[i] - first, branches[i], bare));
            }
        }

        return transactions;
    }

    /// <summary>The headers of all blocks used; up to the tip in one piece from as low as is cheap, at least from the first theft on.</summary>
    private List<HeaderRun> Runs(List<ProvenTransaction> transactions, int lowestSeed)
    {
        int[] starts = [ledger.FirstHeight, transactions[0].Height];
        var whole = starts.Where(start => ledger.TipHeight - start < CheapHeaders).DefaultIfEmpty(lowestSeed).First();
        var runs = new List<HeaderRun>();
        var last = int.MinValue;
        foreach (var height in transactions.Select(transaction => transaction.Height).Where(height => height < whole).Distinct())
        {
            if (height == last + 1) runs[^1] = Run(runs[^1].FirstHeight, runs[^1].Count + 1);
            else runs.Add(Run(height, 1));
            last = height;
        }

        if (runs is [.., var before] && before.LastHeight + 1 == whole)
        {
            runs.RemoveAt(runs.Count - 1);
            whole = before.FirstHeight;
        }

        runs.Add(Run(whole, ledger.TipHeight - whole + 1));
        return runs;
    }

    private HeaderRun Run(int first, int count) =>
        new(first, ledger.BlockHeaders.Slice((long)BlockHeader.Size * (first - ledger.FirstHeight), BlockHeader.Size * count).ToArray());
}
