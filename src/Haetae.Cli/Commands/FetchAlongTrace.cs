using Haetae.Ledger.Explorers;
using Haetae.Tracing;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>Fetches where a trace ends for lack of answers, traces again, and so on: just the transactions that stolen money can have gone through.</summary>
/// <remarks>Poison reaches whatever any policy reaches, so nothing that another policy follows is missing afterwards.</remarks>
internal sealed class FetchAlongTrace(string[] from, string folder, TextWriter errors)
{
    internal void Run(EsploraFetch fetch, CancellationToken cancel)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 1; ; round++)
        {
            var ledger = BitcoinCase.Open(folder);
            var request = new TraceRequest(from, [], null, null, ["poison"], "drop", null, null, null) { Sensitivity = 0, Bounds = 0 };
            var (query, _) = request.Query(ledger);
            var open = new Tracer(ledger.Graph).Trace(query, Policy.Poison, cancel).Ends.Where(end => end.Reason == EndReason.NotFetched).ToList();
            // A named spender is fetched; where nobody was asked, the transaction that pays is asked who spends it.
            var ids = open.Select(end => ledger.WordOn(end.Output)?.Spender ?? ledger.TxIds[ledger.Graph.TransactionOf(end.Output)]).Distinct().Where(id => asked.Add(id.ToString())).ToList();
            if (ids.Count == 0) return;
            errors.WriteLine($"haetae: round {round}: {Amounts.Count(open.Count, "end", "ends")} not fetched, {Amounts.Count(ids.Count, "transaction", "transactions")} to ask about.");
            if (!fetch.Step(ids, cancel)) return;
        }
    }
}
