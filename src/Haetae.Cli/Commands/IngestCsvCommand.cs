using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest csv</c>: any table of transfers into an account ledger.</summary>
internal static class IngestCsvCommand
{
    internal static Command Create()
    {
        var options = new TransferTableOptions(isMapNeeded: true);
        var command = new Command("csv", "Takes a table of transfers (CSV with a header, packed with gzip or not) into an account ledger: all of it, or nothing. For those without a node.");
        options.AddTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() => options.Run(parsed, TransferIngest.FromCsv, cancel), CancellationToken.None));
        return command;
    }
}
