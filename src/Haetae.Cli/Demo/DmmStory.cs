using Haetae.Cli.Commands;
using Haetae.Intel;
using Haetae.Intel.Cases;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Demo;

/// <summary>The second built-in case, short and exact: DMM Bitcoin, two transactions, told from a case ledger made of them.</summary>
internal static class DmmStory
{
    internal const string CaseName = "dmm-bitcoin-2024.json";
    internal const string LinesName = "dmm-bitcoin-2024.jsonl";

    /// <summary>Makes the case ledger and traces the theft in it.</summary>
    /// <param name="folder">Where the case ledger goes; what lies there is replaced.</param>
    internal static (CaseDocument Document, TraceReport Report, ILedgerView Ledger) Trace(string folder, CancellationToken cancel)
    {
        var document = CaseJson.Read(CarriedFile.Bytes(CaseName));
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        var lines = Path.Combine(folder, LinesName);
        File.WriteAllBytes(lines, CarriedFile.Bytes(LinesName));
        JsonLines.TakeIn(lines, folder, BitcoinNetwork.Mainnet, TimeProvider.System);
        File.Delete(lines);
        var ledger = BitcoinCase.Open(folder);
        var asked = new TraceRequest([.. document.Thefts[0].From], [], null, null, ["all"], "drop", null, null, null) { Stops = [], Sensitivity = 0 };
        return (document, asked.Run(ledger, cancel), ledger);
    }

    internal static void Write(CaseDocument document, TraceReport report, ILedgerView ledger, TextWriter output)
    {
        var theft = ledger.Graph.TransactionOf(ledger.Graph.OutputCount - 1);
        var paid = ledger.Graph.Value[ledger.Graph.OutputCount - 1];
        var fee = ledger.Graph.Fee[theft];
        output.WriteLine($"{document.Head.Title}: two transactions, short and exact");
        output.WriteLine($"   {Amounts.Btc(report.Seeds.Sum(seed => seed.Stolen))} spent in {report.Seeds.Count} inputs, {Amounts.Btc(paid)} to {report.Results[0].Ends[0].Address},");
        output.WriteLine($"   {Amounts.Btc(fee)} fee: so much is paid by no accident. {Amounts.Btc(LeftBehind(ledger, report))} more lay at the same address and were not taken in it.");
        output.WriteLine($"   Every rule says the same: {string.Join(", ", report.Results.Where(result => result.Conserves).Select(result => (result.Books.Held + result.Books.Parked + result.Books.Cut, result.Books.Fees)).Distinct().Select(sums => $"{Amounts.Btc(sums.Item1)} at that address, {Amounts.Btc(sums.Fees)} fee"))}.");
        output.WriteLine("   What became of it is not in the data: an open end.");
    }

    /// <summary>What the robbed address was paid and the theft did not spend.</summary>
    private static long LeftBehind(ILedgerView ledger, TraceReport report)
    {
        if (!Address.TryParse(report.Seeds[0].Address!, ledger.Network, out var script, out var error)) throw new IntelException($"{CaseName}: {error}");
        return ledger.FindOutputs(script).Where(output => ledger.Graph.SpenderOf(output) == 0).Sum(output => ledger.Graph.Value[output]);
    }
}
