using Haetae.Ledger;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Crossings;

/// <summary>Traces one ledger of a journey, and says how much ended at each gate.</summary>
internal sealed class LegTracer
{
    private readonly JourneyQuery _query;
    private readonly int _ledger;
    private readonly HashSet<long> _gates;
    private readonly Tracer? _outputs;
    private readonly AccountTracer? _accounts;

    internal LegTracer(JourneyQuery query, int ledger, IEnumerable<long> gates)
    {
        (_query, _ledger, _gates) = (query, ledger, [.. gates]);
        switch (query.Ledgers[ledger])
        {
            case BitcoinJourneyLedger bitcoin:
                _outputs = new Tracer(bitcoin.View.Graph);
                break;
            case AccountJourneyLedger accounts:
                _accounts = new AccountTracer(accounts.View);
                break;
            default: throw new ArgumentException($"{query.Ledgers[ledger].Name} is no ledger of a kind that is traced.", nameof(query));
        }
    }

    /// <summary>Where taint stops for a bridge.</summary>
    internal IReadOnlySet<long> Gates => _gates;

    internal JourneyLeg Trace(IReadOnlyList<LegSeed> seeds, Policy policy, CancellationToken cancel) => _outputs is not null
        ? new JourneyLeg(_ledger, seeds, _outputs.Trace(OutputQuery(seeds), policy, cancel), null)
        : new JourneyLeg(_ledger, seeds, null, _accounts!.Trace(AccountQueryOf(seeds), policy, cancel));

    internal TraceQuery OutputQuery(IReadOnlyList<LegSeed> seeds) => new()
    {
        Seeds = [.. seeds.Where(seed => !seed.Stolen.IsZero).Select(seed => new StolenOutput(seed.Number, (long)seed.Stolen.Lower))],
        Stops = new GateStops(_gates, ((BitcoinJourneyLedger)_query.Ledgers[_ledger]).Stops, null),
        MaxTransactions = _query.MaxTransactions,
    };

    internal AccountQuery AccountQueryOf(IReadOnlyList<LegSeed> seeds) => new()
    {
        Seeds = [.. seeds.Where(seed => !seed.Stolen.IsZero).Select(seed => new StolenTransfer(seed.Number, seed.Stolen))],
        Stops = new GateStops(_gates, null, ((AccountJourneyLedger)_query.Ledgers[_ledger]).Stops),
        ReadConversions = _query.ReadConversions,
        MaxTransactions = _query.MaxTransactions,
    };

    /// <summary>By gate, what of the stolen money ended there.</summary>
    internal Dictionary<long, UInt256> AtGates(JourneyLeg leg)
    {
        if (leg.Bitcoin is { } outputs) return outputs.Ends.Where(end => _gates.Contains(end.Output)).ToDictionary(end => end.Output, end => (UInt256)(UInt128)end.Tainted);
        var taint = leg.Accounts!.Flow.Where(one => _gates.Contains(one.Transfer)).ToDictionary(one => one.Transfer, one => one.Tainted);
        // Of a stolen transfer that is a deposit itself, its stolen part arrives whatever its payer's books say.
        foreach (var seed in leg.Seeds.Where(seed => _gates.Contains(seed.Number)))
            if (taint.GetValueOrDefault(seed.Number) < seed.Stolen) taint[seed.Number] = seed.Stolen;
        return taint;
    }
}
