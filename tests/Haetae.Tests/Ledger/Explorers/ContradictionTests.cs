using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Explorers;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>A server that contradicts itself costs the addresses concerned their coverage, and nobody the ledger.</summary>
public sealed class ContradictionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-contradiction-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Ways to lie about a payment from one, of rows that a token contract of the liar's may make a server list.</summary>
    public static TheoryData<string, string> Lies => new()
    {
        { "another block", "is said to be in block" },
        { "another time", "is said to be in block" },
        { "told twice", "is told in two ways" },
        { "out of time", "is said to be of time" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_contradicting_row_costs_its_address_the_coverage_and_no_other(string lie, string reason)
    {
        var (chain, victim, other) = (new MadeChain(), MadeChain.AddressOf("victim"), MadeChain.AddressOf("other"));
        var (faucet, stranger, token) = (MadeChain.AddressOf("faucet"), MadeChain.AddressOf("stranger"), MadeChain.AddressOf("token"));
        for (uint i = 0; i < 6; i++)
            chain.Rows.Add(new MadeRow("txlist", 10 + i, 1_600_000_000 + i, MadeChain.HashOf($"honest {i}"), 0, faucet, i % 2 == 0 ? victim : other, 100));
        var met = chain.Rows[2]; // pays the victim
        switch (lie)
        {
            case "another block": chain.Rows.Add(new MadeRow("tokentx", 99, met.Time, met.Hash, 0, stranger, victim, 1, Contract: token)); break;
            case "another time": chain.Rows.Add(new MadeRow("tokentx", met.Block, met.Time + 1, met.Hash, 0, stranger, victim, 1, Contract: token)); break;
            case "told twice": chain.Rows.Add(new MadeRow("txlist", 16, 1_600_000_100, MadeChain.HashOf("two"), 0, faucet, victim, 0)); chain.Rows.Add(new MadeRow("txlist", 16, 1_600_000_100, MadeChain.HashOf("two"), 0, stranger, victim, 0)); break;
            default: chain.Rows.Insert(0, new MadeRow("tokentx", 1, 4_000_000_000, MadeChain.HashOf("late"), 0, stranger, victim, 1, Contract: token)); break;
        }

        using var server = new EtherscanServer(chain);
        var fetched = await Json($"fetch {victim},{other} --ledger CASE --etherscan {server.Url}");
        var coverage = fetched["coverage"]!.AsArray().ToDictionary(one => AccountAddress.Parse((string)one!["address"]!), one => one!);
        Assert.Equal(("truncated", "complete"), ((string)coverage[victim]["coverage"]!, (string)coverage[other]["coverage"]!));
        Assert.Contains(reason, (string)coverage[victim]["reason"]!, StringComparison.Ordinal);
        Assert.Contains(fetched["notes"]!.AsArray(), note => ((string)note!).Contains("contradict each other", StringComparison.Ordinal));

        // Every honest payment stands, each address answers, and the verifier says what is wrong.
        var table = AccountCase.Open(Path.Combine(_root, "case")).Table;
        for (var i = 0; i < 6; i++) Assert.NotNull(table.FindTransaction(MadeChain.HashOf($"honest {i}")));
        Assert.Equal("300", (string)(await Json($"address {other} --ledger CASE"))["assets"]![0]!["balance"]!);
        Assert.Equal("300", (string)(await Json($"address {victim} --ledger CASE"))["assets"]![0]!["received"]!);
        var (exit, output, _) = await FetchRuns.Run("ledger verify --ledger CASE", _root);
        Assert.Equal(ExitCode.VerificationFailed, exit);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_and_the_figures_of_a_case_ledger_are_of_what_was_fetched()
    {
        var chain = MadeChain.Of(12, 60, out var people);
        using var server = new EtherscanServer(chain);
        await Json($"fetch {string.Join(',', people)} --ledger CASE --etherscan {server.Url}");
        var row = chain.Rows.First(one => one.Action == "txlist");
        var block = await Json($"block {row.Block} --ledger CASE");
        Assert.Equal(chain.Rows.Where(one => one.Block == row.Block && one.Action == "txlist").Select(one => $"0x{one.Hash}"), block["transactions"]!.AsArray().Select(id => (string)id!));
        Assert.Contains("others of this block may be missing", (string)block["reason"]!, StringComparison.Ordinal);
        var stretch = await Json($"block --since {row.Block} --ledger CASE");
        Assert.Equal(chain.Rows.Select(one => one.Hash).Distinct().Count(), (int)stretch["transactionCount"]!);
        Assert.Equal((int)stretch["transactionCount"]!, (int)(await Json("ledger stats --ledger CASE"))["transactions"]!);
        Assert.Contains("not over the chain", (await FetchRuns.Run("ledger stats --ledger CASE", _root)).Output, StringComparison.Ordinal);
    }

    private async Task<JsonNode> Json(string command)
    {
        var (exit, output, errors) = await FetchRuns.Run(command + " --json", _root);
        Assert.True(exit == ExitCode.Done, errors);
        return JsonNode.Parse(output)!;
    }
}
