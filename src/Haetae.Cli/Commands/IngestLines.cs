using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>Bitcoin transactions with what they spend, one a line, into a case ledger: a part of <c>haetae ingest jsonl</c>.</summary>
internal static class IngestLines
{
    internal static int Run(ParseResult parsed, string path, Option<string?> ledger, Option<string> network, Option<bool> json)
    {
        if (!BitcoinNetwork.TryParse(parsed.GetValue(network), out var named)) throw new UsageException($"'{parsed.GetValue(network)}' is no network; known are {string.Join(", ", BitcoinNetwork.All.Select(known => known.Name))}.");
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
    }
}
