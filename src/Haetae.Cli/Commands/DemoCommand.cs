using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Haetae.Cli.Demo;
using Haetae.Cli.Exercise;
using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae demo</c>: the real heist first, then a practice heist from block files to a page. Needs nothing, asks nothing.</summary>
internal static class DemoCommand
{
    internal static Command Create()
    {
        var command = new Command("demo", "Tells the Ronin heist of 2022 from a case it carries; then makes a practice heist on Bitcoin, ingests it, traces it under three policies; writes a page of each, all in the folder demo under --home. Needs nothing.");
        command.SetAction((parsed, cancel) => Task.Run(() => Run(Path.Combine(CommonOptions.HomeFolder(parsed), "demo"), parsed.InvocationConfiguration.Output, cancel), CancellationToken.None));
        return command;
    }

    /// <summary>Tells the real heist; answers where its page is.</summary>
    private static string Ronin(string folder, TextWriter output, CancellationToken cancel)
    {
        var (document, accounts) = RoninCase.Read();
        var figures = new RoninFigures(accounts);
        var rows = RowsLedger.Of(accounts, document.Head.Chain);
        var rules = accounts.Thefts.Select(theft => RoninRules.Of(accounts, rows, theft, cancel)).ToList();
        new RoninText(document, figures, rules, output).Write();
        var page = Path.Combine(folder, "ronin.html");
        FreshFile.WriteText(page, html => new RoninPage(document, figures, rules, CaseJson.DigestIn(RoninCase.Bytes()), html).Write());
        output.WriteLine();
        output.WriteLine($"Page: {page}");
        output.WriteLine();
        return page;
    }

    private static int Run(string folder, TextWriter output, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        Folders.RequireWritable("--home", folder);
        string blocks = Path.Combine(folder, "blocks"), ledgerFolder = Path.Combine(folder, "ledger"), page = Path.Combine(folder, "trace.html"), database = Path.Combine(folder, HaetaeDatabase.FileName);
        var place = StoreLocation.InFolder(folder);
        foreach (var old in new[] { blocks, ledgerFolder })
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);

        Directory.CreateDirectory(folder);
        var roninPage = Ronin(folder, output, cancel);
        var (dmm, trace, view) = DmmStory.Trace(Path.Combine(folder, "dmm"), cancel);
        DmmStory.Write(dmm, trace, view, output);
        output.WriteLine();

        output.WriteLine("1. A practice heist: an economy of wallets, exchanges and miners in real block files, and a theft in it.");
        var heist = PracticeHeist.Write(blocks, seed: 1, PracticeHeist.DefaultTransactions, ExerciseCommand.AddressOf, cancel);
        output.WriteLine($"   {Amounts.Count(heist.BlockCount)} blocks, {Amounts.Count(heist.TransactionCount)} transactions; {Amounts.Btc(heist.TotalStolen.Value)} are stolen in {heist.Seeds.Count} outputs.");

        output.WriteLine("2. The block files go into a ledger, everything checked.");
        var ingest = BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = blocks, Ledger = ledgerFolder }, null, cancel);
        output.WriteLine($"   {Amounts.Count(ingest.Counts.Inputs)} inputs resolved, tip {ingest.TipHash} at height {Amounts.Count(ingest.TipHeight)}.");

        output.WriteLine("3. What the public knows of this world goes into a store of tags: a few addresses of its exchanges and its mixer, and the victim's notice.");
        File.Delete(database);
        using (var store = TagStore.OpenForWriting(place))
        {
            var tags = TagImport.Run(store, [heist.TagsPath], new TagImportNote("haetae demo", heist.Known), null, cancel);
            output.WriteLine($"   {Amounts.Count(tags.Stored, "tag", "tags")}.");
        }

        output.WriteLine("4. Where is the stolen money now?");
        output.WriteLine();
        using (var ledger = BitcoinLedger.Open(ledgerFolder))
        {
            var report = new TraceRequest([.. heist.Seeds], [], null, null, TraceCommand.SideBySide, "drop", null, null, null)
            {
                Entities = StopOptions.Entities(place, ledger, null, null, cancel),
            }.Run(ledger, cancel);
            TraceText.Write(report, output, TraceCommand.TerminalWidth());
            TraceCommand.Write(ledger, report, null, null, page);
        }

        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Done in {watch.Elapsed.TotalSeconds:0.0} s. What really happened is in {heist.TruthPath}: compare."));
        output.WriteLine("Try next:  " + OwnCommand.Of("trace", "--home", folder, "--ledger", ledgerFolder, "--from", heist.Seeds[0], "--policy", "fifo", "--until", $"{ingest.TipHeight - 20}"));
        output.WriteLine("           " + OwnCommand.Of("tx", "--ledger", ledgerFolder, heist.Seeds[0][..64]));
        output.WriteLine($"The pages: {roninPage}");
        output.WriteLine($"           {page}");
        return ExitCode.Done;
    }
}
