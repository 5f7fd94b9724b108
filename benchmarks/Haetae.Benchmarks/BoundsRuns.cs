using System.Diagnostics;
using System.Globalization;
using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Bounds;

namespace Haetae.Benchmarks;

/// <summary>Bounds without a rule on a generated chain: the network, then the twenty scripts whose ends are worth most. Processor time, the best of three.</summary>
internal static class BoundsRuns
{
    /// <param name="transactions">Each trace is followed to the first block by which it has reached so many transactions.</param>
    internal static void Run(string folder, string incidents, int transactions)
    {
        using var ledger = BitcoinLedger.Open(folder);
        foreach (var (number, line) in File.ReadLines(incidents).Index())
        {
            var place = line.Split(' ')[0].Split(':');
            var output = ledger.Graph.FirstOutput[ledger.FindTransaction(Hash256.Parse(place[0]))] + int.Parse(place[1], CultureInfo.InvariantCulture);
            var query = new TraceQuery { Seeds = [new StolenOutput(output, ledger.Graph.Value[output])] };
            query = query with { UntilHeight = FirstHeightThatReaches(ledger.Graph, query, transactions) };
            var (build, bounds) = (double.MaxValue, double.MaxValue);
            ReachedGraph? graph = null;
            (string Script, TaintBounds Bounds)[] found = [];
            for (var run = 0; run < 3; run++)
            {
                build = Math.Min(build, Seconds(() => graph = ReachedGraph.Build(ledger.Graph, query, out _)));
                bounds = Math.Min(bounds, Seconds(() => found = Largest(ledger, graph!)));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"incident {number + 1}: {graph!.TransactionCount} transactions, {graph.EdgeCount} outputs and fees, {graph.Ends.Count} ends; network {build:0.00} s, 20 destinations {bounds:0.00} s; managed memory {GC.GetTotalMemory(true) / 1e6:0} MB"));
            Console.WriteLine($"  of {graph.Stolen}: " + string.Join(" ", found.Take(6).Select(item => $"{item.Bounds.Least}..{item.Bounds.Most}")));
        }
    }

    private static (string Script, TaintBounds Bounds)[] Largest(BitcoinLedger ledger, ReachedGraph graph)
    {
        var bounds = new FlowBounds(graph);
        return [.. graph.Ends.Index().Where(end => end.Item.IsOutput)
            .GroupBy(end => Convert.ToHexString(ledger.ScriptOf(end.Item.Output)))
            .OrderByDescending(group => group.Sum(end => ledger.Graph.Value[end.Item.Output]))
            .Take(20)
            .Select(group => (group.Key, bounds.Of(group.Select(end => end.Index))))];
    }

    private static int FirstHeightThatReaches(UtxoGraph graph, TraceQuery query, int transactions)
    {
        int low = graph.HeightOf(graph.TransactionOf(query.Seeds[0].Output)), high = graph.FirstHeight + graph.BlockCount - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ReachedGraph.Build(graph, query with { UntilHeight = middle }, out _, transactions) is null) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private static double Seconds(Action run)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        run();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    }
}
