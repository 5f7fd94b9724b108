using Haetae.Cli.Commands;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tracing;
using Xunit.Abstractions;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>Rates on planted rounds and ordinary generated transactions (docs/accuracy.md).</summary>
public sealed class GeneratedCoinJoinTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20_261_121;
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Planted_joinmarket_rounds_are_found()
    {
        var generated = new GeneratedCoinJoins(Seed);
        var found = Tally(500, generated.JoinMarket, CoinJoinKind.JoinMarket);
        output.WriteLine($"seed {Seed}: JoinMarket planted, found {found}");
        Assert.True(found.Hits >= 0.9 * found.Of, $"seed {Seed}: {found}");
    }

    [Fact]
    public void Generated_wasabi_2_rounds_are_found()
    {
        var generated = new GeneratedCoinJoins(Seed);
        var verdicts = Enumerable.Range(0, 200).Select(_ => Shapes.Verdict("wasabi2", generated.Wasabi2())).ToList();
        var missed = verdicts.Where(verdict => verdict.Finding != Finding.Fires).ToList();
        var found = new Rate(verdicts.Count - missed.Count, verdicts.Count);
        output.WriteLine($"seed {Seed}: Wasabi 2 generated, found {found}; {string.Join("; ", missed.Select(verdict => verdict.Reason))}");
        Assert.True(found.Hits >= 0.98 * found.Of, $"seed {Seed}: {found}");
    }

    [Fact]
    public void Ordinary_generated_payments_are_rarely_taken_for_one()
    {
        var generated = new GeneratedCoinJoins(Seed);
        var named = Enumerable.Range(0, 5_000).Select(_ => Shapes.First(generated.Ordinary())).Where(found => found is not null).ToList();
        var wrong = new Rate(named.Count, 5_000);
        output.WriteLine($"seed {Seed}: ordinary payments taken for one {wrong}: {string.Join(", ", named.GroupBy(found => found!.Kind).Select(group => $"{group.Key} {group.Count()}"))}");
        Assert.True(wrong.Hits < 0.03 * wrong.Of, $"seed {Seed}: {wrong}");
    }

    /// <summary>The practice heist's economy: its one CoinJoin is found, and hardly anything else.</summary>
    [Fact]
    public void The_heists_coinjoin_is_found_among_its_payments()
    {
        var blocks = _bench.Path_("blocks");
        PracticeHeist.Write(blocks, 5, 5_000, ExerciseCommand.AddressOf, CancellationToken.None);
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = blocks, Ledger = _bench.Path_("ledger"), Threads = 2 });
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        var found = new List<CoinJoinVerdict>();
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
            if (Shapes.First(TransactionShape.Of(ledger, tx)) is { } verdict) found.Add(verdict);
        output.WriteLine($"practice heist: {ledger.Graph.TransactionCount} transactions, {found.Count} named: {string.Join("; ", found.Select(verdict => $"{verdict.Kind} {verdict.Participants} {verdict.Reason}"))}");
        Assert.Contains(found, verdict => verdict is { Kind: CoinJoinKind.JoinMarket, Participants: 9 });
        // Honest people hold rounds of the same shape now and then; nothing else in that economy has it, as BlockSci's test says too.
        Assert.Equal(Haetae.Tracing.CoinJoins.Count(ledger, 2), found.Count);
    }

    /// <summary>BlockSci's test on columns against its definition on shapes.</summary>
    [Fact]
    public void Blocksci_s_test_is_its_definition()
    {
        Workbench.Ingest(_bench.Chain(41, 4_000), _bench.Path_("ledger"));
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++) Assert.Equal(SlowBlockSci(TransactionShape.Of(ledger, tx)), Haetae.Tracing.CoinJoins.PassesBlockSci(ledger, tx));
    }

    private static bool SlowBlockSci(TransactionShape shape)
    {
        if (shape.Inputs.Count < 2 || shape.Outputs.Count < 3) return false;
        var participants = (shape.Outputs.Count + 1) / 2;
        var scripts = shape.Inputs.Select(input => Convert.ToHexString(input.Script!)).Distinct().Count();
        if (participants > shape.Inputs.Count || participants > scripts) return false;
        var common = shape.Outputs.GroupBy(paid => paid.Value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First();
        return common.Count() == participants && common.Key is not 546 and not 2730;
    }

    private static Rate Tally(int count, Func<TransactionShape> make, CoinJoinKind kind) =>
        new(Enumerable.Range(0, count).Count(_ => Shapes.First(make())?.Kind == kind), count);
}
