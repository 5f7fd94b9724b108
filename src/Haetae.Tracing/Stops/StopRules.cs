namespace Haetae.Tracing.Stops;

/// <summary>At what a trace stops, and which stops an analyst has overridden.</summary>
public sealed record StopRules
{
    /// <summary>Services and CoinJoins, as every trace should.</summary>
    public static StopRules Usual { get; } = new() { Services = true, CoinJoins = true };

    /// <summary>Nothing but what the ledger does not know.</summary>
    public static StopRules None { get; } = new();

    /// <summary>Stop where an address belongs to a service, by its own tag or its cluster's.</summary>
    public bool Services { get; init; }

    /// <summary>Stop at transactions that a CoinJoin rule names.</summary>
    public bool CoinJoins { get; init; }

    /// <summary>CoinJoins that are followed through all the same, by transaction number.</summary>
    public IReadOnlySet<uint> ThroughTransactions { get; init; } = new HashSet<uint>();

    /// <summary>Services that are followed through all the same, by <see cref="Entity.Key"/> or <see cref="Entity.Name"/>.</summary>
    public IReadOnlySet<string> ThroughEntities { get; init; } = new HashSet<string>();

    /// <summary>Scripts that are followed through all the same, by the ledger's script key.</summary>
    public IReadOnlySet<ulong> ThroughScripts { get; init; } = new HashSet<ulong>();

    /// <summary>Services that stop only at the addresses which are tagged themselves, by <see cref="Entity.Key"/>.</summary>
    public IReadOnlySet<string> WithoutClusters { get; init; } = new HashSet<string>();

    /// <summary>The rules without one stop.</summary>
    public StopRules Without(uint transaction) => this with { ThroughTransactions = new HashSet<uint>(ThroughTransactions) { transaction } };

    /// <inheritdoc cref="Without(uint)"/>
    public StopRules Without(string entity) => this with { ThroughEntities = new HashSet<string>(ThroughEntities) { entity } };

    /// <summary>The rules without what clusters add to one service.</summary>
    public StopRules WithoutClusterOf(string entity) => this with { WithoutClusters = new HashSet<string>(WithoutClusters) { entity } };
}
