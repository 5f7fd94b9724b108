using System.CommandLine;
using Haetae.Ledger.Accounts.Rows;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest jsonl</c>: transfers as JSON objects, one a line, into an account ledger.</summary>
internal static class IngestJsonLinesCommand
{
    internal static Command Create()
    {
        var options = new TransferTableOptions();
        var command = new Command("jsonl", "Takes transfers as JSON objects, one a line (packed with gzip or not), into an account ledger: all of them, or none. Without --map, the names in ethereum-etl's transactions and token transfers are looked for.");
        options.AddTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() => options.Run(parsed, TransferIngest.FromJsonLines, cancel), CancellationToken.None));
        return command;
    }
}
