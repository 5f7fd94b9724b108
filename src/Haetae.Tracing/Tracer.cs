using System.Runtime.CompilerServices;
using Haetae.Ledger;
using Haetae.Tracing.Engine;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing;

/// <summary>Follows stolen outputs forward through a ledger, in chain order, touching only what taint reaches.</summary>
/// <remarks>
/// May be used from several threads at once. Keep one for a ledger: it keeps the large containers of a trace for the next.
/// Thresholds are counts of transactions, measured where the dense container begins to pay: nothing depends on the machine's speed.
/// </remarks>
public sealed class Tracer(UtxoGraph graph)
{
    private const long PoisonGoesDenseAfter = 2_048;
    private const long SharesGoDenseAfter = 32_768;

    private StrongBox<OpenBits>? _idleBits;
    private StrongBox<OpenSums>? _idleSums;

    /// <summary>For tests: go dense after so many transactions, whatever the policy.</summary>
    internal long? DenseAfter { get; init; }

    /// <summary>Traces one theft under one policy.</summary>
    /// <exception cref="ArgumentException">A seed or an option does not fit the ledger.</exception>
    /// <exception cref="LedgerCorruptException">The ledger contradicts itself.</exception>
    public TraceOutcome Trace(TraceQuery query, Policy policy, CancellationToken cancellation = default)
    {
        var outcome = policy switch
        {
            Policy.Fifo => TraceLine<Fifo>(query, cancellation),
            Policy.Lifo => TraceLine<Lifo>(query, cancellation),
            Policy.Haircut => TraceShares<Haircut>(query, cancellation),
            Policy.Tiho => TraceShares<Tiho>(query, cancellation),
            Policy.Tilo => TraceShares<Tilo>(query, cancellation),
            Policy.DirtyFirst => TraceShares<DirtyFirst>(query, cancellation),
            Policy.CleanFirst => TraceShares<CleanFirst>(query, cancellation),
            Policy.HaircutBlockSci => TraceShares<HaircutBlockSci>(query, cancellation),
            Policy.Poison => TracePoison(query, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
        };
        graph.KeepAlive();
        return outcome;
    }

    private TraceOutcome TraceLine<TPolicy>(TraceQuery query, CancellationToken cancellation) where TPolicy : struct, ILinePolicy
    {
        var run = new LineRun<TPolicy>(graph, query, DenseAfter ?? SharesGoDenseAfter, RentBits);
        run.Follow(cancellation);
        Return(run.Dense);
        return run.Finish(TPolicy.Policy);
    }

    private TraceOutcome TracePoison(TraceQuery query, CancellationToken cancellation)
    {
        var run = Run(record: NeedsFlow(query));
        if (run.LacksFlow) run = Run(record: true);
        return run.Finish(Policy.Poison);

        ShareRun<Poison, OpenBits> Run(bool record)
        {
            var run = new ShareRun<Poison, OpenBits>(graph, query, DenseAfter ?? PoisonGoesDenseAfter, record, RentBits);
            run.Follow(cancellation);
            Return(run.Dense);
            return run;
        }
    }

    private TraceOutcome TraceShares<TPolicy>(TraceQuery query, CancellationToken cancellation) where TPolicy : struct, ISharePolicy
    {
        var run = Run(record: NeedsFlow(query));
        if (run.LacksFlow) run = Run(record: true);
        return run.Finish(TPolicy.Policy);

        ShareRun<TPolicy, OpenSums> Run(bool record)
        {
            var run = new ShareRun<TPolicy, OpenSums>(graph, query, DenseAfter ?? SharesGoDenseAfter, record, RentSums);
            run.Follow(cancellation);
            if (run.Dense is { } sums)
            {
                sums.Value.Restart();
                Interlocked.Exchange(ref _idleSums, sums);
            }

            return run;
        }
    }

    // What waits at a transaction is kept as a sum: to name the outputs it came from, the flow must be known.
    private bool NeedsFlow(TraceQuery query) => query.RecordFlow || query.MaxTransactions is not null || graph.FirstHeight > 0;

    private StrongBox<OpenBits> RentBits() =>
        Interlocked.Exchange(ref _idleBits, null) ?? new StrongBox<OpenBits>(new OpenBits(graph.TransactionCount));

    private StrongBox<OpenSums> RentSums() =>
        Interlocked.Exchange(ref _idleSums, null) ?? new StrongBox<OpenSums>(new OpenSums(graph));

    private void Return(StrongBox<OpenBits>? bits)
    {
        if (bits is null) return;
        bits.Value.Restart();
        Interlocked.Exchange(ref _idleBits, bits);
    }
}
