using Haetae.Cli.Commands;
using Haetae.Cli.Commands.Accounts;

namespace Haetae.Tests.Cli;

public sealed class AddressChecksumTests
{
    private const string Right = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96";
    private const string Wrong = "0x098B716B8Aaf21512996dC57EB0615e2383E2f97";

    private static string[] Warned(params string[] words)
    {
        using var errors = new StringWriter();
        AddressChecksums.Warn(words, errors);
        return errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void Letters_of_both_cases_that_break_the_checksum_are_told_with_the_right_ones()
    {
        var line = Assert.Single(Warned("address", Wrong, $"--from={Wrong}:eth", $"{Right},{Wrong}"));
        Assert.Contains(Wrong, line, StringComparison.Ordinal);
        Assert.Contains(Haetae.Ledger.Accounts.AccountAddress.Parse(Wrong).ToEip55(), line, StringComparison.Ordinal);
    }

    [Fact]
    public void Right_letters_and_letters_of_one_case_claim_nothing_wrong() =>
        Assert.Empty(Warned(Right, Right.ToLowerInvariant(), "0x" + Right[2..].ToUpperInvariant(), $"/cases/{Wrong}/ledger", $"{Wrong}00", "0x" + new string('a', 63) + "B"));

    [Fact]
    public async Task The_address_is_read_all_the_same()
    {
        using StringWriter output = new(), errors = new();
        var folder = Directory.CreateTempSubdirectory("haetae-checksum-").FullName;
        var exit = await HaetaeCommand.RunAsync(["address", Wrong, "--ledger", folder], output, errors);
        Directory.Delete(folder);
        Assert.Equal(ExitCode.NotFound, exit); // there is no ledger
        Assert.StartsWith("warning: " + Wrong, errors.ToString(), StringComparison.Ordinal);
        foreach (var way in new[] { "ingest bitcoin", "ingest evm", "ingest tron", "ingest csv", "jsonl", "fetch" }) Assert.Contains(way, errors.ToString(), StringComparison.Ordinal);
    }
}
