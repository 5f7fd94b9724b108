using System.Text.RegularExpressions;
using Haetae.Cli.Demo;
using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Tests.Support;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Cli.Demo;

/// <summary>What the page shows of every rule, against the tables of the sheet of facts.</summary>
public sealed class RoninRulesTests
{
    private static readonly IReadOnlyList<RoninRules> Rules = Of();

    private static List<RoninRules> Of()
    {
        var (document, accounts) = RoninCase.Read();
        var rows = RowsLedger.Of(accounts, document.Head.Chain);
        return [.. accounts.Thefts.Select(theft => RoninRules.Of(accounts, rows, theft, CancellationToken.None))];
    }

    [SharedDataTheory]
    [InlineData("A")]
    [InlineData("B")]
    public void Every_figure_of_every_rule_is_that_of_the_sheet(string theft)
    {
        var reading = Rules.Single(one => one.Theft.Name == theft);
        var sheet = File.ReadAllText(SharedData.Path_("ethereum", "ronin-2022", "FACTS.md"));
        var table = sheet[sheet.IndexOf($"**Scenario {theft}", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("| left the eight", StringComparison.Ordinal)];
        Policy[] columns = [Policy.Fifo, Policy.Lifo, Policy.Haircut, Policy.Tiho, Policy.DirtyFirst, Policy.CleanFirst, Policy.Poison];
        foreach (var group in reading.Groups)
        {
            // The sheet names groups by the same ids, and rests as "R rest at 0x098B".
            var name = group.Id.StartsWith('R') ? "R rest at " + group.Id[2..] : group.Id.Replace("G4 ", "G4 via ", StringComparison.Ordinal);
            var row = Regex.Match(table, @"^\| " + Regex.Escape(name) + @"\b[^|]*\|(.*)\|$", RegexOptions.Multiline | RegexOptions.IgnoreCase);
            Assert.True(row.Success, name);
            var cells = row.Groups[1].Value.Split('|').Select(cell => RoninCaseTests.Ether(cell.Trim())).ToArray();
            for (var i = 0; i < columns.Length; i++) Assert.Equal((name, columns[i], cells[i]), (name, columns[i], group.ByPolicy.Single(one => one.Policy == columns[i]).Amount));
            Assert.Equal((name, cells[7], cells[8]), (name, group.Least, group.Most));
        }

        Assert.Equal(19, reading.Groups.Count);
    }

    [Fact]
    public void Of_the_6_250_of_March_at_least_6_248_94_hold_under_any_rule_once_the_swap_is_counted()
    {
        var with = Rules.Single(one => one.Theft.Name == "B").Jointly;
        Assert.Equal((RoninCaseTests.Ether("6248.9431"), RoninCaseTests.Ether("6250")), (with.Least, with.Most));
        var without = Rules.Single(one => one.Theft.Name == "A").Jointly;
        Assert.Equal((UInt256.Zero, RoninCaseTests.Ether("6250")), (without.Least, without.Most));
    }

    [Fact]
    public void Every_rule_that_conserves_lies_inside_the_bounds()
    {
        foreach (var group in Rules.SelectMany(reading => reading.Groups))
            Assert.All(group.ByPolicy.Where(one => one.Policy != Policy.Poison), one => Assert.True(one.Amount >= group.Least && one.Amount <= group.Most, $"{group.Id} {one.Policy}"));
    }

    [Fact]
    public void The_page_is_the_same_bytes_each_time_and_holds_every_exact_figure()
    {
        var (document, accounts) = RoninCase.Read();
        var figures = new RoninFigures(accounts);
        string Page()
        {
            using var html = new StringWriter();
            new RoninPage(document, figures, Rules, CaseJson.DigestIn(RoninCase.Bytes()), html).Write();
            return html.ToString();
        }

        var page = Page();
        Assert.Equal(page, Page());
        foreach (var exact in new[] { "182,165.90308226759764805", "182,163.95603", "8,564.6801891307459", "144,835.99835", "175,771.81508", "142.0918757743843726", "0.1698666436384726", "6,248.9431", "1,745 of 1,750" })
            Assert.Contains(exact, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }
}
