using System.Diagnostics;
using Haetae.Ledger;
using Xunit.Abstractions;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>The program itself, killed at random instants, loses nothing that a checkpoint made safe.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 50;
    private const int MostInARow = 7;
    private static readonly int[] s_sizes = [3_000, 8_000, 20_000];

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Fifty_kills_at_random_instants_leave_the_same_bytes_as_an_uninterrupted_run()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var chains = s_sizes.Select((size, i) => _bench.Chain((ulong)i + 1, size)).ToArray();
        var whole = chains.Select((chain, i) => Uninterrupted(chain, _bench.Path_($"whole-{i}"))).ToArray();
        int kills = 0, inFirst = 0, inResume = 0, finished = 0;
        for (var round = 0; kills < Kills; round++)
        {
            var which = round % chains.Length;
            var ledger = _bench.Path_($"killed-{round}");
            var inARow = 1 + random.Next(MostInARow);
            for (var k = 0; k < inARow && kills < Kills; k++)
            {
                var wait = whole[which].Milliseconds * (0.15 + 0.85 * random.NextDouble());
                if (!KillAfter(wait, chains[which], ledger))
                {
                    finished++;
                    whole[which].Milliseconds *= 0.8; // the machine was busier when this was measured
                    break;
                }

                kills++;
                if (k == 0) inFirst++;
                else inResume++;
                ReaderSeesTheLastStateOrIsTold(ledger, $"seed {seed}, round {round}, kill {k}");
            }

            var (code, _, errors) = Workbench.Run(Ingest(chains[which], ledger));
            Assert.True(code == 0, $"seed {seed}, round {round}: {errors}");
            var difference = Workbench.Difference(whole[which].Ledger, ledger);
            Assert.True(difference.Length == 0, $"seed {seed}, round {round}: {difference}");
            var (verified, findings, _) = Workbench.Run("ledger", "verify", "--ledger", ledger);
            Assert.True(verified == 0, $"seed {seed}, round {round}: {findings}");
            Directory.Delete(ledger, recursive: true);
        }

        output.WriteLine($"{kills} kills: {inFirst} in a first run, {inResume} while resuming; {finished} runs were done before their kill");
    }

    private static string[] Ingest(string blocks, string ledger) => ["ingest", "bitcoin", "--blocks", blocks, "--ledger", ledger, "--checkpoint-bytes", "300000", "--threads", "2"];

    private static (string Ledger, double Milliseconds) Uninterrupted(string blocks, string ledger)
    {
        var watch = Stopwatch.StartNew();
        var (code, _, errors) = Workbench.Run(Ingest(blocks, ledger));
        Assert.True(code == 0, errors);
        return (ledger, watch.Elapsed.TotalMilliseconds);
    }

    /// <summary>False when the run was over before.</summary>
    private static bool KillAfter(double milliseconds, string blocks, string ledger)
    {
        using var process = Workbench.Start(Ingest(blocks, ledger));
        var ended = process.WaitForExit((int)milliseconds);
        process.Kill(); // SIGKILL: nothing in the program can catch it
        process.WaitForExit();
        return !ended && process.ExitCode != 0;
    }

    private static void ReaderSeesTheLastStateOrIsTold(string folder, string where)
    {
        if (!Directory.Exists(folder)) return;
        try
        {
            using var ledger = BitcoinLedger.Open(folder);
            Assert.Equal(ledger.Manifest.Written, ledger.Counts);
            Assert.Equal(ledger.Counts.Transactions - 1, ledger.FindTransaction(ledger.TxIds[ledger.Counts.Transactions - 1]));
        }
        catch (LedgerException told) when (told is not LedgerCorruptException)
        {
            Assert.True(told.Message.Contains("not finished", StringComparison.Ordinal) || told.Message.Contains("no ledger", StringComparison.Ordinal), $"{where}: {told.Message}");
        }
    }
}
