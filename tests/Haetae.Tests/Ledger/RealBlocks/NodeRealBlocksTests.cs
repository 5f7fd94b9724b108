using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Node;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.RealBlocks;

/// <summary>Lone real blocks through a node: what they spend comes as Bitcoin Core prints it.</summary>
public sealed class NodeRealBlocksTests : RealBlocksTest
{
    [SharedDataTheory]
    [InlineData("300025", "main", 7_773_345)]
    [InlineData("866342", "main", -1)]
    [InlineData("928816", "test", 34_138_981)]
    [InlineData("928828", "test", 8_300_088)]
    [InlineData("928831", "test", 36_706_665)]
    [InlineData("928848", "test", 38_476_510)]
    public void A_node_gives_every_fee_and_every_spent_script(string name, string chain, long fees)
    {
        var (block, spent) = SpentLists.Load(name);
        var outpoints = PlainBlock.Read(block).Transactions.SelectMany(transaction => transaction.Inputs).ToList();
        var known = outpoints.Zip(spent).ToDictionary(pair => pair.First, pair => pair.Second);
        var height = int.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
        using var node = new NodeDouble(new TestChain { Blocks = [block] })
        {
            Chain = chain,
            FirstHeight = height,
            Genesis = (chain == "main" ? BitcoinNetwork.Mainnet : BitcoinNetwork.Testnet3).GenesisHash,
            Details = (bytes, at) => CoreBlockJson.Write(bytes, at, outpoint => known[outpoint]),
        };
        var result = BitcoinIngest.FromNode(new BitcoinIngestOptions { Ledger = Path.Combine(Root, "ledger"), From = height, StrictWork = true, Threads = 2 }, node.Access);
        Assert.Equal((height, 0), (result.FirstHeight, result.Counts.UnknownInputs));
        Assert.Empty(result.Warnings);
        var ledger = Open();
        if (fees >= 0) Assert.Equal(fees, Fees(ledger));
        Assert.Equal(Surplus(ledger), Fees(ledger));
        var outside = 0;
        for (var input = 0; input < ledger.Graph.InputCount; input++)
        {
            if (ledger.Graph.Previous[input] != OutputNum.NotHeld) continue;
            Assert.Equal(known[outpoints[input]].Value, ledger.OutsideOf(input).Value);
            Assert.Equal(known[outpoints[input]].Script, ledger.OutsideOf(input).Script);
            outside++;
        }

        Assert.InRange(outside, 1, spent.Count);
    }

    [Bzip2Fact]
    public void A_node_gives_the_fees_of_a_packed_block_too() => A_node_gives_every_fee_and_every_spent_script("277647", "main", 4_737_355);

    [SharedDataFact]
    public void The_first_4313_blocks_come_from_a_node_as_from_their_file()
    {
        var bytes = File.ReadAllBytes(Data("mainnet-000000-004312.blk.dat"));
        var blocks = new List<byte[]>();
        for (var at = 0; at + 8 < bytes.Length; at += 8 + blocks[^1].Length)
            blocks.Add(bytes.AsSpan(at + 8, BitConverter.ToInt32(bytes, at + 4)).ToArray());
        Assert.Equal(4_313, blocks.Count);
        Ingest(Data("mainnet-000000-004312.blk.dat"));
        using var node = new NodeDouble(new TestChain { Blocks = blocks }) { Chain = "main" };
        BitcoinIngest.FromNode(new BitcoinIngestOptions { Ledger = Path.Combine(Root, "node"), Threads = 2 }, node.Access);
        NodeIngestTests.AssertEqual(Path.Combine(Root, "ledger"), Path.Combine(Root, "node"));
    }
}
