using System.CommandLine;
using Haetae.Ledger;
using Haetae.Tracing.Backward;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae trace --backward</c>: where outputs' money comes from.</summary>
internal static class BackwardRequest
{
    internal static Option<bool> Option() => new("--backward")
    {
        Description = $"The other way: where the money of the outputs named comes from, back to coinbases, services and CoinJoins. Goes with --from, --since (look no further back), --max-transactions (then {Amounts.Count(BackwardQuery.UsualTransactions)} unless said otherwise), --policy, --stops, --through, --tags-as-of, --json and --csv.",
    };

    /// <summary>Walks back as asked.</summary>
    internal static SourcesReport Run(ILedgerView ledger, TraceRequest asked, ProgressLine progress, CancellationToken cancel)
    {
        var untilHeight = asked.Until is null ? (int?)null : Heights.LastUpTo(ledger, asked.Until, "--until");
        var sinceHeight = asked.Since is null ? (int?)null : Heights.FirstFrom(ledger, asked.Since, "--since");
        if (asked.From.Length == 0) throw new UsageException("Nothing is named: say with --from WHAT whose origin is asked for.");
        var policies = asked.ParsePolicies();
        if (policies.Contains(Policy.HaircutBlockSci)) throw new UsageException("haircut-blocksci cannot tell sources apart: it goes with a forward trace of one theft only.");
        if (asked.MaxTransactions is < 1) throw new UsageException("--max-transactions must be 1 or more.");
        var stops = new LedgerStops(ledger, asked.Entities, StopOptions.Rules(ledger, asked.Stops, asked.Through, asked.Entities));
        long[] outputs = [.. asked.Seeds(ledger, asked.From, untilHeight)];
        if (outputs.Length == 0) throw new NotFoundException("The outputs named hold no value, or were all taken out by --except.");
        var query = new BackwardQuery
        {
            Outputs = outputs,
            SinceHeight = sinceHeight,
            MaxTransactions = asked.MaxTransactions ?? BackwardQuery.UsualTransactions,
            Stops = stops,
            Progress = (stage, done, of) => progress.Show(stage, (double)done / Math.Max(of, 1), $"{Amounts.Count(done)} transactions"),
        };
        var parameters = new SourcesParameters(
            asked.From, [.. policies.Select(PolicyNames.NameOf)], sinceHeight, untilHeight, query.MaxTransactions, asked.Stops, asked.Through);
        return new ReportBuilder(ledger, stops).Build(query, policies, parameters, asked.Tags(), cancel);
    }

    /// <summary>Writes the answer: a table to a file where one is asked for, JSON or text to the output.</summary>
    internal static void Write(ILedgerView ledger, SourcesReport report, string? csv, bool json, TextWriter output)
    {
        if (csv is not null) TraceCommand.WriteText(ledger, csv, writer => SourcesCsv.Write(report, writer));
        if (json)
        {
            using var stream = new WriterStream(output);
            ledger.OfOneBranch(() => SourcesJson.Write(report, stream));
            output.Write('\n');
            return;
        }

        output.Write(ledger.OfOneBranch(() =>
        {
            using var text = new StringWriter();
            SourcesText.Write(report, text, TraceCommand.TerminalWidth());
            return text.ToString();
        }));
    }
}
