using Haetae.Ledger;

namespace Haetae.Tracing.Clusters;

/// <summary>A transaction that spends from two addresses at once.</summary>
/// <param name="Transaction">Its number.</param>
/// <param name="One">The input, by number, that spends from the first address.</param>
/// <param name="Other">The input that spends from the second.</param>
public readonly record struct CoSpendWitness(uint Transaction, long One, long Other);

/// <summary>An address reached from another by transactions that spend from both.</summary>
/// <param name="Output">An output whose script is the address.</param>
/// <param name="Steps">How many transactions lie between; 0 for the address asked for.</param>
public readonly record struct CoSpendMember(long Output, int Steps);

/// <summary>Goes through a cluster from one address outward, breadth first, straight on the ledger: nothing need have been built before.</summary>
/// <param name="ledger">Where spends are looked up.</param>
/// <param name="guard">Which CoinJoins join nobody.</param>
/// <param name="cuts">Numbers of transactions that join nobody because an analyst cut them.</param>
/// <remarks>
/// Contract: two addresses are joined by each transaction that spends from both and that the guard does not leave out, as in <see cref="CoSpendClusters"/>;
/// members come in order of their distance, and the first way found to one is a shortest. Ways of equal length: the earlier transaction wins.
/// Cost: every spend of every member is looked at once. Scripts are told apart by their 64-bit keys on the way; whoever shows a way compares whole scripts.
/// </remarks>
public sealed class CoSpendSearch(BitcoinLedger ledger, CoinJoinGuard guard, IReadOnlySet<uint>? cuts = null)
{
    private readonly Dictionary<ulong, (long Parent, CoSpendWitness Witness)> _ways = [];
    private readonly HashSet<uint> _seen = [];
    private readonly List<uint> _cutsMet = [];
    private readonly GuardScan _guard = new(ledger, guard);
    private readonly AddressSpends _spends = new(ledger);

    /// <summary>Transactions looked at so far.</summary>
    public int Transactions => _seen.Count;

    /// <summary>Transactions that the guard left out on the way.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Transactions met on the way that join nobody because they were cut.</summary>
    public IReadOnlyList<uint> CutsMet => _cutsMet;

    /// <summary>The cluster of a script, the script itself first. Stops after so many transactions; <see cref="IsComplete"/> says whether that cut it short.</summary>
    public IEnumerable<CoSpendMember> Walk(byte[] script, int mostTransactions, CancellationToken cancel = default)
    {
        IsComplete = true;
        if (ledger.FindOutputs(script) is not [var first, ..]) yield break;
        var queue = new Queue<CoSpendMember>();
        _ways[ledger.ScriptKeys[first]] = (-1, default);
        queue.Enqueue(new CoSpendMember(first, 0));
        while (queue.TryDequeue(out var member))
        {
            cancel.ThrowIfCancellationRequested();
            yield return member;
            foreach (var transaction in SpendersOf(member.Output))
            {
                if (_seen.Contains(transaction)) continue;
                if (_seen.Count >= mostTransactions)
                {
                    IsComplete = false;
                    continue;
                }

                _seen.Add(transaction);
                if (cuts is not null && cuts.Contains(transaction)) _cutsMet.Add(transaction);
                else if (_guard.LeavesOut(transaction)) LeftOut++;
                else Meet(transaction, member, queue);
            }
        }
    }

    /// <summary>False when the limit kept transactions from being looked at: what was not reached may belong to the cluster all the same.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The witnesses from the script walked from to a member that was reached, in order.</summary>
    public IReadOnlyList<CoSpendWitness> WayTo(long output)
    {
        var way = new List<CoSpendWitness>();
        for (var at = output; _ways.TryGetValue(ledger.ScriptKeys[at], out var step) && step.Parent >= 0; at = step.Parent) way.Add(step.Witness);
        way.Reverse();
        return way;
    }

    private IReadOnlyList<uint> SpendersOf(long output) => _spends.Of(ledger.ScriptOf(output), ledger.ScriptKeys[output]);

    private void Meet(uint transaction, CoSpendMember member, Queue<CoSpendMember> queue)
    {
        var graph = ledger.Graph;
        long first = graph.FirstInput[transaction], end = graph.FirstInput[transaction + 1L];
        var mine = -1L;
        for (var input = first; input < end && mine < 0; input++)
            if (ledger.InputScriptKey(input) == ledger.ScriptKeys[member.Output]) mine = input;
        for (var input = first; input < end; input++)
        {
            if (OutputOf(input) is not { } output || !_ways.TryAdd(ledger.InputScriptKey(input), (member.Output, new CoSpendWitness(transaction, mine, input)))) continue;
            queue.Enqueue(new CoSpendMember(output, member.Steps + 1));
        }
    }

    // What was paid before the ledger's first block is an address of this ledger if its script is known and paid later on.
    private long? OutputOf(long input) =>
        ledger.Graph.Previous[input] is var previous && previous != OutputNum.NotHeld ? previous
        : ledger.OutsideOf(input).Script is { } script && ledger.FindOutputs(script) is [var output, ..] ? output
        : null;
}
