using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Support;
using Haetae.Tracing;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Ledger.RealBlocks;

/// <summary>Lone blocks with what they spend in an undo file of Bitcoin Core's form, re-encoded here from plain lists. No foreign file was at hand.</summary>
public sealed class UndoDataTests : RealBlocksTest
{
    private static readonly byte[] Key = [0x13, 0x9f, 0x00, 0xe1, 0x42, 0x77, 0xaa, 0x05];

    [Bzip2Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Undo_data_gives_the_fees_of_a_packed_block_too(bool masked) => Undo_data_gives_every_fee_and_every_spent_script("277647", "mainnet", 4_737_355, masked);

    [SharedDataTheory]
    [InlineData("300025", "mainnet", 7_773_345, false)]
    [InlineData("300025", "mainnet", 7_773_345, true)]
    [InlineData("866342", "mainnet", -1, false)]
    [InlineData("866342", "mainnet", -1, true)]
    [InlineData("928816", "testnet3", 34_138_981, true)]
    [InlineData("928828", "testnet3", 8_300_088, false)]
    [InlineData("928831", "testnet3", 36_706_665, true)]
    [InlineData("928848", "testnet3", 38_476_510, false)]
    public void Undo_data_gives_every_fee_and_every_spent_script(string name, string networkName, long fees, bool masked)
    {
        Assert.True(BitcoinNetwork.TryParse(networkName, out var network));
        var (block, spent) = SpentLists.Load(name);
        var height = int.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
        var result = Ingest(WriteBoth("with", network, [(block, spent)], masked ? Key : null));
        Assert.Equal(height, result.FirstHeight);
        Assert.Equal(0, result.Counts.UnknownInputs);
        var ledger = Open();
        if (fees >= 0) Assert.Equal(fees, Fees(ledger));
        Assert.Equal(Fees(ledger), Surplus(ledger));
        var outside = 0;
        for (long input = 0; input < ledger.Graph.InputCount; input++)
        {
            var (value, script) = spent[(int)input];
            if (ledger.Graph.Previous[input] is var previous && previous != OutputNum.NotHeld)
            {
                if (name == "277647") continue; // btcd's list leaves out what the block itself makes
                Assert.Equal(value, ledger.Graph.Value[previous]);
                Assert.Equal(script, ledger.ScriptOf(previous));
                continue;
            }

            outside++;
            var told = ledger.OutsideOf(input);
            Assert.Equal(value, told.Value);
            Assert.Equal(script, told.Script);
        }

        Assert.InRange(outside, 1, spent.Count);
    }

    /// <summary>Coins from before the first block are clean coins of a known value, and stand in line like others.</summary>
    [SharedDataTheory]
    [InlineData("300025")]
    [InlineData("866342")]
    public void Money_is_followed_past_inputs_from_before_the_first_block(string name)
    {
        Ingest(WriteBoth("with", BitcoinNetwork.Mainnet, [SpentLists.Load(name)], null));
        var ledger = Open();
        var graph = ledger.Graph;
        var met = 0;
        for (long output = 0; output < graph.OutputCount && met < 50; output++)
        {
            var spender = graph.SpenderOf(output);
            if (spender == 0 || graph.Value[output] == 0 || !Inputs(graph, spender).Contains(OutputNum.NotHeld)) continue;
            met++;
            var query = new TraceQuery { Seeds = [new StolenOutput(output, graph.Value[output])] };
            foreach (var policy in PolicyNames.All.Where(PolicyNames.Conserves))
            {
                var outcome = new Tracer(graph).Trace(query, policy);
                Assert.True(outcome.Conserves && outcome.Books.Parked == 0, $"{policy}: {outcome.Books}");
            }
        }

        Assert.True(met > 0);

        static IEnumerable<long> Inputs(UtxoGraph graph, uint transaction)
        {
            for (var input = graph.FirstInput[transaction]; input < graph.FirstInput[transaction + 1L]; input++) yield return graph.Previous[input];
        }
    }

    [SharedDataFact]
    public void Records_in_another_order_than_the_blocks_are_told_by_their_checksum()
    {
        // three blocks that do not connect: the chain is the one with most work, the records of the others stay untaken
        var blocks = new[] { "928828", "928816", "928831" }.Select(name => SpentLists.Load(name)).ToList();
        var result = Ingest(WriteBoth("mixed", BitcoinNetwork.Testnet3, blocks, null, reversedUndo: true));
        Assert.Equal(0, result.Counts.UnknownInputs);
        var ledger = Open();
        Assert.Equal(Surplus(ledger), Fees(ledger));
    }

    [SharedDataFact]
    public void Without_an_undo_file_values_and_fees_stay_unknown()
    {
        var (block, spent) = SpentLists.Load("300025");
        var folder = WriteBoth("with", BitcoinNetwork.Mainnet, [(block, spent)], null);
        File.Delete(Path.Combine(folder, "rev00000.dat"));
        Assert.InRange(Ingest(folder).Counts.UnknownInputs, 1, spent.Count);
        Assert.Contains(UtxoGraph.UnknownFee, Enumerable.Range(1, 10).Select(t => Open().Graph.Fee[t]));
    }

    [SharedDataTheory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(500)]
    [InlineData(-1)]
    public void A_flipped_byte_in_an_undo_file_is_an_error_that_names_file_and_offset(int at)
    {
        var folder = WriteBoth("with", BitcoinNetwork.Mainnet, [SpentLists.Load("300025")], null);
        var path = Path.Combine(folder, "rev00000.dat");
        var bytes = File.ReadAllBytes(path);
        bytes[at < 0 ? bytes.Length + at : at] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        var failure = Assert.Throws<LedgerException>(() => Ingest(folder));
        Assert.Contains($"{path} at offset ", failure.Message, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("block-0000000000000000001602407ac49862a7bca9d00f7f402db20b7be2f5de59d2.blk", 574_200, 3_315, 50_076_961)]
    [InlineData("block-00000000000000000021868c2cefc52a480d173c849412fe81c4e5ab806f94ab.blk", 540_107, 230, 4_491_058)]
    public void A_bare_block_without_undo_data_tells_all_but_what_it_spends(string file, int height, uint transactions, long surplus)
    {
        var result = Ingest(Data(file), network: BitcoinNetwork.Mainnet);
        Assert.Equal((height, transactions), (result.FirstHeight, result.Counts.Transactions));
        Assert.Equal(file[6..^4], result.TipHash.ToString());
        Assert.InRange(result.Counts.UnknownInputs, 1, result.Counts.Inputs);
        var ledger = Open(); // verified: Merkle root and witness commitment were checked on the way in
        Assert.Equal(surplus, Surplus(ledger));
        if (height == 574_200) Assert.Equal(1_341, Enumerable.Range(0, (int)transactions).Count(t => ledger.Metas[t].Size != ledger.Metas[t].StrippedSize));
        for (long input = 0; input < ledger.Graph.InputCount; input++)
        {
            if (ledger.Graph.Previous[input] != OutputNum.NotHeld) continue;
            Assert.Null(ledger.OutsideOf(input).Value);
            Assert.Null(ledger.OutsideOf(input).Script);
            Assert.Equal(UtxoGraph.UnknownFee, ledger.Graph.Fee[TransactionOf(ledger, input)]);
        }

        for (long output = 0; output < ledger.Graph.OutputCount; output++)
        {
            var script = ledger.ScriptOf(output);
            if (!Address.TryEncode(script, BitcoinNetwork.Mainnet, out var address)) continue;
            Assert.True(Address.TryParse(address, BitcoinNetwork.Mainnet, out var back, out _));
            Assert.Equal(script, back);
        }
    }

    [Theory]
    [InlineData("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")] // the generator
    [InlineData("678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f")] // the genesis block's
    [InlineData("11db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3")] // block 9's
    public void An_uncompressed_key_comes_back_from_its_half(string key)
    {
        byte[] script = [65, 4, .. Convert.FromHexString(key), 0xac];
        var bytes = new List<byte>();
        UndoWriter.VarInt(bytes, UndoWriter.Amount(5_000_000_000));
        UndoWriter.Script(bytes, script);
        Assert.Equal(34, bytes.Count);
        var reader = new BlockReader(bytes.ToArray());
        var read = new Buffer<byte>(1);
        Assert.Equal(5_000_000_000, CompressedOutput.Read(ref reader, read));
        Assert.Equal(script, read.Span.ToArray());
    }

    private static uint TransactionOf(BitcoinLedger ledger, long input)
    {
        uint low = 0, high = ledger.Graph.TransactionCount - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (ledger.Graph.FirstInput[middle] <= input) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private string WriteBoth(string name, BitcoinNetwork network, IReadOnlyList<(byte[] Block, List<(long, byte[])> Spent)> blocks, byte[]? key, bool reversedUndo = false)
    {
        var folder = WriteBlockFile(name, network, blocks.Select(block => block.Block), key);
        using var bytes = new MemoryStream();
        foreach (var (block, spent) in reversedUndo ? blocks.Reverse() : blocks)
        {
            var (undo, checksum) = UndoWriter.Encode(block, PlainBlock.Read(block).Transactions.Skip(1).Select(transaction => transaction.Inputs.Count), spent, 200_000);
            WriteRecord(bytes, network, undo);
            bytes.Write(checksum);
        }

        if (key is not null) bytes.Write(new byte[5000]); // Core reserves space ahead
        Masked(folder, "rev00000.dat", bytes.ToArray(), key);
        return folder;
    }
}
