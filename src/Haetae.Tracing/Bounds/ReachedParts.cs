namespace Haetae.Tracing.Bounds;

/// <summary>A <see cref="ReachedGraph"/> while it grows; members as there.</summary>
internal sealed class ReachedParts(int seeds)
{
    public List<uint> Transactions { get; } = [];

    public List<int> FirstEdge { get; } = [];

    public List<int> From { get; } = [];

    public List<int> To { get; } = [];

    public List<long> Capacity { get; } = [];

    public List<long> Carrier { get; } = [];

    public List<ReachedEnd> Ends { get; } = [new(ReachedEnd.Fees, default), new(ReachedEnd.Absorbed, default)];

    public int[] SeedTargets { get; } = new int[seeds];

    public bool IsTight { get; set; } = true;

    /// <summary>Begins the next node.</summary>
    public int AddNode(uint transaction)
    {
        Transactions.Add(transaction);
        FirstEdge.Add(To.Count);
        return Transactions.Count - 1;
    }

    /// <summary>Adds an edge to the last node; where it leads may be set later.</summary>
    public int AddEdge(int to, long capacity, long carrier)
    {
        From.Add(Transactions.Count - 1);
        To.Add(to);
        Capacity.Add(capacity);
        Carrier.Add(carrier);
        return To.Count - 1;
    }

    /// <summary>Adds an end; returns what <see cref="To"/> says of it.</summary>
    public int AddEnd(long output, EndReason reason)
    {
        Ends.Add(new ReachedEnd(output, reason));
        return ~(Ends.Count - 1);
    }
}
