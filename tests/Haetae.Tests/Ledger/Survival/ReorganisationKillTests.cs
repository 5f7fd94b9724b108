using System.Diagnostics;
using Haetae.Ledger;
using Haetae.Ledger.Storage;
using Xunit.Abstractions;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>The program itself, killed at random instants while one branch takes the place of another, and again while it recovers from that.</summary>
public sealed class ReorganisationKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 26;
    private const int MostInARow = 6;
    private const long CheckpointBytes = 200_000;
    private const long Whole = 1 << 30;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Kills_at_random_instants_of_a_reorganisation_leave_the_columns_of_the_winning_branch_alone()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var trunk = Branches.FromGenesis().Grow(40, 40, 1);
        // more work in fewer bytes, so that what the losing branch left lies behind the end, too
        Branches stale = trunk.Grow(80, 60, 2), better = trunk.Grow(86, 40, 3);
        Branches.Write(_bench.Path_("stale"), stale);
        Branches.Write(_bench.Path_("both"), stale, better);
        Branches.Write(_bench.Path_("alone"), better);
        Workbench.Ingest(_bench.Path_("alone"), _bench.Path_("expected"), checkpoint: Whole);
        Workbench.Ingest(_bench.Path_("stale"), _bench.Path_("before"), checkpoint: Whole);
        Hash256[] tips = [stale.Tip, trunk.Tip, better.Until(stale.Blocks.Count + 1).Tip, better.Tip];
        var milliseconds = Uninterrupted();
        int kills = 0, inFirst = 0, inRecovery = 0, finished = 0, midway = 0;
        var seen = new int[4];
        for (var round = 0; kills < Kills; round++)
        {
            var ledger = _bench.Path_($"killed-{round}");
            Workbench.Copy(_bench.Path_("before"), ledger);
            var inARow = 2 + random.Next(MostInARow - 1);
            for (var k = 0; k < inARow && kills < Kills; k++)
            {
                // First at any moment after blocks were taken back, in some rounds after the ledger was opened; then at any moment of the recovery.
                if (!Kill(ledger, k == 0 && round % 4 < 3 ? IsUndone : IsOpened, 0.8 * milliseconds * random.NextDouble()))
                {
                    finished++;
                    milliseconds *= 0.85; // the machine was busier when this was measured
                    break;
                }

                kills++;
                var where = $"seed {seed}, round {round}, kill {k}";
                var tip = Array.IndexOf(tips, PublishedTip(ledger, where));
                Assert.True(tip >= 0, $"{where}: a reader sees a tip that is none of the branches'");
                seen[tip]++;
                if (tip == 1 && Manifest.Read(ledger)!.Written.Blocks > trunk.Blocks.Count) midway++;
                if (k == 0) inFirst++;
                else inRecovery++;
            }

            var result = Workbench.Ingest(_bench.Path_("both"), ledger, checkpoint: Whole);
            Assert.Equal(better.Tip, result.TipHash);
            var difference = Workbench.ColumnDifference(_bench.Path_("expected"), ledger);
            Assert.True(difference.Length == 0, $"seed {seed}, round {round}: {difference}");
            PublishedTip(ledger, $"seed {seed}, round {round}, resumed");
            Directory.Delete(ledger, recursive: true);
        }

        output.WriteLine($"{kills} kills: {inFirst} in a first run, {inRecovery} while recovering; readers then saw {seen[0]} times the old branch, {seen[1]} times what both share ({midway} times with a checkpoint in the new one), {seen[2] + seen[3]} times the new one; {finished} runs were done before their kill; the last waits were up to {milliseconds:0} ms");
        Assert.InRange(seen[1] + seen[2], Kills / 3, Kills);
    }

    private string[] Ingest(string ledger) => ["ingest", "bitcoin", "--blocks", _bench.Path_("both"), "--ledger", ledger, "--checkpoint-bytes", $"{CheckpointBytes}", "--threads", "2"];

    /// <summary>Milliseconds from the moment at which blocks are taken back to the end.</summary>
    private double Uninterrupted()
    {
        var ledger = _bench.Path_("timed");
        Workbench.Copy(_bench.Path_("before"), ledger);
        using var process = Workbench.Start(Ingest(ledger));
        Await(process, ledger, IsUndone);
        var watch = Stopwatch.StartNew();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static bool IsUndone(string ledger) => Manifest.Read(ledger)!.Undone > 0;

    /// <summary>A writer that opens a ledger clears scrap away.</summary>
    private static bool IsOpened(string ledger) => !File.Exists(Scrap(ledger));

    private static string Scrap(string ledger) => Path.Combine(ledger, "txid.0-1.idx.new");

    private static void Await(Process process, string ledger, Func<string, bool> moment)
    {
        while (!moment(ledger) && !process.HasExited) Thread.Sleep(1);
    }

    /// <summary>Runs the program and kills it some time after a moment; false when the run was over before.</summary>
    private bool Kill(string ledger, Func<string, bool> moment, double milliseconds)
    {
        File.WriteAllText(Scrap(ledger), "scrap");
        using var process = Workbench.Start(Ingest(ledger));
        Await(process, ledger, moment);
        var ended = process.WaitForExit((int)milliseconds);
        process.Kill(); // SIGKILL: nothing in the program can catch it
        process.WaitForExit();
        return !ended && process.ExitCode != 0;
    }

    /// <summary>The tip that a reader sees, after everything it sees was checked.</summary>
    private static Hash256 PublishedTip(string folder, string where)
    {
        var findings = LedgerVerifier.Verify(folder, 2, null, CancellationToken.None);
        Assert.True(findings.Count == 0, $"{where}: {string.Join(" | ", findings)}");
        using var ledger = BitcoinLedger.Open(folder);
        return ledger.TipHash;
    }
}
