using System.CommandLine;
using Haetae.Ledger.Accounts.Rows;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest csv</c>: any table of transfers into an account ledger.</summary>
internal static class IngestCsvCommand
{
    internal static Command Create()
    {
        var options = new TransferTableOptions();
        var command = new Command("csv", "Takes a table of transfers (CSV with a header, packed with gzip or not) into an account ledger: all of it, or nothing. For those without a node. Without --map, the names in ethereum-etl's transactions and token transfers are looked for.");
        options.AddTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() => options.Run(parsed, TransferIngest.FromCsv, cancel), CancellationToken.None));
        return command;
    }
}
