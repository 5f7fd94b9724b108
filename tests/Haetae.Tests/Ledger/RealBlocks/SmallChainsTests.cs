using System.Text.Json;
using System.Text.RegularExpressions;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.RealBlocks;

/// <summary>Real and reorganised chains of a few blocks, as block files and as bare blocks.</summary>
public sealed partial class SmallChainsTests : RealBlocksTest
{
    [SharedDataTheory]
    [InlineData("mainnet_blocks.txt", "mainnet", 176)]
    [InlineData("regtest_blocks.txt", "regtest", 151)]
    [InlineData("signet_blocks.json", "signet", 121)]
    public void A_chain_goes_in_the_same_as_a_block_file_backwards_and_as_bare_blocks(string file, string name, int count)
    {
        Assert.True(BitcoinNetwork.TryParse(name, out var network));
        var blocks = file.EndsWith(".json", StringComparison.Ordinal) ? HexJson(file) : HexLines(file);
        Assert.Equal(count, blocks.Count);
        var whole = Ingest(WriteBlockFile("whole", network, blocks), "a");
        var backwards = Ingest(WriteBlockFile("backwards", network, Enumerable.Reverse(blocks)), "b");
        var bare = Ingest(WriteBare("bare", blocks), "c", network);
        Assert.Equal(name, whole.Network);
        Assert.Equal((count, 0, count - 1), (whole.Counts.Blocks, whole.FirstHeight, whole.TipHeight));
        Assert.Equal(HashOf(blocks[^1]), whole.TipHash);
        Assert.Equal(0, whole.Counts.UnknownInputs);
        Assert.Equal(whole.Counts, backwards.Counts);
        Assert.Equal(whole.Counts, bare.Counts);
        Assert.Equal(whole.TipHash, backwards.TipHash);
        Assert.Equal(whole.TipHash, bare.TipHash);
        foreach (var ledger in new[] { "a", "b", "c" }) Open(ledger);
    }

    [SharedDataFact]
    public void A_longer_branch_replaces_the_one_ingested_before()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Data("test_reorg.json")));
        var branches = json.RootElement.EnumerateArray()
            .Select(branch => branch.EnumerateArray().Select(block => Convert.FromHexString(block.GetString()!)).ToList()).OrderBy(branch => branch.Count).ToList();
        Assert.Equal(2, branches.Count);
        var both = Ingest(WriteBare("both", [.. branches[0], .. branches[1]]), "both", BitcoinNetwork.Regtest);
        Assert.Equal(HashOf(branches[1][^1]), both.TipHash);

        var first = Ingest(WriteBare("first", branches[0]), "turned", BitcoinNetwork.Regtest);
        Assert.Equal((1, branches[0].Count, HashOf(branches[0][^1])), (first.FirstHeight, first.TipHeight, first.TipHash));
        var turned = Ingest(WriteBare("joined", [.. branches[0], .. branches[1]]), "turned", BitcoinNetwork.Regtest);
        Assert.Equal(both.TipHash, turned.TipHash);
        Assert.Equal(both.Counts, turned.Counts);
        Assert.Equal(HashOf(branches[1][^1]), Open("turned").TipHash);
    }

    /// <summary>The printed set is another chain than the packed one: its block 2 spends an output that none of its blocks makes.</summary>
    [SharedDataFact]
    public void The_printed_reorganisation_set_is_refused_whole_and_goes_in_as_a_range()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "files")).FullName;
        var files = HexDump("reorgtest.hex");
        for (var i = 0; i < files.Count; i++) File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"blk{i:00000}.dat")), files[i]);
        var failure = Assert.Throws<InvalidBlockException>(() => Ingest(folder));
        Assert.Contains("at height 2, transaction 1 (77d353d2baeb65b635d91224d8db945050b51799f88adaf780cfe167e0b587f2)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("d2eeb8dc4f076278dcb0b50f99b5866a1999dfdf4dbad588131c6102101d4563:0", failure.Message, StringComparison.Ordinal);

        // As a range it goes in: what was made before its first block is unknown, and its longer branch wins.
        var range = Ingest(folder, "range", from: 1);
        Assert.Equal((1, 5, 2L), (range.FirstHeight, range.TipHeight, range.Counts.UnknownInputs));
        Assert.Equal(2, Open("range").Counts.UnknownInputs);
    }

    [Bzip2Fact]
    public void The_reorganisation_set_ends_on_its_longest_branch()
    {
        string[] names = ["blk_0_to_4", "blk_3A", "blk_4A", "blk_5A"];
        var files = names.Select(name => Unpacked($"{name}.dat.bz2")).ToList();
        var folder = Directory.CreateDirectory(Path.Combine(Root, "files")).FullName;
        var tips = new List<string>();
        var undone = new List<int>();
        for (var i = 0; i < files.Count; i++)
        {
            File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"blk{i:00000}.dat")), files[i]);
            var result = Ingest(folder);
            tips.Add(FormattableString.Invariant($"{result.TipHeight}"));
            undone.Add(result.BlocksUndone);
        }

        Assert.Equal(["4", "4", "4", "5"], tips); // 3A and 4A make a branch of the same length, 5A the longer one
        Assert.Equal([0, 0, 0, 2], undone);
        Assert.Equal(HashOf(files[3].AsSpan(8)), Open().TipHash);
    }

    [SharedDataFact]
    public void A_bare_block_needs_its_network()
    {
        var failure = Assert.Throws<LedgerException>(() => Ingest(Data("block866342.raw")));
        Assert.Contains("--network", failure.Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void A_bare_block_that_does_not_state_its_height_needs_it_given()
    {
        var folder = WriteBare("one", [HexLines("mainnet_blocks.txt")[100]]);
        var failure = Assert.Throws<LedgerException>(() => Ingest(folder, "a", BitcoinNetwork.Mainnet));
        Assert.Contains("--from", failure.Message, StringComparison.Ordinal);
        Assert.Equal(100, Ingest(folder, "b", BitcoinNetwork.Mainnet, from: 100).FirstHeight);
    }

    private static Hash256 HashOf(ReadOnlySpan<byte> block) => Haetae.Ledger.Hashing.DoubleSha256.Hash(block[..80]);

    /// <summary>A printed dump of several files: "File path: ..." before each, comments between lines of hex.</summary>
    private static List<byte[]> HexDump(string name)
    {
        var files = new List<string>();
        foreach (var line in File.ReadLines(Data(name)).Select(line => line.Trim()))
        {
            if (line.StartsWith("File path", StringComparison.Ordinal)) files.Add("");
            else if (Hex().IsMatch(line)) files[^1] += line.Replace(" ", "", StringComparison.Ordinal);
        }

        return [.. files.Select(Convert.FromHexString)];
    }

    [GeneratedRegex("^[0-9a-f ]+$")]
    private static partial Regex Hex();
}
