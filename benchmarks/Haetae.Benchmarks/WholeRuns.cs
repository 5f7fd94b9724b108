using System.Diagnostics;
using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Ledger.Ingest;
using Haetae.Tracing;
using Haetae.Tracing.Clusters;
using Haetae.Tracing.Policies;

namespace Haetae.Benchmarks;

/// <summary>Whole runs on a generated chain. Times are medians of five in milliseconds unless said; benchmarks/run.sh puts the hash floor of the same run beside them.</summary>
internal static class WholeRuns
{
    internal static void Ingest(string chain, string ledger, int threads)
    {
        if (Directory.Exists(ledger)) Directory.Delete(ledger, recursive: true);
        var stages = new List<(string Stage, double Seconds)>();
        var peak = 0L;
        var watch = Stopwatch.StartNew();
        using var sampler = new Timer(_ => peak = Math.Max(peak, Memory("RssAnon")), null, 20, 20);
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = chain, Ledger = ledger, Threads = threads }, step =>
        {
            lock (stages)
                if (!stages.Exists(stage => stage.Stage == step.Stage)) stages.Add((step.Stage, watch.Elapsed.TotalSeconds));
        });
        watch.Stop();
        var self = Process.GetCurrentProcess();
        var disk = Directory.GetFiles(ledger).Sum(file => new FileInfo(file).Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ingest, {threads} threads: {watch.Elapsed.TotalSeconds:0.00} s wall, CPU {self.UserProcessorTime.TotalSeconds:0.00} s user + {self.PrivilegedProcessorTime.TotalSeconds:0.00} s system, private memory {peak / 1e6:0} MB, disk {disk / 1e6:0} MB"));
        Console.WriteLine("stages begin at: " + string.Join(", ", stages.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Stage} {stage.Seconds:0.00}"))));
    }

    private static long Memory(string name)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith(name, StringComparison.Ordinal)) return 1024 * long.Parse(new string([.. line.Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture);
        return 0;
    }

    private static void Time(string name, Func<string> run)
    {
        var times = new double[5];
        var result = run();
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            result = run();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44}{times[2],10:0.000} ms   {result}"));
    }

    internal static void Queries(string folder)
    {
        using var ledger = BitcoinLedger.Open(folder);
        var graph = ledger.Graph;
        Time("total output value", () => $"{LedgerStatistics.TotalOutputValue(graph)}");
        Time("unspent count and sum", () => $"{LedgerStatistics.Unspent(graph)}");
        Time("largest fee", () => $"{LedgerStatistics.MaxFee(graph)}");
        Time("CoinJoin test over all", () => $"{CoinJoins.Count(ledger, Environment.ProcessorCount)}");
        AddressNumbers? addresses = null;
        Time("address numbers", () =>
        {
            addresses?.Dispose();
            addresses = AddressNumbers.Of(ledger, Environment.ProcessorCount);
            return $"{addresses.Count}";
        });
        foreach (var guard in Enum.GetValues<CoinJoinGuard>())
        {
            CoSpendClusters? clusters = null;
            Time($"clusters, CoinJoins left out: {guard}", () =>
            {
                clusters = CoSpendClusters.Of(ledger, addresses!, guard, Environment.ProcessorCount);
                return $"{clusters.Addresses} addresses";
            });
            Time("  counted, and the largest", () => $"{clusters!.Count()}");
            var facts = new ClusterFacts(CoinJoinGuards.Word(guard), CoinJoinGuards.RulesVersion, 0, 0, 0, []);
            Time("  listed and stored beside the ledger", () =>
            {
                var lists = clusters!.Flatten();
                ClusterStore.Save(ledger, addresses!, lists.Cluster, lists.NextMember, facts with { Clusters = lists.Clusters, Largest = lists.Largest, LargestSize = lists.LargestSize }, Environment.ProcessorCount);
                return $"{(lists.Clusters, lists.LargestSize)}";
            });
        }

        var some = new Random(11);
        var asked = Enumerable.Range(0, 1_000_000).Select(_ => some.NextInt64(graph.OutputCount)).ToArray();
        var found = new uint[asked.Length];
        Time("stored clusters opened, of 1,000,000 outputs", () =>
        {
            using var view = ClusterView.Of(ledger, ClusterStore.TryOpen(ledger, "all", CoinJoinGuards.RulesVersion, out _)!, CoinJoinGuard.All, []);
            view.ClusterIdsOf(asked, found);
            return $"{found.Distinct().Count()} clusters";
        });

        addresses!.Dispose();
        var random = new Random(7);
        var ids = new Hash256[100_000];
        var expected = new long[ids.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = ledger.TxIds[expected[i] = random.NextInt64(graph.TransactionCount)];
        var numbers = new long[ids.Length];
        Time("100,000 random txids -> transaction", () =>
        {
            ledger.FindTransactions(ids, numbers);
            long sum = 0;
            foreach (var number in numbers) sum += graph.FirstOutput[number + 1] - graph.FirstOutput[number] + graph.Fee[number];
            return $"{(numbers.AsSpan().SequenceEqual(expected) ? "all right" : "WRONG")}, {sum}";
        });
        var scripts = new byte[20_000][];
        for (var i = 0; i < scripts.Length;)
        {
            var output = random.NextInt64(graph.OutputCount);
            if (ledger.ScriptKeys[output] != 0) scripts[i++] = ledger.ScriptOf(output);
        }

        var balances = new ScriptBalance[scripts.Length];
        Time("20,000 address balances", () =>
        {
            ledger.FindBalances(scripts, balances);
            return $"{balances.Sum(balance => balance.Outputs)} outputs, {balances.Sum(balance => balance.Unspent)} sat";
        });
    }

    internal static void Traces(string folder, string incidents, string only)
    {
        using var ledger = BitcoinLedger.Open(folder);
        var tracer = new Tracer(ledger.Graph);
        var number = 0;
        foreach (var line in File.ReadLines(incidents))
        {
            number++;
            var place = line.Split(' ')[0].Split(':');
            var output = ledger.Graph.FirstOutput[ledger.FindTransaction(Hash256.Parse(place[0]))] + int.Parse(place[1], CultureInfo.InvariantCulture);
            var seeds = new[] { new StolenOutput(output, ledger.Graph.Value[output]) };
            foreach (var policy in PolicyNames.All)
            {
                foreach (var flow in new[] { false, true })
                {
                    var name = $"incident {number} {PolicyNames.NameOf(policy)}{(flow ? " with paths" : "")}";
                    if (!name.Contains(only, StringComparison.Ordinal)) continue;
                    Time(name, () =>
                    {
                        var outcome = tracer.Trace(new TraceQuery { Seeds = seeds, RecordFlow = flow }, policy);
                        if (flow) _ = outcome.Paths();
                        return $"{outcome.Ends.Count} ends, {outcome.Books.Held} sat held, {outcome.Books.Fees} fees, {outcome.TransactionsVisited} transactions";
                    });
                }
            }
        }
    }
}
