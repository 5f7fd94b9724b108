using Haetae.Ledger;

namespace Haetae.Tracing.Bounds;

/// <summary>Re-adds a <see cref="BoundProof"/> against the ledger's amounts and spends.</summary>
internal sealed class ProofCheck(ReachedGraph graph, BoundProof proof)
{
    private readonly UtxoGraph _ledger = graph.Graph;
    private readonly HashSet<int> _ends = [.. proof.Ends];
    private readonly Dictionary<long, int> _endOf = graph.Ends.Index().Where(end => end.Item.IsOutput).ToDictionary(end => end.Item.Output, end => end.Index);
    private readonly Dictionary<long, long> _started = [];
    private readonly Dictionary<long, long> _passed = [];

    public string? Fault()
    {
        if (Sum(proof.Ways.Select(way => way.Amount)) + proof.NotShown != proof.Most) return "the ways do not sum to the bound";
        return proof.Ways.Select(FaultOf).FirstOrDefault(fault => fault is not null) ?? FaultOfLoads() ?? FaultOfNarrowPlaces();
    }

    private string? FaultOf(TaintWay way)
    {
        if (way.Amount <= 0 || way.Steps.Count == 0) return "a way brings nothing";
        for (var i = 0; i < way.Steps.Count; i++)
        {
            var step = way.Steps[i];
            if (i == 0)
            {
                if (step.IsFee || graph.Seeds.StolenOf(step.Output) == 0) return "a way does not start at a stolen output";
                Add(_started, step.Carrier, way.Amount);
            }
            else
            {
                if (!Follows(way.Steps[i - 1], step)) return "a step does not follow from the one before";
                Add(_passed, step.Carrier, way.Amount);
            }

            var isLast = i == way.Steps.Count - 1;
            if (!isLast && !step.IsFee && _endOf.ContainsKey(step.Output)) return "a way goes on beyond an end";
            if (isLast && !(step.IsFee ? _ends.Contains(ReachedGraph.FeesEnd) : _endOf.TryGetValue(step.Output, out var end) && _ends.Contains(end))) return "a way does not lead into the set";
        }

        return null;
    }

    private bool Follows(WayStep before, WayStep step)
    {
        var made = step.IsFee ? step.FeeOf : _ledger.TransactionOf(step.Output);
        return made == (before.IsFee ? _ledger.BlockFirstTx[_ledger.BlockIndexOf(before.FeeOf)] : _ledger.SpenderOf(before.Output));
    }

    private string? FaultOfLoads()
    {
        foreach (var (output, amount) in _started)
        {
            if (amount > graph.Seeds.StolenOf(output)) return "ways take more from a seed than was stolen";
        }

        foreach (var (carrier, amount) in _passed)
        {
            if (amount > Passes(carrier)) return "ways put more through an output than it is worth";
        }

        return null;
    }

    private string? FaultOfNarrowPlaces()
    {
        if (Sum(proof.NarrowPlaces.Select(place => place.Amount)) != proof.Most) return "the narrow places do not sum to the bound";
        foreach (var place in proof.NarrowPlaces)
        {
            if (place.Amount < (place.IsStolenPart ? graph.Seeds.StolenOf(place.Carrier) : Passes(place.Carrier))) return "a narrow place lets more through than is said";
        }

        var closedSeeds = proof.NarrowPlaces.Where(place => place.IsStolenPart).Select(place => place.Carrier).ToHashSet();
        var closed = proof.NarrowPlaces.Where(place => !place.IsStolenPart).Select(place => place.Carrier).ToHashSet();
        var reached = new bool[graph.TransactionCount];
        foreach (var (seed, target) in graph.SeedTargets.Index())
        {
            if (!closedSeeds.Contains(graph.Seeds.OutputAt(seed)) && Reaches(target)) return "a seed lies in the set and is not counted";
        }

        for (var edge = 0; edge < graph.EdgeCount; edge++)
        {
            if (reached[graph.From[edge]] && !closed.Contains(graph.Carrier[edge]) && Reaches(graph.To[edge])) return "a way leads round the narrow places";
        }

        return null;

        bool Reaches(int target)
        {
            if (target < 0) return _ends.Contains(~target);
            reached[target] = true;
            return false;
        }
    }

    /// <summary>What an output lets through beside its stolen part, or what a transaction's fee is.</summary>
    private long Passes(long carrier)
    {
        if (carrier >= 0) return _ledger.Value[carrier] - graph.Seeds.StolenOf(carrier);
        var transaction = (uint)~carrier;
        return _ledger.BlockFirstTx[_ledger.BlockIndexOf(transaction)] == transaction ? graph.UnclaimedBy(transaction) : _ledger.Fee[transaction];
    }

    private static Int128 Sum(IEnumerable<long> amounts) => amounts.Aggregate((Int128)0, (sum, amount) => sum + amount);

    private static void Add(Dictionary<long, long> sums, long key, long amount) => sums[key] = sums.GetValueOrDefault(key) + amount;
}
