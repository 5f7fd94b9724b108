using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Node;
using Haetae.Ledger.Storage;
using Haetae.Tests.Ledger.Survival;

namespace Haetae.Tests.Node;

/// <summary>A node's chain gives the same ledger as its block files, whatever goes wrong on the way.</summary>
public sealed class NodeIngestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-node").FullName;
    private readonly TestChain _chain;

    public NodeIngestTests() => _chain = TestChain.Heist(Path.Combine(_folder, "heist"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private static BitcoinIngestOptions Options(string ledger) => new() { Ledger = ledger, Threads = 2 };

    private string Afresh(TestChain chain, string name)
    {
        chain.WriteFile(In(name + "-blocks"));
        BitcoinIngest.FromFiles(Options(In(name)) with { Blocks = In(name + "-blocks") });
        return In(name);
    }

    /// <summary>Every column up to its counts, and every answer of the indexes.</summary>
    internal static void AssertEqual(string expected, string actual)
    {
        var counts = Manifest.Read(expected)!.Published;
        Assert.Equal(counts, Manifest.Read(actual)!.Published);
        foreach (var column in LedgerColumns.All)
        {
            var bytes = (int)column.Bytes(counts);
            Assert.True(File.ReadAllBytes(Path.Combine(expected, column.FileName)).AsSpan(0, bytes).SequenceEqual(File.ReadAllBytes(Path.Combine(actual, column.FileName)).AsSpan(0, bytes)), column.Name);
        }

        Assert.Empty(LedgerVerifier.Verify(actual, 2, null, CancellationToken.None));
        using BitcoinLedger one = BitcoinLedger.Open(expected), other = BitcoinLedger.Open(actual);
        Assert.Equal(one.DistinctScripts(), other.DistinctScripts());
        for (long output = 0; output < counts.Outputs; output += 7)
            Assert.Equal(one.FindOutputs(one.ScriptOf(output)), other.FindOutputs(one.ScriptOf(output)));
        for (long transaction = 0; transaction < counts.Transactions; transaction += 5) Assert.Equal(transaction, other.FindTransaction(one.TxIds[transaction]));
        Assert.True(other.Manifest.Indexes.Count <= 16, "more than eight runs of a kind");
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Drop")]
    [InlineData("CutShort")]
    [InlineData("Busy")]
    [InlineData("QueueFull")]
    [InlineData("Starting")]
    [InlineData("Shuffle")]
    [InlineData("Silence")]
    public void A_node_that_stumbles_gives_the_ledger_of_its_block_files(string fault)
    {
        using var node = new NodeDouble(_chain) { Fault = Enum.Parse<Fault>(fault) };
        BitcoinIngest.FromNode(Options(In("node")), node.Access);
        AssertEqual(Afresh(_chain, "files"), In("node"));
    }

    [Theory]
    [InlineData("Drop", "no answer")]
    [InlineData("Busy", "too busy (503)")]
    [InlineData("QueueFull", "work queue is full")]
    [InlineData("Drip", "no answer to 'getblockchaininfo' in 5 attempts")]
    [InlineData("Starting", "still starting")]
    [InlineData("Garbage", "not JSON")]
    [InlineData("Truncated", "not JSON")]
    [InlineData("HalfCharacter", "not JSON")]
    [InlineData("TooLong", "bytes or more where")]
    [InlineData("Announced", "9000000000000 bytes or more where")]
    [InlineData("Endless", "bytes or more where")]
    [InlineData("WrongId", "under a number that was not asked")]
    [InlineData("SameId", "under a number that was not asked, or twice")]
    [InlineData("TooFew", "one answer to each of")]
    [InlineData("Lie", "asked for block")]
    [InlineData("Refuse", "--rpc-cookie")]
    [InlineData("Pruned", "--from")]
    public void A_node_that_is_wrong_is_told_apart_and_its_password_kept(string fault, string said)
    {
        using var node = new NodeDouble(_chain) { Fault = Enum.Parse<Fault>(fault), Every = 1 };
        var failure = Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options(In("node")), node.Access));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains(node.Access.Url.Authority, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(NodeDouble.Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_another_network_is_refused()
    {
        using var node = new NodeDouble(_chain) { Chain = "main" };
        Assert.Contains("says it is on mainnet", Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options(In("node")), node.Access)).Message, StringComparison.Ordinal);
        var named = Options(In("other")) with { Network = BitcoinNetwork.Regtest };
        Assert.Contains("--network says regtest", Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(named, node.Access)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(50, 52)]
    [InlineData(-1, 260)]
    public async Task A_followed_reorganisation_leaves_the_ledger_of_the_winning_branch(int depth, int length)
    {
        if (depth < 0) depth = _chain.Blocks.Count - 1;
        length = Math.Max(length, depth + 1);
        var branch = _chain.Branch(depth, length, 2);
        var grown = branch.Branch(0, 12, 3);
        using var node = new NodeDouble(_chain);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var events = new System.Collections.Concurrent.ConcurrentQueue<FollowEvent>();
        var ingest = Task.Run(() => BitcoinIngest.FromNode(Options(In("node")), node.Access, null, events.Enqueue, stop.Token));
        await Until(() => events.Any(e => e.Kind == FollowEventKind.CaughtUp), ingest);
        using (var before = BitcoinLedger.Open(In("node")))
        {
            node.Serve(branch);
            await Until(() => events.Any(e => e.Kind == FollowEventKind.Reorganised && e.Undone == depth && e.Added == length), ingest);
            Assert.Equal(_chain.Blocks.Count, before.Counts.Blocks); // an open reader keeps its files
            // what it had not looked at yet is gone, and it is told so
            if (Record.Exception(() => before.Graph.SpenderOf(before.Graph.OutputCount - 1)) is { } gone)
                Assert.Contains("was reorganised while", Assert.IsType<LedgerException>(gone).Message, StringComparison.Ordinal);
        }

        for (var more = 1; more <= 12; more++)
        {
            node.Serve(grown.Branch(12 - more, 0, 0));
            var height = branch.Blocks.Count - 1 + more;
            await Until(() => events.Any(e => e.Height == height), ingest);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ingest);
        AssertEqual(Afresh(grown, "files"), In("node"));
    }

    [Fact]
    public void A_node_s_branch_with_a_wrong_block_replaces_nothing()
    {
        var files = Afresh(_chain, "files");
        var branch = _chain.Branch(3, 3, 2);
        var greedy = HandMade.Block(TestChain.HashOf(branch.Blocks[^1]), HandMade.Coinbase(1, (Satoshi.Maximum, [0x51])));
        using var node = new NodeDouble(_chain);
        BitcoinIngest.FromNode(Options(In("node")), node.Access);
        node.Serve(new TestChain { Blocks = [.. branch.Blocks, greedy] });
        for (var run = 0; run < 2; run++)
        {
            var told = Assert.Throws<InvalidBlockException>(() => BitcoinIngest.FromNode(Options(In("node")), node.Access));
            Assert.Contains($"the ledger keeps its own, up to height {_chain.Blocks.Count - 1}", told.Message, StringComparison.Ordinal);
            AssertEqual(files, In("node"));
            Assert.Equal(0, Manifest.Read(In("node"))!.Undone);
        }

        var right = branch.Branch(0, 2, 2);
        node.Serve(right);
        Assert.Equal(3, BitcoinIngest.FromNode(Options(In("node")), node.Access).BlocksUndone);
        AssertEqual(Afresh(right, "right"), In("node"));
    }

    internal static async Task Until(Func<bool> condition, Task running)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
        {
            if (running.IsCompleted) await running;
            await Task.Delay(10);
        }

        Assert.True(condition(), "waited in vain");
    }

    [Fact]
    public async Task A_follower_outlives_a_node_that_goes_away()
    {
        var node = new NodeDouble(_chain) { Fault = Fault.Drop, Every = 1 };
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var events = new System.Collections.Concurrent.ConcurrentQueue<FollowEvent>();
        var ingest = Task.Run(() => BitcoinIngest.FromNode(Options(In("node")), node.Access, null, events.Enqueue, stop.Token));
        await Until(() => events.Any(e => e.Kind == FollowEventKind.Lost), ingest);
        node.Heal();
        await Until(() => events.Any(e => e.Kind == FollowEventKind.CaughtUp), ingest);
        Assert.Contains(events, e => e.Kind == FollowEventKind.Back);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ingest);
        node.Dispose();
    }

    [Fact]
    public void A_node_is_not_asked_more_than_its_queue_holds()
    {
        using var node = new NodeDouble(_chain) { Slow = TimeSpan.FromMilliseconds(20) };
        BitcoinIngest.FromNode(Options(In("node")) with { Threads = 32, CheckpointBytes = 100_000 }, node.Access);
        Assert.InRange(node.MostAtOnce, 2, 8);
        AssertEqual(Afresh(_chain, "files"), In("node"));
    }

    [Fact]
    public void A_node_that_still_fetches_blocks_is_told()
    {
        using var node = new NodeDouble(_chain) { StillToFetch = 700_000 };
        Assert.Contains("still fetching blocks", Assert.Single(BitcoinIngest.FromNode(Options(In("node")), node.Access).Warnings), StringComparison.Ordinal);
        using var whole = new NodeDouble(_chain) { StillToFetch = 1 };
        Assert.Empty(BitcoinIngest.FromNode(Options(In("other")), whole.Access).Warnings);
    }

    [Fact]
    public void Where_nothing_listens_the_node_is_named_after_all_attempts()
    {
        var node = new NodeDouble(_chain);
        var access = node.Access;
        node.Dispose();
        var failure = Assert.Throws<NodeUnreachableException>(() => BitcoinIngest.FromNode(Options(In("node")), access));
        Assert.Equal($"The node at {access.Url.Authority} gives no answer to 'getblockchaininfo' in 5 attempts: no connection (is it running, and does its RPC server listen there?).", failure.Message);
    }
}
