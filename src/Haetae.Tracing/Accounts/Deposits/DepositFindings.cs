namespace Haetae.Tracing.Accounts.Deposits;

/// <summary>Deposit addresses found, and the clusters of those who pay into them.</summary>
public sealed class DepositFindings
{
    private DepositFindings(DepositTerms terms, IReadOnlyList<DepositWitness> witnesses, IReadOnlyList<uint> crowdedDeposits, IReadOnlyList<uint> crowdedPayers, IReadOnlyList<DepositCluster> clusters) =>
        (Terms, Witnesses, CrowdedDeposits, CrowdedPayers, Clusters) = (terms, witnesses, crowdedDeposits, crowdedPayers, clusters);

    public DepositTerms Terms { get; }

    /// <summary>For each payer and deposit address the surest pair, those of crowds included; by deposit, then payer.</summary>
    public IReadOnlyList<DepositWitness> Witnesses { get; }

    /// <summary>Addresses with more payers than one customer has: they join nobody.</summary>
    public IReadOnlyList<uint> CrowdedDeposits { get; }

    /// <summary>Payers of more deposit addresses than one customer has: they join nobody.</summary>
    public IReadOnlyList<uint> CrowdedPayers { get; }

    /// <summary>In the order of their first payers.</summary>
    public IReadOnlyList<DepositCluster> Clusters { get; }

    /// <summary>The cluster of a payer or a deposit address; null: none.</summary>
    public DepositCluster? ClusterOf(uint account) => Clusters.FirstOrDefault(cluster => cluster.Payers.Contains(account) || cluster.Deposits.Contains(account));

    /// <summary>Why two accounts are in one cluster: a shortest chain of witnesses from one to the other; null: they are in none together.</summary>
    public IReadOnlyList<DepositWitness>? Way(uint from, uint to)
    {
        if (ClusterOf(from) is not { } cluster) return null;
        var ways = new Dictionary<uint, (uint Before, DepositWitness? Witness)> { [from] = (from, null) };
        var queue = new Queue<uint>([from]);
        while (queue.TryDequeue(out var at) && !ways.ContainsKey(to))
            foreach (var witness in cluster.Witnesses)
                if ((witness.Payer == at || witness.Deposit == at) && ways.TryAdd(witness.Payer == at ? witness.Deposit : witness.Payer, (at, witness))) queue.Enqueue(witness.Payer == at ? witness.Deposit : witness.Payer);
        if (!ways.ContainsKey(to)) return null;
        var way = new List<DepositWitness>();
        for (var at = to; at != from; at = ways[at].Before) way.Add(ways[at].Witness!);
        way.Reverse();
        return way;
    }

    internal static DepositFindings Of(DepositTerms terms, List<DepositWitness> found)
    {
        // A deposit address may itself pay into another one (two services in a row): as a payer it then stands for its own customer, which is not known to be the same.
        HashSet<uint> deposits = [.. found.Select(witness => witness.Deposit)];
        List<DepositWitness> witnesses = [.. found.Where(witness => !deposits.Contains(witness.Payer)).OrderBy(witness => witness.Deposit).ThenBy(witness => witness.Payer)];
        uint[] crowdedDeposits = [.. witnesses.GroupBy(witness => witness.Deposit).Where(group => group.Count() > terms.MostPayers).Select(group => group.Key).Order()];
        uint[] crowdedPayers = [.. witnesses.GroupBy(witness => witness.Payer).Where(group => group.Count() > terms.MostDeposits).Select(group => group.Key).Order()];
        HashSet<uint> crowds = [.. crowdedDeposits, .. crowdedPayers];
        return new DepositFindings(terms, witnesses, crowdedDeposits, crowdedPayers, Join([.. witnesses.Where(witness => !crowds.Contains(witness.Payer) && !crowds.Contains(witness.Deposit))]));
    }

    // Connected components over payers and deposit addresses.
    private static List<DepositCluster> Join(List<DepositWitness> witnesses)
    {
        var parents = new Dictionary<uint, uint>();
        foreach (var witness in witnesses)
        {
            uint one = Root(witness.Payer), other = Root(witness.Deposit);
            if (one != other) parents[Math.Max(one, other)] = Math.Min(one, other);
        }

        return [.. witnesses.GroupBy(witness => Root(witness.Payer)).Select(group => Cluster([.. group.OrderBy(witness => witness.Payer).ThenBy(witness => witness.Deposit)])).OrderBy(cluster => cluster.Payers[0])];

        uint Root(uint account)
        {
            while (parents.TryGetValue(account, out var parent))
            {
                if (parents.TryGetValue(parent, out var above)) parents[account] = above; // halves the way for the next
                account = parent;
            }

            return account;
        }
    }

    private static DepositCluster Cluster(List<DepositWitness> witnesses)
    {
        var surest = witnesses.GroupBy(witness => witness.Deposit).Select(group => (long)group.Max(witness => witness.Confidence)).ToList();
        return new DepositCluster([.. witnesses.Select(witness => witness.Payer).Distinct().Order()], [.. witnesses.Select(witness => witness.Deposit).Distinct().Order()], witnesses, (int)(surest.Sum() / surest.Count));
    }
}
