using System.Globalization;
using System.Text;
using System.Text.Json;
using Haetae.Cli.Commands;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Ledger.Accounts.Rows;

public sealed class FileCoverageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-coverage-").FullName;
    private int _files;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static AccountAddress Account(int number) => AccountAddress.Parse(number.ToString("x40", CultureInfo.InvariantCulture));

    private string Write(IEnumerable<(int Time, int From, int To)> rows)
    {
        var path = Path.Combine(_folder, $"table-{_files++}.csv");
        var text = new StringBuilder("t,f,o,a\n");
        foreach (var (time, from, to) in rows) text.Append(CultureInfo.InvariantCulture, $"{time},{Account(from)},{Account(to)},5\n");
        File.WriteAllText(path, text.ToString());
        return path;
    }

    private TransferIngestResult Take(string file, bool all = false, params int[] complete) => TransferIngest.FromCsv(
        new TransferIngestOptions
        {
            File = file,
            Ledger = Path.Combine(_folder, "ledger"),
            Table = new TransferTable
            {
                Chain = ChainName.Ethereum,
                Map = new Dictionary<TransferField, string> { [TransferField.Time] = "t", [TransferField.From] = "f", [TransferField.To] = "o", [TransferField.Amount] = "a" },
            },
            AllComplete = all,
            Complete = [.. complete.Select(Account)],
        }, null, CancellationToken.None);

    private TransferIngestResult Take(IEnumerable<(int Time, int From, int To)> rows, bool all = false, params int[] complete) => Take(Write(rows), all, complete);

    private string Complete()
    {
        using var ledger = AccountLedger.Open(Path.Combine(_folder, "ledger"));
        return string.Join(' ', Enumerable.Range(1, 9).Where(number => ledger.FindAccount(Account(number)) is { } account && ledger.CoverageOf(account) == Coverage.Complete));
    }

    [Fact]
    public void A_later_file_without_a_word_leaves_the_addresses_that_it_does_not_name_complete()
    {
        Take([(1, 1, 2), (2, 3, 4)], all: true);
        var later = Take([(3, 1, 5)]);
        Assert.Equal("2 3 4", Complete());
        Assert.Equal((1, 0), (later.NoLongerComplete, later.NotComplete));
        Assert.Contains(later.Notes, note => note.Contains("further rows of 1 address whose", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_each_said_to_be_complete_are_complete_together()
    {
        Take([(1, 1, 2)], all: true);
        Take([(2, 1, 3)], all: true);
        Assert.Equal("1 2 3", Complete());
    }

    [Fact]
    public void A_later_file_does_not_make_up_for_rows_of_a_file_of_which_nothing_was_said()
    {
        Take([(1, 1, 2)]);
        var later = Take([(2, 1, 3)], all: true);
        Assert.Equal("3", Complete());
        Assert.Equal((0, 1), (later.NoLongerComplete, later.NotComplete));
        Assert.Contains(later.Notes, note => note.Contains("1 address of which", StringComparison.Ordinal));
        Assert.Equal(1, Take([(3, 4, 5)], complete: 2).NotComplete);
    }

    [Fact]
    public void A_file_with_all_rows_of_an_address_makes_it_complete_among_those_there()
    {
        Take([(2, 1, 2), (4, 3, 4)]);
        var merged = Take([(1, 2, 5), (2, 1, 2)], all: true);
        Assert.True(merged.WasMerged);
        Assert.Equal("1 2 5", Complete());
        Assert.Equal("1 2", CompleteAfterMore());

        string CompleteAfterMore()
        {
            Take([(3, 5, 6)]);
            return Complete();
        }
    }

    [Fact]
    public void The_same_file_again_may_be_said_more_of_and_never_less()
    {
        var file = Write([(1, 1, 2), (2, 3, 4)]);
        Take(file);
        Assert.Equal("", Complete());
        Assert.True(Take(file, complete: 3).WasThere);
        Assert.Equal("3", Complete());
        var all = Take(file, all: true);
        Assert.Equal((true, 0L, 2L), (all.WasThere, all.TransfersAdded, all.Counts.Transfers));
        Assert.Equal("1 2 3 4", Complete());
        var digest = Take(file).Digest;
        Assert.Equal((all.Digest, "1 2 3 4"), (digest, Complete()));
        using var ledger = AccountLedger.Open(Path.Combine(_folder, "ledger"));
        Assert.Equal("all", Assert.Single(ledger.Statements.Sources).Complete);
        Assert.Empty(AccountLedgerVerifier.Verify(ledger.Folder, 1, null, CancellationToken.None));
    }

    /// <summary>Against the rule as it is written: complete while every row comes from files said to be complete for the address.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Coverage_is_what_the_rule_says_in_whatever_order_files_come(int seed)
    {
        var dice = new Random(seed);
        var files = Enumerable.Range(0, 5).Select(file => Enumerable.Range(0, 3).Select(row => (Time: 10 * file + row, From: dice.Next(1, 10), To: dice.Next(1, 10))).ToList()).ToList();
        var order = Enumerable.Range(0, files.Count).ToArray();
        if (seed > 1) dice.Shuffle(order);
        var (met, complete) = (new SortedSet<int>(), new SortedSet<int>());
        foreach (var file in order)
        {
            var all = dice.Next(2) == 0;
            Take(files[file], all);
            foreach (var account in files[file].SelectMany(row => new[] { row.From, row.To }).Distinct())
            {
                if (met.Add(account) && all) complete.Add(account);
                if (!all) complete.Remove(account);
            }

            Assert.Equal(string.Join(' ', complete), Complete());
        }
    }

    [Fact]
    public void What_is_said_of_many_accounts_in_a_row_takes_one_line()
    {
        var said = AccountCoverages.Of([new CoverageStatement(3, Coverage.Complete, 1_000_000), new CoverageStatement(7, Coverage.Unknown)]);
        Assert.Equal([new(3, Coverage.Complete, 3), new(7, Coverage.Unknown), new(8, Coverage.Complete, 999_995)], said.Statements());
        Assert.Equal((null, Coverage.Complete, null), (said[2], said[1_000_003], said[1_000_004]));
        said.CutTo(8);
        Assert.Equal([new(3, Coverage.Complete, 3), new(7, Coverage.Unknown)], said.Statements());
    }

    [Fact]
    public async Task The_command_says_whose_coverage_changed_and_one_is_one()
    {
        Take([(1, 1, 2)], all: true);
        var file = Write([(2, 1, 3)]);
        string[] verb = ["ingest", "csv", file, "--ledger", Path.Combine(_folder, "ledger"), "--map", "time=t,from=f", "--map", "to=o,amount=a"];
        using StringWriter output = new(), errors = new();
        Assert.Equal(ExitCode.Done, await HaetaeCommand.RunAsync(verb, output, errors));
        Assert.Contains("1 row read, 1 transaction and 1 transfer added", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 address was complete and is unknown now", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Without hash  1 row: its id is made from what it says", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("2 transactions, 2 transfers, 3 accounts, 1 asset\n", output.ToString(), StringComparison.Ordinal);
        using StringWriter again = new();
        Assert.Equal(ExitCode.Done, await HaetaeCommand.RunAsync([.. verb, "--json"], again, errors));
        Assert.Equal((0, true), (JsonDocument.Parse(again.ToString()).RootElement.GetProperty("noLongerComplete").GetInt32(), JsonDocument.Parse(again.ToString()).RootElement.GetProperty("wasThere").GetBoolean()));
    }
}
