using System.Collections.Concurrent;
using Haetae.Ledger;

namespace Haetae.Tracing.Stops;

/// <summary>The stops of a Bitcoin ledger: services by tag, CoinJoins by rule, and where a case has fetched no further.</summary>
/// <remarks>Each transaction is judged once and remembered. One instance serves every policy of a trace.</remarks>
public sealed class LedgerStops : ITraceStops
{
    private readonly ILedgerView _ledger;
    private readonly EntityBook? _entities;
    private readonly ConcurrentDictionary<uint, CoinJoinVerdict?> _judged;

    /// <param name="entities">Who is said to be behind addresses; null: nothing is said of any.</param>
    public LedgerStops(ILedgerView ledger, EntityBook? entities, StopRules rules) : this(ledger, entities, rules, new())
    {
    }

    private LedgerStops(ILedgerView ledger, EntityBook? entities, StopRules rules, ConcurrentDictionary<uint, CoinJoinVerdict?> judged) =>
        (_ledger, _entities, Rules, _judged) = (ledger, entities, rules, judged);

    public StopRules Rules { get; }

    /// <summary>The same stops under other rules; what was judged is kept.</summary>
    public LedgerStops Under(StopRules rules) => new(_ledger, _entities, rules, _judged);

    public EndReason? At(long output, uint spender)
    {
        if (Rules.Services && ServiceOf(output) is not null) return EndReason.Service;
        if (spender == 0 && _ledger.IsSpenderUnknown(output)) return EndReason.NotFetched;
        return Rules.CoinJoins && spender != 0 && CoinJoinOf(spender) is not null && !Rules.ThroughTransactions.Contains(spender) ? EndReason.CoinJoin : null;
    }

    /// <summary>The service that an output pays and that the rules stop at; null: none.</summary>
    public Entity? ServiceOf(long output) =>
        EntityOf(output) is { IsService: true } entity && !(entity.Via == EntityVia.Cluster && Rules.WithoutClusters.Contains(entity.Key))
            && !Rules.ThroughEntities.Contains(entity.Key) && !Rules.ThroughEntities.Contains(entity.Name)
            && !(Rules.ThroughScripts.Count > 0 && Rules.ThroughScripts.Contains(_ledger.ScriptKeys[output])) ? entity : null;

    /// <summary>Who is said to be behind an output's address, service or not.</summary>
    public Entity? EntityOf(long output) => _entities?.Of(output);

    /// <summary>The verdict on a transaction that mixes several owners' coins; null: no rule fires, or one that names a single owner.</summary>
    public CoinJoinVerdict? CoinJoinOf(uint transaction)
    {
        var graph = _ledger.Graph;
        var first = graph.FirstInput[transaction];
        if (graph.FirstInput[transaction + 1L] - first < 2 || graph.FirstOutput[transaction + 1L] - graph.FirstOutput[transaction] < 3) return null;
        return _judged.GetOrAdd(transaction, static (number, ledger) => Judge(ledger, number), _ledger);
    }

    // A pool's entry and a service's funding have one owner behind all their inputs: taint is his on the other side too.
    private static CoinJoinVerdict? Judge(ILedgerView ledger, uint transaction) =>
        CoinJoinRules.First(CoinJoinRules.Judge(TransactionShape.Of(ledger, transaction))) is { Kind: not (CoinJoinKind.WhirlpoolTx0 or CoinJoinKind.ChipMixerFunding) } verdict ? verdict : null;
}
