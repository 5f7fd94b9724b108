using Haetae.Ledger;
using Haetae.Ledger.Clusters;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tracing.Clusters;
using Xunit.Abstractions;

namespace Haetae.Tests.Tracing.Clusters;

/// <summary><c>haetae cluster build</c>, killed at random instants, leaves no clusters, the earlier ones or the new ones: whole each time.</summary>
public sealed class ClusterKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 12;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_killed_build_leaves_whole_clusters_or_none_and_the_next_one_the_same_bytes()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var folder = _bench.Path_("ledger");
        Workbench.Ingest(_bench.Chain(69, 60_000), folder);
        string[] build = ["cluster", "build", "--ledger", folder, "--home", _bench.Path_("home")];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, Workbench.Run(build).Code);
        var runTime = (int)watch.ElapsedMilliseconds;
        using var ledger = BitcoinLedger.Open(folder);
        Workbench.Copy(ClusterStore.FolderOf(ledger), _bench.Path_("whole"));
        int none = 0, whole = 0, killed = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            if (Directory.Exists(ClusterStore.FolderOf(ledger))) Directory.Delete(ClusterStore.FolderOf(ledger), recursive: true); // a kill can come before it is made
            var wereThere = kill % 2 == 1;
            if (wereThere) Workbench.Copy(_bench.Path_("whole"), ClusterStore.FolderOf(ledger));
            using (var process = Workbench.Start(build))
            {
                // Every other kill waits for files to be written, which is soon over; the rest fall anywhere in the second half of a run.
                var byTime = kill % 4 < 2;
                if (byTime) Thread.Sleep(random.Next(runTime / 2, runTime));
                while (!byTime && !process.HasExited && !IsWriting(ClusterStore.FolderOf(ledger))) Thread.Yield();
                if (!process.WaitForExit(byTime ? 0 : random.Next(20)))
                {
                    process.Kill();
                    process.WaitForExit();
                    killed++;
                }
            }

            using var columns = ClusterStore.TryOpen(ledger, "all", CoinJoinGuards.RulesVersion, out var reason);
            if (columns is null)
            {
                Assert.True(!wereThere && reason == "No clusters are stored.", $"seed {seed}, kill {kill}: {reason}");
                none++;
                continue;
            }

            whole++;
            for (long o = 0; o < ledger.Counts.Outputs; o++) _ = columns.AddressOfOutput[o];
            for (var address = 0U; address < columns.Addresses; address++) _ = (columns.FirstOutput[address], columns.Cluster[address], columns.NextMember[address]);
        }

        output.WriteLine($"seed {seed}: {killed} kills of {Kills} runs; {none} times there was nothing, {whole} times all of it");
        Assert.Equal(0, Workbench.Run(build).Code);
        Assert.Equal("", Workbench.Difference(_bench.Path_("whole"), ClusterStore.FolderOf(ledger)));
        Assert.True(killed > 0, $"seed {seed}: every run ended before it could be killed");
    }

    private static bool IsWriting(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.new").Any();
}
