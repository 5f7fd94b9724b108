using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing;
using Haetae.Tracing.Bounds;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Stops;

namespace Haetae.Tests.Tracing.Bounds;

/// <summary>What an address can have received or hold: against every rule on small ledgers, against every policy on random ones, and as a command.</summary>
public sealed class ExposureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-exposure-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Stops at the outputs asked about: what arrives there is what they ever received.</summary>
    private sealed class StopAt(HashSet<long> outputs, ITraceStops? others) : ITraceStops
    {
        public EndReason? At(long output, uint spender) => outputs.Contains(output) ? EndReason.Service : others?.At(output, spender);
    }

    [Fact]
    public void Exposure_is_what_trying_every_rule_finds()
    {
        var compared = 0;
        RandomTheft.ForEach(2_500, theft =>
        {
            var query = theft.Query with { Seeds = [.. theft.Query.Seeds.Take(2).Select(seed => seed with { Stolen = Math.Min(seed.Stolen, 3) })], UntilHeight = theft.Seed % 3 == 0 ? Until(theft) : null };
            var outputs = Outputs(theft);
            var receiving = new EverySplit(theft.Graph, query with { Stops = new StopAt([.. outputs], null) }, 10_000);
            var holding = new EverySplit(theft.Graph, query, 10_000);
            if (!receiving.Run() || !holding.Run()) return;
            compared++;
            var found = Of(theft, query, outputs);
            Assert.Equal(Range(receiving, outputs), found.Received);
            Assert.Equal(Range(holding, [.. outputs.Where(output => IsUnspent(theft.Graph, output, query.UntilHeight))]), found.Held);
        }, unknownValues: true);
        Assert.True(compared > 700, $"only {compared} were small enough to try everything");
    }

    [Fact]
    public void Every_conserving_policy_lies_inside_and_nought_means_out_of_reach() => RandomTheft.ForEach(4_000, theft =>
    {
        var query = theft.Query with { FeeRule = (FeeRule)(theft.Seed % 3), Stops = theft.Seed % 4 == 0 ? new RandomStops(theft.Seed) : null, UntilHeight = theft.Seed % 2 == 0 ? Until(theft) : null };
        var outputs = Outputs(theft);
        var named = outputs.ToHashSet();
        var found = Of(theft, query, outputs);
        Assert.True(found.Held.Most <= found.Received.Most);
        var tracer = new Tracer(theft.Graph);
        foreach (var policy in PolicyNames.All.Where(PolicyNames.Conserves))
        {
            var received = tracer.Trace(query with { Stops = new StopAt(named, query.Stops) }, policy).Ends.Where(end => named.Contains(end.Output)).Sum(end => end.Tainted);
            var held = tracer.Trace(query, policy).Ends.Where(end => named.Contains(end.Output) && IsUnspent(theft.Graph, end.Output, query.UntilHeight)).Sum(end => end.Tainted);
            Assert.True(found.Received.Holds(received), $"{policy}: {received} is not within {found.Received}");
            Assert.True(found.Held.Holds(held), $"{policy}: {held} is not within {found.Held}");
        }

        if (query.FeeRule != FeeRule.Drop || theft.Graph.OutputCount > 1_000) return;
        var reached = tracer.Trace(query, Policy.Poison);
        var touched = reached.Ends.Select(end => end.Output).Concat(reached.Spends().Select(spend => spend.Output)).Any(named.Contains);
        if (!touched) Assert.Equal(default, found.Received);
    }, unknownValues: true);

    [Fact]
    public async Task The_command_answers_with_ways_that_re_add_and_says_0_where_nothing_can_come()
    {
        var ledger = Path.Combine(_folder, "ledger");
        var heist = Haetae.Cli.Exercise.PracticeHeist.Write(Path.Combine(_folder, "blocks"), seed: 5, 3_000, ExerciseCommand.AddressOf, CancellationToken.None);
        await Run(0, "ingest", "bitcoin", "--blocks", Path.Combine(_folder, "blocks"), "--ledger", ledger);
        var seeds = string.Join(',', heist.Seeds);
        var trace = JsonNode.Parse(await Run(0, "trace", "--ledger", ledger, "--from", seeds, "--policy", "fifo", "--json"))!;
        var holder = trace["bounds"]!["destinations"]!.AsArray().First(item => (string?)item!["address"] is not null)!;
        var address = (string)holder["address"]!;

        var answer = JsonNode.Parse(await Run(0, "exposure", address, "--ledger", ledger, "--from", seeds, "--json"))!;
        Assert.Equal((string)holder["most"]!, (string)answer["held"]!["most"]!);
        Assert.Equal((string)holder["least"]!, (string)answer["held"]!["least"]!);
        foreach (var part in new[] { answer["held"]!, answer["received"]! })
        {
            Assert.Equal(Amount(part["most"]), part["paths"]!.AsArray().Sum(path => Amount(path!["amount"])) + Amount(part["pathsLeftOut"]));
            Assert.Equal(Amount(part["most"]), part["narrowPlaces"]!.AsArray().Sum(place => Amount(place!["amount"])));
            Assert.All(part["paths"]!.AsArray(), path => Assert.Contains(heist.Seeds, seed => seed == $"{path!["steps"]![0]!["txid"]}:{path["steps"]![0]!["vout"]}"));
        }

        var text = await Run(0, "exposure", address, "--ledger", ledger, "--from", seeds);
        Assert.Contains("under any rule", text, StringComparison.Ordinal);
        Assert.Contains("Looked at blocks 0 to ", text, StringComparison.Ordinal);

        var early = PaidOnlyBefore(ledger, heist.Seeds[0][..64]);
        Assert.Contains($"{early}: 0 under any rule.", await Run(0, "exposure", early, "--ledger", ledger, "--from", seeds), StringComparison.Ordinal);
        var nought = JsonNode.Parse(await Run(0, "exposure", early, "--ledger", ledger, "--from", seeds, "--json"))!;
        Assert.Equal("0", (string)nought["received"]!["most"]!);
        Assert.NotEmpty(nought["limits"]!.AsArray());
        await Run(1, "exposure", address, "--ledger", ledger, "--from", seeds, "--max-transactions", "1");
        await Run(2, "exposure", "nobody", "--ledger", ledger, "--from", seeds);
        await Run(2, "exposure", address, "--ledger", ledger);
        await Run(2, "exposure", address, "--ledger", ledger, "--from", seeds, "--paths", "-1");
        await Run(3, "exposure", address, "--ledger", ledger, "--from", new string('0', 64));
    }

    /// <summary>An address that was paid before the theft and never again.</summary>
    private static string PaidOnlyBefore(string folder, string theft)
    {
        using var ledger = BitcoinLedger.Open(folder);
        var first = ledger.Graph.FirstOutput[ledger.FindTransaction(Hash256.Parse(theft))];
        for (var output = 1L; output < first; output++)
        {
            var script = ledger.ScriptOf(output);
            if (Address.TryEncode(script, ledger.Network, out var address) && ledger.FindOutputs(script).Max() < first) return address;
        }

        throw new InvalidOperationException("Every address of this heist is paid again.");
    }

    private static Exposure Of(RandomTheft theft, TraceQuery query, List<long> outputs)
    {
        var found = ExposureBounds.Of(theft.Graph, query, outputs, out var notComputed);
        Assert.Null(notComputed);
        return found!;
    }

    private static List<long> Outputs(RandomTheft theft)
    {
        var dice = new Dice(theft.Seed + 77);
        return [.. Enumerable.Range(0, 4).Select(_ => dice.Below(theft.Graph.OutputCount)).Distinct().Order()];
    }

    private static int Until(RandomTheft theft) => theft.Query.Seeds.Max(seed => theft.Graph.HeightOf(theft.Graph.TransactionOf(seed.Output))) + (int)(theft.Seed % 4);

    private static bool IsUnspent(UtxoGraph graph, long output, int? until) => graph.SpenderOf(output) is var spender && (spender == 0 || graph.HeightOf(spender) > (until ?? int.MaxValue));

    private static TaintBounds Range(EverySplit every, List<long> outputs)
    {
        var sums = every.Outcomes.Select(outcome => outputs.Sum(output => outcome.GetValueOrDefault(output))).ToList();
        return new TaintBounds(sums.Min(), sums.Max());
    }

    private static long Amount(JsonNode? node) => long.Parse((string)node!, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> Run(int expected, params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(arguments, output, errors);
        Assert.True(exit == expected, $"exit {exit}: {errors}");
        return output.ToString();
    }
}
