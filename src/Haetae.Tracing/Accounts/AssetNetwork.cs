using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>Where taint can end: what a bound is asked about.</summary>
/// <param name="Account">Where; null: at nobody's, as a fee, burnt or back at a seed.</param>
/// <param name="From">Who paid it there; null where it lies on a followed account.</param>
/// <param name="IsFee">Whether it was paid for execution.</param>
internal readonly record struct NetworkEnd(uint? Account, uint? From, bool IsFee = false);

/// <summary>Money that enters a network: a seed, of one amount, or something received in an exchange, of which only limits are known.</summary>
internal sealed class NetworkSource(int node, UInt256 least, UInt256 most)
{
    public int Node => node;

    public UInt256 Least { get; set; } = least;

    public UInt256 Most { get; set; } = most;
}

/// <summary>One asset's money over all accounts that taint can reach: a node is an account between two receipts that follow payments.</summary>
/// <remarks>
/// Edges: what an account held before such a receipt, from its node to its next one; a payment, with its amount; what it holds in the end. Receipts that follow each other,
/// and payments that do, need no node of their own: that taint fits into the balance before the first of the receipts, or after the last of the
/// payments, says that it fits in between. Edges only lead to nodes with a later last receipt.
/// </remarks>
internal sealed class AssetNetwork
{
    public List<int> LastReceipt { get; } = [];

    /// <summary>To: a node, or the complement of an end's index.</summary>
    public List<(int From, int To, UInt256 Capacity)> Edges { get; } = [];

    public List<NetworkEnd> Ends { get; } = [];

    public List<NetworkSource> Sources { get; } = [];

    /// <summary>Whether all that enters is known to the unit.</summary>
    public bool IsTight { get; set; } = true;

    public int AddNode(int step)
    {
        LastReceipt.Add(step);
        return LastReceipt.Count - 1;
    }

    public void AddEdge(int from, int to, UInt256 capacity)
    {
        if (!capacity.IsZero) Edges.Add((from, to, capacity));
    }

    /// <returns>The end's index.</returns>
    public int AddEnd(int from, UInt256 capacity, NetworkEnd end)
    {
        Ends.Add(end);
        AddEdge(from, ~(Ends.Count - 1), capacity);
        return Ends.Count - 1;
    }
}
