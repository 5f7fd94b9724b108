using System.Globalization;
using BenchmarkDotNet.Running;
using Haetae.Benchmarks;
using Haetae.Benchmarks.InnerLoops;

switch (args)
{
    case ["ingest", var chain, var ledger, .. var rest]:
        WholeRuns.Ingest(chain, ledger, rest is [var threads] ? int.Parse(threads, CultureInfo.InvariantCulture) : Environment.ProcessorCount);
        return 0;
    case ["queries", var ledger]:
        WholeRuns.Queries(ledger);
        return 0;
    case ["traces", var ledger, var incidents, .. var rest]:
        WholeRuns.Traces(ledger, incidents, rest is [var only] ? only : "");
        return 0;
    case ["bounds", var ledger, var incidents, .. var rest]:
        BoundsRuns.Run(ledger, incidents, rest is [var least] ? int.Parse(least, CultureInfo.InvariantCulture) : 100_000);
        return 0;
    case ["transfers", "make", var rows, var path]:
        TransferRuns.Make(long.Parse(rows, CultureInfo.InvariantCulture), path);
        return 0;
    case ["transfers", "run", var table, var ledger]:
        TransferRuns.Run(table, ledger);
        return 0;
    case ["accounts", .. var rest]:
        AccountRuns.Run(rest is [var transfers] ? int.Parse(transfers, CultureInfo.InvariantCulture) : 100_000);
        return 0;
    case ["loops", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(LoopConfig).Assembly).Run(rest is [] ? ["--filter", "*"] : rest, new LoopConfig());
        return 0;
    default:
        Console.Error.WriteLine("ingest CHAIN LEDGER [THREADS] | queries LEDGER | traces LEDGER INCIDENTS [ONLY] | bounds LEDGER INCIDENTS [TRANSACTIONS] | transfers make ROWS FILE.csv|FILE.jsonl | transfers run FILE LEDGER | accounts [TRANSFERS] | loops [--filter PATTERN]");
        return 2;
}
