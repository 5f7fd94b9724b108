using System.Diagnostics;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Ledger.Survival;
using Xunit.Abstractions;

namespace Haetae.Tests.Ledger.Accounts.Rows;

/// <summary>The program itself, killed while it takes in a table, leaves the ledger as it was or with the whole table in it.</summary>
public sealed class TableKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 12;
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    private string Table(string name, int from, int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("t,f,o,a\n");
        for (var i = 0; i < rows; i++) text.Append($"{from + i / 3},0x{random.Next(5000):x40},0x{random.Next(5000):x40},{random.Next()}\n");
        var path = _bench.Path_(name);
        File.WriteAllText(path, text.ToString());
        return path;
    }

    private static string[] Ingest(string table, string ledger) => ["ingest", "csv", table, "--ledger", ledger, "--map", "time=t,from=f,to=o,amount=a"];

    private static string Digest(string ledger)
    {
        using var open = AccountLedger.Open(ledger);
        return open.Digest;
    }

    [Theory]
    [InlineData(1_000_000)] // later rows: appended
    [InlineData(50_000)] // rows among those of the ledger: written anew
    public void A_kill_at_any_instant_leaves_the_old_ledger_or_the_new(int secondBegins)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (first, second) = (Table("first.csv", 1, 200_000, 1), Table("second.csv", secondBegins, 200_000, 2));
        var (before, whole) = (_bench.Path_("before"), _bench.Path_("whole"));
        Assert.Equal(0, Workbench.Run(Ingest(first, before)).Item1);
        var old = Digest(before);
        Assert.Equal(0, Workbench.Run(Ingest(first, whole)).Item1);
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, Workbench.Run(Ingest(second, whole)).Item1);
        var milliseconds = watch.Elapsed.TotalMilliseconds;
        var done = Digest(whole);
        Assert.NotEqual(old, done);
        var kept = 0;
        for (var k = 0; k < Kills; k++)
        {
            var ledger = _bench.Path_($"killed-{k}");
            Directory.CreateDirectory(ledger);
            foreach (var path in Directory.GetFiles(before)) File.Copy(path, Path.Combine(ledger, Path.GetFileName(path)));
            using (var process = Workbench.Start(Ingest(second, ledger)))
            {
                process.WaitForExit((int)(milliseconds * (0.2 + 0.8 * random.NextDouble())));
                process.Kill(); // SIGKILL: nothing in the program can catch it
                process.WaitForExit();
            }

            if (Directory.Exists(ledger)) // else it was put aside a moment ago, and the next run puts it back
            {
                var now = Digest(ledger);
                Assert.True(now == old || now == done, $"seed {seed}, kill {k}");
                if (now == old) kept++;
            }

            var (code, _, errors) = Workbench.Run(Ingest(second, ledger));
            Assert.True(code == 0, $"seed {seed}, kill {k}: {errors}");
            Assert.Equal(done, Digest(ledger));
            Assert.Empty(AccountLedgerVerifier.Verify(ledger, 2, null, CancellationToken.None));
            Directory.Delete(ledger, recursive: true);
        }

        output.WriteLine($"{Kills} kills, {kept} before the swap");
    }

    [Fact]
    public void What_kills_leave_beside_a_ledger_is_cleared_and_what_is_not_ours_is_named()
    {
        var (first, second, ledger) = (Table("early.csv", 1, 300, 1), Table("among.csv", 50, 300, 2), _bench.Path_("beside"));
        Assert.Equal(0, Workbench.Run(Ingest(first, ledger)).Item1);
        foreach (var (folder, file) in new[] { (".rewrite", "writer.lock"), (".rewrite", "manifest.json.new"), (".before-rewrite", "tx.id.col"), (".before-rewrite", "tx.id.crc") })
        {
            Directory.CreateDirectory(ledger + folder);
            File.WriteAllText(Path.Combine(ledger + folder, file), "");
        }

        Directory.CreateDirectory(ledger + ".rewrite");
        File.WriteAllText(Path.Combine(ledger + ".rewrite", "notes.txt"), "mine");
        var (refused, _, errors) = Workbench.Run(Ingest(second, ledger));
        Assert.Equal(1, refused);
        Assert.Contains(".rewrite' is there already", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(ledger + ".before-rewrite"));
        File.Delete(Path.Combine(ledger + ".rewrite", "notes.txt"));
        Assert.Equal(0, Workbench.Run(Ingest(second, ledger)).Item1);
        Assert.False(Directory.Exists(ledger + ".rewrite"));
    }
}
