using Haetae.Cli.Commands;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tracing;
using Xunit.Abstractions;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>The rules on the chain of a practice heist.</summary>
public sealed class GeneratedCoinJoinTests(ITestOutputHelper output) : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

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
        // Its seats share the fee, and nobody is paid: no JoinMarket.
        Assert.Contains(found, verdict => verdict is { Kind: CoinJoinKind.EqualOutputs, Participants: 9, Confidence: Confidence.Medium });
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
}
