namespace Haetae.Intel.Clusters;

/// <summary>What somebody did about a transaction that joins addresses.</summary>
public enum CutChange
{
    /// <summary>It joins nobody from now on.</summary>
    Cut,

    /// <summary>It joins again.</summary>
    TakenBack,
}

/// <summary>One fact about a transaction in clusters. Facts are only ever added; the latest about a transaction counts.</summary>
/// <param name="Chain">CAIP-2 name.</param>
/// <param name="TxId">Lower-case hex.</param>
/// <param name="Reason">In the analyst's words; null: none was given.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When it was written down, UTC.</param>
public sealed record ClusterCutFact(string Chain, string TxId, CutChange Change, string? Reason, string By, DateTimeOffset At);
