using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tracing.Clusters;

namespace Haetae.Tests.Cli;

/// <summary><c>haetae cluster</c>, <c>cluster build</c>, <c>cluster cut</c> and <c>why</c>, one after another as an analyst uses them.</summary>
public sealed class ClusterCommandTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_splits_what_it_held_together_is_honoured_everywhere_and_can_be_taken_back(bool stored)
    {
        Workbench.Ingest(_bench.Chain(81, 3_000), _bench.Path_("ledger"));
        var (bridge, one, other) = Bridge();
        if (stored)
        {
            var built = await Json("cluster build");
            Assert.Equal(("all", 0), (built["guard"]!.GetValue<string>(), built["cuts"]!.AsArray().Count));
            Assert.Equal(built["leftOut"]!["transactions"]!.GetValue<int>(), built["leftOut"]!["byDetector"]!.AsArray().Sum(some => some!["transactions"]!.GetValue<int>()));
        }

        var before = await Json($"cluster {one}");
        Assert.Equal(stored ? "stored" : "search", before["source"]!.GetValue<string>());
        Assert.Contains(other, Addresses(before));
        Assert.Equal(bridge, (await Json($"why {one} {other}"))["witnesses"]![0]!["txid"]!.GetValue<string>());

        var cut = await Json($"cluster cut {bridge} --reason two\u00a0hands --by Ann");
        Assert.Equal(("cut", true, 2), (cut["change"]!.GetValue<string>(), cut["new"]!.GetValue<bool>(), cut["parts"]!.AsArray().Count));
        Assert.Equal(stored ? 1 : 0, cut["storedClustersRefreshed"]!.AsArray().Count);
        var after = await Json($"cluster {one}");
        Assert.DoesNotContain(other, Addresses(after));
        Assert.Equal([bridge], after["cuts"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal(Addresses(before).Order(), Addresses(after).Concat(Addresses(await Json($"cluster {other}"))).Order());
        Assert.Equal(before["addressCount"]!.GetValue<int>(), cut["parts"]!.AsArray().Sum(part => part!["addresses"]!.GetValue<int>()));
        var (exit, _, errors) = await Run($"why {one} {other}");
        Assert.Equal(ExitCode.NotFound, exit);
        Assert.Contains(bridge, errors, StringComparison.Ordinal);
        Assert.Contains("joins nobody", (await Run($"cluster {one}")).Output, StringComparison.Ordinal);

        Assert.False((await Json($"cluster cut {bridge}"))["new"]!.GetValue<bool>());
        var list = await Json("cluster cut --list");
        Assert.Equal((bridge, "two hands", "Ann"), (list["cuts"]![0]!.GetValue<string>(), list["facts"]![0]!["text"]!.GetValue<string>(), list["facts"]![0]!["by"]!.GetValue<string>()));
        Assert.Equal("taken-back", (await Json($"cluster cut --undo {bridge}"))["change"]!.GetValue<string>());
        Assert.Equal(Addresses(before), Addresses(await Json($"cluster {one}")));
        Assert.Equal(ExitCode.NotFound, (await Run($"cluster cut --undo {bridge}")).Exit);
        Assert.Equal(2, (await Json("cluster cut --list"))["facts"]!.AsArray().Count);
    }

    [Fact]
    public async Task Cutting_is_refused_where_there_is_nothing_to_cut()
    {
        Workbench.Ingest(_bench.Chain(82, 1_000), _bench.Path_("ledger"));
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        Assert.Equal(ExitCode.WrongUse, (await Run($"cluster cut {ledger.TxIds[0]}")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("cluster cut")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run($"cluster cut {ledger.TxIds[0]} --list")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("cluster cut abc")).Exit);
        Assert.Equal(ExitCode.NotFound, (await Run($"cluster cut {new string('0', 64)}")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("cluster build --threads 0")).Exit);
        Assert.False(File.Exists(Path.Combine(_bench.Path_("home"), "haetae.db")));
        Assert.Empty((await Json("cluster cut --list"))["cuts"]!.AsArray());
    }

    [Fact]
    public async Task Change_is_shown_beside_a_cluster_and_never_in_it()
    {
        Workbench.Ingest(_bench.Chain(83, 2_000), _bench.Path_("ledger"));
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        using var view = ClusterView.Compute(ledger, CoinJoinGuard.All, [], 2);
        var found = false;
        for (var tx = 0U; tx < ledger.Graph.TransactionCount && !found; tx++)
        {
            var facts = Haetae.Tracing.Change.ChangeTransaction.Of(ledger, tx);
            if (CoinJoinGuards.LeavesOut(ledger, CoinJoinGuard.All, tx) || new Haetae.Tracing.Change.LegacyRule().Candidates(facts) is not { Count: 1 } one) continue;
            var (input, change) = (view.InputAddressesOf(tx).First(), view.AddressOf(ledger.Graph.FirstOutput[tx] + one.Min));
            if (view.ClusterOf(input) == view.ClusterOf(change) || !Address.TryEncode(view.ScriptOf(input), ledger.Network, out var from) || !Address.TryEncode(view.ScriptOf(change), ledger.Network, out var to)) continue;
            found = true;
            var plain = await Json($"cluster {from}");
            var layered = await Json($"cluster {from} --with-change legacy");
            Assert.Equal(Addresses(plain), Addresses(layered));
            Assert.Null(plain["byChange"]);
            var links = layered["byChange"]!["addresses"]!.AsArray();
            Assert.Contains(to, links.Select(link => link!["address"]!.GetValue<string>()));
            Assert.All(links, link => Assert.Equal(link!["link"]!.GetValue<string>() == "change", link["vout"] is not null));
            Assert.Contains("leads, not part of the cluster", (await Run($"cluster {from} --with-change legacy")).Output, StringComparison.Ordinal);
            var verdict = await Json($"change {ledger.TxIds[tx]}");
            Assert.Equal(one.Min, verdict["rules"]!.AsArray().Single(rule => rule!["rule"]!.GetValue<string>() == "legacy")!["unique"]!.GetValue<int>());
            Assert.Contains("named by", (await Run($"change {ledger.TxIds[tx]}")).Output, StringComparison.Ordinal);
            Assert.Equal(ExitCode.WrongUse, (await Run($"cluster {from} --with-change guess")).Exit);
        }

        Assert.True(found);
        Assert.Equal(ExitCode.WrongUse, (await Run("change abc")).Exit);
        Assert.Equal(ExitCode.NotFound, (await Run($"change {new string('0', 64)}")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("peel abc")).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run($"peel {ledger.TxIds[0]}:x")).Exit);
        Assert.Equal(ExitCode.NotFound, (await Run($"peel {ledger.TxIds[0]}:9")).Exit);
    }

    [Fact]
    public async Task The_help_of_a_verb_below_does_not_ask_for_an_address()
    {
        Assert.DoesNotContain("<address>", (await Run("cluster build --help")).Output, StringComparison.Ordinal);
        Assert.Contains("<address>", (await Run("cluster --help")).Output, StringComparison.Ordinal);
    }

    // A transaction without which two of its input addresses fall apart.
    private (string TxId, string One, string Other) Bridge()
    {
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        var scan = new GuardScan(ledger, CoinJoinGuard.All);
        for (var tx = 0U; tx < ledger.Graph.TransactionCount; tx++)
        {
            var first = ledger.Graph.FirstInput[tx];
            if (ledger.Graph.FirstInput[tx + 1L] - first != 2 || scan.LeavesOut(tx)) continue;
            var (one, other) = (Name(first), Name(first + 1));
            if (one is null || other is null || one == other) continue;
            var without = new CoSpendSearch(ledger, CoinJoinGuard.All, new HashSet<uint> { tx });
            var met = without.Walk(ledger.SpentScriptOf(first)!, int.MaxValue).ToList();
            if (met.Count > 1 && met.TrueForAll(member => ledger.ScriptKeys[member.Output] != ledger.InputScriptKey(first + 1))) return (ledger.TxIds[tx].ToString(), one, other);
        }

        throw new InvalidOperationException("No transaction of this chain holds a cluster together alone.");

        string? Name(long input) => Address.TryEncode(ledger.SpentScriptOf(input)!, ledger.Network, out var address) ? address : null;
    }

    private static List<string> Addresses(JsonNode cluster) => [.. cluster["addresses"]!.AsArray().Select(member => member!["address"]!.GetValue<string>())];

    private async Task<JsonNode> Json(string command)
    {
        var (exit, output, errors) = await Run(command + " --json");
        Assert.True(exit == ExitCode.Done, $"{command}: {exit} {errors}");
        return JsonNode.Parse(output)!;
    }

    private async Task<(int Exit, string Output, string Errors)> Run(string command)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        string[] arguments = [.. command.Split(' ').Select(argument => argument.Replace('\u00a0', ' ')), "--ledger", _bench.Path_("ledger"), "--home", _bench.Path_("home")];
        return (await HaetaeCommand.RunAsync(arguments, output, errors), output.ToString(), errors.ToString());
    }
}
