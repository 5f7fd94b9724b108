using System.CommandLine;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae case pack</c>.</summary>
internal static class CasePackCommand
{
    internal static Command Create()
    {
        var file = CaseFile.Argument();
        var blocks = new Option<string?>("--blocks") { Description = "The folder of block files (blkNNNNN.dat, xor.dat) that the ledger was made from: the ledger does not keep raw transactions.", HelpName = "DIR" };
        var target = new Option<string?>("--out") { Description = "The pack (default: the case's name with .haetae).", HelpName = "FILE.haetae" };
        var node = new NodeOptions();
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("pack", "Puts a case into one file with all that its traces rest on: transactions, Merkle branches, headers, tags, results.") { file, blocks, target, ledger, json };
        node.AddAccessTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var path = parsed.GetValue(file)!;
            var document = CaseFile.Read(path);
            var fresh = CaseFile.Fresh(parsed.GetValue(target) ?? Path.ChangeExtension(path, ".haetae"));
            var access = node.Access(parsed);
            if (parsed.GetValue(blocks) is null == access is null) throw new UsageException("Say where the raw transactions come from: --blocks DIR or --rpc URL.");
            var progress = ProgressLine.OnConsole();
            try
            {
                using var open = CommonOptions.OpenLedger(parsed, ledger);
                using var tags = new CaseTags(parsed);
                using var source = CasePacking.Source(parsed.GetValue(blocks), access, open, progress, cancel);
                var (pack, verdict) = open.OfOneBranch(() => CasePacking.Pack(document, open, source, tags, progress, cancel));
                CaseFile.Replace(fresh, pack);
                progress.Clear();
                CaseVerifyCommand.Print(parsed, json, fresh, pack.Length, verdict);
            }
            finally
            {
                progress.Clear();
            }

            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }
}
