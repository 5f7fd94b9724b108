using System.Text.RegularExpressions;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;
using Haetae.Tests.Support;

namespace Haetae.Tests.Node;

/// <summary>A ledger that begins above the first block: what its inputs spend from before is told by the node, exactly, or stays unknown.</summary>
public sealed class NodeRangeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-range").FullName;
    private readonly TestChain _chain;
    private readonly Dictionary<(Hash256 Id, uint Vout), (long Value, byte[] Script)> _outputs = [];
    private readonly PlainBlock _busy;
    private readonly int _from;

    public NodeRangeTests()
    {
        _chain = TestChain.Heist(Path.Combine(_folder, "heist"));
        var blocks = _chain.Blocks.Select(PlainBlock.Read).ToList();
        foreach (var transaction in blocks.SelectMany(block => block.Transactions))
            for (var vout = 0; vout < transaction.Outputs.Count; vout++) _outputs[(transaction.Id, (uint)vout)] = transaction.Outputs[vout];
        // a block of the last ones that spends more than once
        _busy = blocks.TakeLast(40).First(block => block.Transactions.Sum(transaction => transaction.Inputs.Count) > 2);
        _from = blocks.IndexOf(_busy) - 1;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private BitcoinIngestOptions Options(string ledger = "ledger", int? from = null) => new() { Ledger = In(ledger), From = from ?? _from, Threads = 2 };

    private string Told(byte[] block, int height) => CoreBlockJson.Write(block, height, outpoint => _outputs[outpoint]);

    private static string Untold(byte[] block, int height) => CoreBlockJson.Write(block, height, null);

    private static void AssertWhole(string ledger) => Assert.Empty(LedgerVerifier.Verify(ledger, 2, null, CancellationToken.None));

    [Fact]
    public void A_range_knows_every_value_script_and_fee_of_the_whole_chain()
    {
        using var node = new NodeDouble(_chain) { Details = Told };
        var result = BitcoinIngest.FromNode(Options(), node.Access);
        BitcoinIngest.FromNode(Options("whole", 0), node.Access);
        Assert.Empty(result.Warnings);
        Assert.Equal((_from, _chain.Blocks.Count - 1), (result.FirstHeight, result.TipHeight));
        Assert.Equal(0, result.Counts.UnknownInputs);
        AssertWhole(In("ledger"));
        using BitcoinLedger range = BitcoinLedger.Open(In("ledger")), whole = BitcoinLedger.Open(In("whole"));
        for (uint t = 0; t < range.Graph.TransactionCount; t++)
            Assert.Equal(whole.Graph.Fee[whole.FindTransaction(range.TxIds[t])], range.Graph.Fee[t]);
        var outside = 0;
        for (long input = 0; input < range.Graph.InputCount; input++)
        {
            if (range.Graph.Previous[input] != OutputNum.NotHeld) continue;
            var (value, script) = _outputs[Outpoints().ElementAt((int)input)];
            Assert.Equal(value, range.OutsideOf(input).Value);
            Assert.Equal(script, range.OutsideOf(input).Script);
            outside++;
        }

        Assert.True(outside > 10);
    }

    private IEnumerable<(Hash256, uint)> Outpoints() => _chain.Blocks.Skip(_from).SelectMany(block => PlainBlock.Read(block).Transactions).SelectMany(transaction => transaction.Inputs);

    [Theory]
    [InlineData("verbosity 2")]
    [InlineData("verbosity 2 of btcd")]
    [InlineData("verbosity 1")]
    [InlineData("verbosity 0")]
    [InlineData("-1")]
    [InlineData("-3")]
    [InlineData("-8")]
    [InlineData("-32602")]
    public void A_node_too_old_to_tell_leaves_values_unknown_and_says_so(string answers)
    {
        using var node = new NodeDouble(_chain)
        {
            Details = answers switch
            {
                "verbosity 2" => Untold,
                "verbosity 2 of btcd" => (block, height) => Untold(block, height).Replace("\"tx\":", "\"rawtx\":", StringComparison.Ordinal),
                "verbosity 1" => (block, _) => $$"""{"hash":"{{TestChain.HashOf(block)}}","tx":[{{string.Join(',', PlainBlock.Read(block).Transactions.Select(transaction => $"\"{transaction.Id}\""))}}]}""",
                "verbosity 0" => (block, _) => $"\"{Convert.ToHexStringLower(block)}\"",
                _ => null,
            },
            Refusal = (int.TryParse(answers, out var code) ? code : -1, "JSON value is not a boolean as expected"),
        };
        var result = BitcoinIngest.FromNode(Options(), node.Access);
        Assert.InRange(result.Counts.UnknownInputs, 1, result.Counts.Inputs);
        Assert.Contains(result.Warnings, warning => warning.Contains("does not tell what inputs spend", StringComparison.Ordinal) && warning.Contains("stay unknown", StringComparison.Ordinal));
        AssertWhole(In("ledger"));
        using var ledger = BitcoinLedger.Open(In("ledger"));
        for (long input = 0; input < ledger.Graph.InputCount; input++)
            if (ledger.Graph.Previous[input] == OutputNum.NotHeld) Assert.Null(ledger.OutsideOf(input).Value);
    }

    private const string Value = "\"value\":[0-9.]+";
    private const string Prevout = "\"prevout\":\\{.*?\\}\\},";
    private const string Hex = "\"hex\":\"[0-9a-f]+\"";

    [Theory]
    [InlineData(Value, "\"value\":-1.00000000", "-1.00000000, which is no number of coins")]
    [InlineData(Value, "\"value\":22000000.00000000", "22000000.00000000, which is no")]
    [InlineData(Value, "\"value\":0.123456789", "0.123456789, which is no")]
    [InlineData(Value, "\"value\":\"0.5\"", "\"0.5\", which is no")]
    [InlineData(Value, "\"value\":null", "null, which is no")]
    [InlineData(Value, "\"value\":true", "true, which is no")]
    [InlineData(Value, "\"value\":[0.5]", "[0.5], which is no")]
    [InlineData(Value, "\"value\":1e400", "1e400, which is no")]
    [InlineData(Value, "\"value\":1e-400", "1e-400, which is no")]
    [InlineData(Value, "\"value\":1e999999999999", "1e999999999999, which is no")]
    [InlineData(Value, "\"value\":111111111111111111111111111111111111111111111111111111", "11111..., which is no")]
    [InlineData(Value, "\"worth\":1.0", "has no value")]
    [InlineData(Value, "\"value\":0.00000000", "where the outputs take")]
    [InlineData(Hex, "\"hex\":\"abc\"", "is no hex")]
    [InlineData(Hex, "\"hex\":\"zz\"", "is no hex")]
    [InlineData(Hex, "\"hex\":null", "has no script")]
    [InlineData(Prevout, "\"prevout\":null,", "'prevout' is null")]
    [InlineData(Prevout, "\"prevout\":\"none\",", "'prevout' is \"none\"")]
    [InlineData(Prevout, "", "others have no 'prevout'")]
    [InlineData("\"vout\":[0-9]+", "\"vout\":-1", "has no vout")]
    [InlineData("\"vout\":[0-9]+", "\"vout\":1.5", "has no vout")]
    [InlineData("\"vout\":[0-9]+", "\"vout\":123456", "does not tell what")]
    public void A_value_that_cannot_be_is_refused_by_node_block_and_transaction(string pattern, string lie, string said)
    {
        var spender = _busy.Transactions.First(transaction => transaction.Inputs.Count > 0);
        var message = Refused((block, json) => TestChain.HashOf(block) == _busy.Hash ? FirstInput(json, pattern, lie) : json, said);
        Assert.Contains(_busy.Hash.ToString(), message, StringComparison.Ordinal);
        if (lie.Length > 0) Assert.Contains(spender.Id.ToString(), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"value\":[0-9.]+", "\"value\":NaN", "not JSON")]
    [InlineData("\"tx\":", "\"rawtx\":", "its undo data has gaps")]
    [InlineData("\"tx\":", "\"tx\":{},\"rest\":", "holds no list of transactions")]
    [InlineData("\"tx\":\\[", "\"tx\":[7,", "has no list of inputs")]
    [InlineData("\"vin\":", "\"in\":", "has no list of inputs")]
    [InlineData("\"hash\":\"[0-9a-f]+\"", "\"hash\":\"0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206\"", "about another block")]
    public void An_answer_that_is_no_block_is_refused_by_node_and_block(string pattern, string lie, string said)
    {
        var message = Refused((block, json) => TestChain.HashOf(block) == _busy.Hash ? new Regex(pattern).Replace(json, lie, 1) : json, said);
        Assert.Contains(_busy.Hash.ToString(), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_tells_of_some_blocks_only_is_refused() =>
        Refused((block, json) => TestChain.HashOf(block) == _busy.Hash ? Untold(block, 0) : json, "its undo data has gaps");

    [Fact]
    public void An_output_spent_twice_is_refused() =>
        Refused((block, json) => TestChain.HashOf(block) == _busy.Hash ? new Regex("\"vin\":\\[(\\{\"txid\".*?\"sequence\":[0-9]+\\})").Replace(json, "\"vin\":[$1,$1", 1) : json, "which another input spends as well");

    /// <summary>Replaces within the first input that is no coinbase's.</summary>
    private static string FirstInput(string json, string pattern, string lie)
    {
        var at = json.IndexOf("\"vin\":[{\"txid\"", StringComparison.Ordinal);
        at = json.IndexOf(pattern == Hex ? "\"desc\"" : "\"vin\"", at, StringComparison.Ordinal);
        return json[..at] + new Regex(pattern).Replace(json[at..], lie, 1);
    }

    private string Refused(Func<byte[], string, string> lie, string said)
    {
        using var node = new NodeDouble(_chain) { Details = (block, height) => lie(block, Told(block, height)) };
        var failure = Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options(), node.Access));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains(node.Access.Url.Authority, failure.Message, StringComparison.Ordinal);
        return failure.Message;
    }

    [Fact]
    public void A_range_above_the_tip_ends_at_the_tip_with_a_warning_or_holds_no_block()
    {
        using var node = new NodeDouble(_chain) { Details = Told };
        var tip = _chain.Blocks.Count - 1;
        var result = BitcoinIngest.FromNode(Options() with { To = tip + 5 }, node.Access);
        Assert.Equal(tip, result.TipHeight);
        Assert.Contains($"ends at height {tip}: --to {tip + 5} is not reached yet", Assert.Single(result.Warnings), StringComparison.Ordinal);
        foreach (var (from, to) in new (int, int?)[] { (tip + 1, null), (5, 4) })
        {
            var failure = Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options("none", from) with { To = to }, node.Access));
            Assert.Contains("No block lies between --from and --to", failure.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(In("none")));
    }

    [Fact]
    public void A_range_goes_on_at_its_end_and_never_before_its_beginning()
    {
        using var node = new NodeDouble(_chain) { Details = Told };
        Assert.Equal(3, BitcoinIngest.FromNode(Options() with { To = _from + 2 }, node.Access).BlocksAdded);
        Assert.Equal(0, BitcoinIngest.FromNode(Options() with { To = _from }, node.Access).BlocksAdded);
        Assert.Equal(1, BitcoinIngest.FromNode(Options() with { From = null, To = _from + 3 }, node.Access).BlocksAdded);
        Assert.Equal(1, BitcoinIngest.FromNode(Options(from: _from + 4) with { To = _from + 4 }, node.Access).BlocksAdded);
        Assert.Contains("do not connect", Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options(from: _from + 6), node.Access)).Message, StringComparison.Ordinal);
        Assert.Contains($"begins at height {_from}", Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options(from: _from - 1), node.Access)).Message, StringComparison.Ordinal);
        BitcoinIngest.FromNode(Options(), node.Access);
        BitcoinIngest.FromNode(Options("once"), node.Access);
        NodeIngestTests.AssertEqual(In("once"), In("ledger"));
    }

    [Fact]
    public void A_range_that_failed_before_its_first_block_binds_nobody()
    {
        using (var pruned = new NodeDouble(_chain) { Fault = Fault.Pruned, Every = 1 })
            Assert.Contains("pruned", Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options(from: 3), pruned.Access)).Message, StringComparison.Ordinal);
        using var node = new NodeDouble(_chain) { Details = Told };
        Assert.Equal(_from, BitcoinIngest.FromNode(Options(), node.Access).FirstHeight);
        AssertWhole(In("ledger"));
    }

    [Fact]
    public void Weak_blocks_under_the_name_of_mainnet_are_counted_or_under_strict_work_refused()
    {
        var above = new TestChain { Blocks = _chain.Blocks[1..] };
        using var node = new NodeDouble(above) { FirstHeight = 1, Chain = "main", Genesis = BitcoinNetwork.Mainnet.GenesisHash };
        var strict = Options("strict", 1) with { StrictWork = true };
        var failure = Assert.Throws<InvalidBlockException>(() => BitcoinIngest.FromNode(strict, node.Access));
        Assert.Contains($"block {TestChain.HashOf(above.Blocks[0])} at height 1 states a target easier than mainnet allows", failure.Message, StringComparison.Ordinal);
        var result = BitcoinIngest.FromNode(Options("lax", 1), node.Access);
        Assert.Equal(above.Blocks.Count, result.Counts.WeakWorkBlocks);
        Assert.Contains(result.Warnings, warning => warning.Contains("easier than mainnet ever allowed", StringComparison.Ordinal));

        using var regtest = new NodeDouble(_chain);
        Assert.Equal(0, BitcoinIngest.FromNode(Options("regtest", 0) with { StrictWork = true, Network = BitcoinNetwork.Regtest }, regtest.Access).Counts.WeakWorkBlocks);
    }

    [Fact]
    public void A_range_of_a_chain_with_another_beginning_is_refused()
    {
        using var node = new NodeDouble(_chain) { Chain = "signet", Details = Told };
        Assert.Contains("A private signet cannot be read", Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options(), node.Access)).Message, StringComparison.Ordinal);
    }
}
