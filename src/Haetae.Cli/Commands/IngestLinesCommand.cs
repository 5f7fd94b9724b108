using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest jsonl</c>: Bitcoin transactions with what they spend, one a line, into a case ledger.</summary>
internal static class IngestLinesCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("file") { Description = "JSON lines, may be packed (.gz): txid, time, vin (txid, vout, value, script), vout (value, script); height, block, index where known." };
        var ledger = CommonOptions.Ledger();
        var network = new Option<string>("--network") { Description = "mainnet, testnet3, testnet4, signet or regtest.", DefaultValueFactory = _ => BitcoinNetwork.Mainnet.Name, HelpName = "NAME" };
        var json = CommonOptions.Json();
        var command = new Command("jsonl", "Takes single Bitcoin transactions with what they spend into a case ledger. Who spends their outputs stays open unless it is among them.") { file, ledger, network, json };
        command.SetAction(parsed =>
        {
            if (!BitcoinNetwork.TryParse(parsed.GetValue(network), out var named)) throw new UsageException($"'{parsed.GetValue(network)}' is no network; known are {string.Join(", ", BitcoinNetwork.All.Select(known => known.Name))}.");
            var path = parsed.GetValue(file)!;
            if (!File.Exists(path)) throw new NotFoundException($"There is no file '{path}'.");
            var folder = CommonOptions.LedgerFolder(parsed, ledger);
            var (count, wasThere) = JsonLines.TakeIn(path, folder, named, TimeProvider.System);
            var open = BitcoinCase.Open(folder);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                var answer = FetchedText.Json(open, folder);
                answer["read"] = count;
                answer["wasThere"] = wasThere;
                output.WriteLine(JsonText.Of(answer));
                return ExitCode.Done;
            }

            output.WriteLine(wasThere ? $"The case ledger holds this file already: {Amounts.Count(count, "transaction", "transactions")}." : string.Create(CultureInfo.InvariantCulture, $"{Amounts.Count(count, "transaction", "transactions")} taken in."));
            FetchedText.Write(open, folder, output);
            return ExitCode.Done;
        });
        return command;
    }
}
