using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Tron;

namespace Haetae.Tests.Tron;

/// <summary>A program that follows a chain is run as one: only so can it be stopped as people stop it.</summary>
public sealed class FollowTronTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-follow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private static string Hash(long number) => number.ToString("x64", CultureInfo.InvariantCulture);

    /// <summary>Adds blocks of one branch, each with a payment; the first follows what the server has.</summary>
    /// <param name="fork">The block that the branch begins with: below it the hashes are the first branch's.</param>
    private static void Add(TronServer server, int from, int to, int branch = 0, int fork = int.MaxValue)
    {
        for (var n = from; n <= to; n++)
        {
            var id = Hash(1_000_000 + 10_000 * branch + n);
            var payment = TronRowServer.Transaction(id, "TransferContract", new JsonObject { ["owner_address"] = "41" + Hash(n % 7)[24..], ["to_address"] = "41" + Hash(n % 5 + 50)[24..], ["amount"] = n + branch });
            server.Add((uint)n, BlockHash(n), BlockHash(n - 1), 1_600_000_000_000 + 3_000 * n, [(payment, new JsonObject { ["id"] = id, ["fee"] = 100 })]);
        }

        string BlockHash(int n) => Hash(n + (n >= fork ? 10_000 * branch : 0));
    }

    private async Task<(int Exit, string Errors)> Follow(TronServer server, string ledger, params (uint Block, Action Then)[] steps)
    {
        string[] words = ["dotnet", Path.Combine(AppContext.BaseDirectory, "haetae.dll"), "ingest", "tron", "--url", server.Address, "--ledger", At(ledger), "--follow", "--poll", "0.05"];
        if (OperatingSystem.IsLinux()) words = ["env", "--default-signal=INT", .. words]; // shells start what they put behind them deaf to Ctrl+C, and children inherit it
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var run = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var said = new List<string>();
        try
        {
            foreach (var (block, then) in steps)
            {
                while (await run.StandardError.ReadLineAsync(limit.Token) is { } line)
                {
                    said.Add(line);
                    if (line.StartsWith($"following: block {block},", StringComparison.Ordinal)) break;
                }

                then();
            }

            using (var stop = Process.Start("kill", ["-INT", run.Id.ToString(CultureInfo.InvariantCulture)])) await stop.WaitForExitAsync(limit.Token);
            while (await run.StandardError.ReadLineAsync(limit.Token) is { } line) said.Add(line);
            await run.WaitForExitAsync(limit.Token);
            return (run.ExitCode, string.Join('\n', said));
        }
        finally
        {
            if (!run.HasExited) run.Kill();
        }
    }

    private static async Task<(int Exit, string Errors)> Ingest(TronServer server, string ledger)
    {
        using StringWriter output = new(), errors = new();
        return (await HaetaeCommand.RunAsync(["ingest", "tron", "--url", server.Address, "--ledger", ledger], output, errors), errors.ToString());
    }

    private static string Digest(string ledger)
    {
        using var open = AccountLedger.Open(ledger);
        return open.Digest;
    }

    [Fact]
    public async Task New_blocks_are_appended_as_they_settle_Ctrl_C_keeps_them_and_the_same_command_goes_on()
    {
        if (OperatingSystem.IsWindows()) return; // no signal to send there
        using var server = new TronServer();
        Add(server, 1, 40);
        // 20 below the newest are settled; the newest 20 are of a branch that will leave the chain, and were never taken.
        var first = await Follow(server, "followed",
            (20, () => Add(server, 41, 50)),
            (30, () => { }
        ));
        Assert.Equal(ExitCode.Stopped, first.Exit);
        Assert.Contains("Nothing is lost", first.Errors, StringComparison.Ordinal);
        using (var stopped = AccountLedger.Open(At("followed"))) Assert.Equal((30, 30U), ((int)stopped.Counts.Blocks, stopped.BlockNumbers[stopped.Counts.Blocks - 1L]));

        Add(server, 31, 60, branch: 1, fork: 31);
        var second = await Follow(server, "followed", (40, () => Add(server, 61, 61, branch: 1, fork: 31)), (41, () => { }));
        Assert.Equal(ExitCode.Stopped, second.Exit);
        Assert.Equal(ExitCode.Done, (await Ingest(server, At("whole"))).Exit);
        Assert.Equal(Digest(At("whole")), Digest(At("followed")));
        Assert.Empty(AccountLedgerVerifier.Verify(At("followed"), 1, null, CancellationToken.None));
    }

    [Fact]
    public async Task A_reorganisation_below_what_counts_as_settled_is_refused_by_block_and_changes_nothing()
    {
        using var server = new TronServer();
        Add(server, 1, 40);
        Assert.Equal(ExitCode.Done, (await Ingest(server, At("deep"))).Exit);
        var before = Digest(At("deep"));
        Add(server, 15, 60, branch: 1, fork: 15); // block 20 of the ledger is not on this branch
        using StringWriter output = new(), errors = new();
        Assert.Equal(ExitCode.Failed, await HaetaeCommand.RunAsync(["ingest", "tron", "--url", server.Address, "--ledger", At("deep"), "--follow", "--poll", "0.05"], output, errors));
        Assert.Contains("Block 21", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("does not follow the block before it", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Digest(At("deep")));
        using var writer = AccountLedgerWriter.Open(At("deep"), ChainName.Tron);
        Assert.Equal(40U - TronIngest.Settling, writer.LastBlock!.Value.Number);
    }
}
