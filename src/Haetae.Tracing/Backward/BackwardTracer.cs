using Haetae.Ledger;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Backward;

/// <summary>Where outputs' money comes from, back to its sources.</summary>
/// <remarks>
/// The walk back finds the transactions in question and the outputs at which it stops, the sources. Then every source is a theft of its own, the
/// earliest in the chain first, and the policy runs forward over these transactions alone; what arrives in the outputs asked about is the
/// answer. So it agrees with forward traces by construction: under FIFO and LIFO a source's amount is what a forward trace of that source
/// alone says; under haircut it may differ from it by the rounding, for here no place may be filled twice. Fees are lost, as under
/// <see cref="FeeRule.Drop"/>: a coinbase is a source, whosever fees are in it. Belongs to one thread.
/// </remarks>
public sealed class BackwardTracer
{
    private readonly UtxoGraph _graph;
    private readonly BackwardQuery _query;
    private WholeAncestry? _whole;

    /// <exception cref="ArgumentException">An output does not fit the ledger.</exception>
    public BackwardTracer(UtxoGraph graph, BackwardQuery query)
    {
        if (query.Outputs.Count == 0) throw new ArgumentException("A walk back needs at least one output to begin at.", nameof(query));
        foreach (var output in query.Outputs)
        {
            if ((ulong)output >= (ulong)graph.OutputCount || graph.Value[output] == 0)
                throw new ArgumentException(FormattableString.Invariant($"Output {output} has no origin: the ledger does not hold it, or it holds nothing."), nameof(query));
        }

        if (query.Outputs.Distinct().Count() != query.Outputs.Count) throw new ArgumentException("An output is named twice.", nameof(query));
        _graph = graph;
        _query = query;
    }

    /// <summary>What of each source is in the outputs asked about, under one policy.</summary>
    /// <exception cref="ArgumentException">The policy knows no tags.</exception>
    /// <exception cref="LedgerCorruptException">The ledger contradicts itself.</exception>
    public BackwardOutcome Trace(Policy policy, CancellationToken cancellation = default)
    {
        try
        {
            return new PolicyWalk(_graph, _query, AncestryUnder(policy, cancellation), policy).Trace(cancellation);
        }
        catch (TooMixedException)
        {
            return new BackwardOutcome(policy, null, [], [], TooMixed: true);
        }
        finally
        {
            _graph.KeepAlive();
        }
    }

    private Ancestry AncestryUnder(Policy policy, CancellationToken cancellation) => policy switch
    {
        Policy.HaircutBlockSci => throw new ArgumentException("haircut-blocksci knows no tags, so it cannot tell sources apart.", nameof(policy)),
        Policy.Fifo or Policy.Lifo => new LineAncestry(_graph, _query, policy == Policy.Lifo, cancellation),
        _ => _whole ??= new WholeAncestry(_graph, _query, cancellation),
    };
}

/// <summary>Where money comes from under one policy.</summary>
/// <param name="TransactionsVisited">Transactions looked at: under FIFO and LIFO those that the satoshi asked about came through, else all that can have contributed; null when the policy gave up.</param>
/// <param name="Sources">The largest first, among equals the earliest; under poison all, in chain order.</param>
/// <param name="Paths">From the largest sources, in the order of <paramref name="Sources"/>, a chain to the output that holds most of it.</param>
/// <param name="TooMixed">True when the sources are mixed in so many outputs that the policy gave up (<see cref="BackwardQuery.MostWork"/>): nothing is known then.</param>
public sealed record BackwardOutcome(Policy Policy, long? TransactionsVisited, IReadOnlyList<MoneySource> Sources, IReadOnlyList<TaintPath> Paths, bool TooMixed);
