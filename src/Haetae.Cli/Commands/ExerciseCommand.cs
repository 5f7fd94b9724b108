using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Exercise;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae exercise new</c>: a practice heist with known truth.</summary>
internal static class ExerciseCommand
{
    internal static Command Create()
    {
        var seed = new Option<ulong>("--seed") { Description = "The same seed and size give the same heist, byte for byte.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var size = new Option<int>("--size")
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"Transactions beside the coinbases, {PracticeHeist.FewestTransactions} to {PracticeHeist.MostTransactions}."),
            DefaultValueFactory = _ => PracticeHeist.DefaultTransactions,
            HelpName = "N",
        };
        var folder = new Option<string>("--out") { Description = "Folder for the block files and truth.json; must hold neither yet.", Required = true, HelpName = "DIR" };
        var json = CommonOptions.Json();
        var make = new Command("new", "Makes a practice heist: Bitcoin block files, and a file that tells where every stolen satoshi is.") { seed, size, folder, json };
        make.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var transactions = parsed.GetValue(size);
            if (transactions is < PracticeHeist.FewestTransactions or > PracticeHeist.MostTransactions)
                throw new UsageException($"--size must lie between {PracticeHeist.FewestTransactions} and {PracticeHeist.MostTransactions}.");
            if (parsed.GetValue(folder) is not { Length: > 0 } named) throw new UsageException("--out needs the name of a folder.");
            var target = Path.GetFullPath(named);
            Folders.RequireWritable("--out", target);
            var result = PracticeHeist.Write(target, parsed.GetValue(seed), transactions, AddressOf, cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonText.Of(new JsonObject
                {
                    ["folder"] = result.Folder,
                    ["blocks"] = result.BlockCount,
                    ["transactions"] = result.TransactionCount,
                    ["seeds"] = new JsonArray([.. result.Seeds.Select(item => (JsonNode)item)]),
                    ["stolen"] = JsonText.Amount(result.TotalStolen.Value),
                    ["truth"] = result.TruthPath,
                    ["tags"] = result.TagsPath,
                }));
            }
            else
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{result.BlockCount:#,0} regtest blocks with {result.TransactionCount:#,0} transactions in {result.Folder}"));
                output.WriteLine($"Stolen: {Amounts.Btc(result.TotalStolen.Value)} in {string.Join(",", result.Seeds)}");
                output.WriteLine($"The truth: {result.TruthPath} (do not look before you have traced it)");
                output.WriteLine("Next: " + OwnCommand.Of("ingest", "bitcoin", "--blocks", result.Folder, "--ledger", "practice-ledger"));
                output.WriteLine("      " + OwnCommand.Of("tags", "import", result.TagsPath));
                output.WriteLine("      " + OwnCommand.Of("trace", "--ledger", "practice-ledger", "--from", string.Join(',', result.Seeds)));
            }

            return ExitCode.Done;
        }, CancellationToken.None));
        return new Command("exercise", "Practice heists with known truth, to learn and test tracing with.") { make };
    }

    /// <summary>A script's address on the practice chain, or its hex where it has none.</summary>
    internal static string AddressOf(byte[] script) => Address.TryEncode(script, BitcoinNetwork.Regtest, out var address) ? address : Convert.ToHexStringLower(script);
}
