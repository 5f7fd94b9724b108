using System.Collections.Concurrent;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Node;

/// <summary>The cookie file lets in, is read anew when the node starts anew, and no message holds what it holds.</summary>
public sealed class CookieTests : IDisposable
{
    private const string First = "__cookie__:8c2d61a1f0b34c4f9b6be2a7c6a35c41d1a5d3f1a1d9d1b7c0d0f2a5e7b9c3d4";
    private const string Second = "__cookie__:19e0aa57b6c94f02813c5f7d2b4a6e8f00112233445566778899aabbccddeeff";

    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-cookie").FullName;
    private readonly TestChain _chain;
    private readonly string _file;

    public CookieTests()
    {
        _chain = TestChain.Heist(Path.Combine(_folder, "heist"));
        _file = Path.Combine(_folder, ".cookie");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private BitcoinIngestOptions Options => new() { Ledger = Path.Combine(_folder, "ledger"), Threads = 2 };

    [Theory]
    [InlineData(First)]
    [InlineData(First + "\n")]
    [InlineData(First + "\r\n")]
    public void The_cookie_lets_in(string content)
    {
        File.WriteAllText(_file, content);
        using var node = new NodeDouble(_chain) { Credentials = First };
        Assert.Equal(_chain.Blocks.Count, BitcoinIngest.FromNode(Options, node.WithCookie(_file)).Counts.Blocks);
    }

    [Theory]
    [InlineData(null, "is not there; the node writes it when it starts")]
    [InlineData("", "is empty")]
    [InlineData("no colon 8c2d61a1f0b34c4f", "is not a node's cookie file")]
    [InlineData(First + "\n" + Second, "is not a node's cookie file")]
    [InlineData(Second, "refuses the cookie in")]
    public void A_cookie_file_that_does_not_let_in_is_named_and_its_content_kept(string? content, string said)
    {
        if (content is not null) File.WriteAllText(_file, content);
        using var node = new NodeDouble(_chain) { Credentials = First };
        Refused(node, said);
    }

    [Fact]
    public void A_cookie_file_that_is_endless_or_a_folder_is_refused_at_once()
    {
        using var node = new NodeDouble(_chain) { Credentials = First };
        File.WriteAllText(_file, First + new string('0', 1 << 20));
        Refused(node, "is not a node's cookie file");
        File.Delete(_file);
        Directory.CreateDirectory(_file);
        Refused(node, "may not be read by this user, or is a folder");
    }

    private void Refused(NodeDouble node, string said)
    {
        var failure = Assert.ThrowsAny<LedgerException>(() => BitcoinIngest.FromNode(Options, node.WithCookie(_file)));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Contains(_file, failure.Message, StringComparison.Ordinal);
        AssertKept(failure.ToString());
    }

    [Fact]
    public async Task A_node_that_starts_anew_with_another_cookie_is_followed_on()
    {
        await File.WriteAllTextAsync(_file, First);
        using var node = new NodeDouble(_chain) { Credentials = First };
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var events = new ConcurrentQueue<FollowEvent>();
        var ingest = Task.Run(() => BitcoinIngest.FromNode(Options, node.WithCookie(_file), null, events.Enqueue, stop.Token));
        await NodeIngestTests.Until(() => events.Any(e => e.Kind == FollowEventKind.CaughtUp), ingest);

        node.Down = true;
        File.Delete(_file); // as Core does when it stops
        await NodeIngestTests.Until(() => events.Any(e => e.Kind == FollowEventKind.Lost), ingest);
        await File.WriteAllTextAsync(_file, Second);
        node.Credentials = Second;
        node.Serve(_chain.Branch(0, 1, 1));
        node.Down = false;
        await NodeIngestTests.Until(() => events.Any(e => e.Height == _chain.Blocks.Count), ingest);

        Assert.Contains(events, e => e.Kind == FollowEventKind.Back);
        Assert.All(events, e => AssertKept(e.ToString()));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ingest);
    }

    /// <summary>The cookie is read, the node starts anew, the call arrives with the old cookie.</summary>
    [Fact]
    public void A_cookie_that_changes_between_reading_and_sending_is_read_again()
    {
        File.WriteAllText(_file, First);
        var requests = 0;
        NodeDouble? node = null;
        using (node = new NodeDouble(_chain)
        {
            Credentials = First,
            Arriving = () =>
            {
                if (Interlocked.Increment(ref requests) != 2) return;
                File.WriteAllText(_file, Second);
                node!.Credentials = Second;
            },
        })
            Assert.Equal(_chain.Blocks.Count, BitcoinIngest.FromNode(Options, node.WithCookie(_file)).Counts.Blocks);
    }

    private static void AssertKept(string text)
    {
        Assert.DoesNotContain("8c2d61a1f0b34c4f", text, StringComparison.Ordinal);
        Assert.DoesNotContain("19e0aa57b6c94f02", text, StringComparison.Ordinal);
        Assert.DoesNotContain("X19jb29raWVfX", text, StringComparison.Ordinal); // Base64 of __cookie__
    }

    [Theory]
    [InlineData("http://u:w0rd/rest@127.0.0.1:1")]
    [InlineData("http://u:123/w0rd@127.0.0.1:1")]
    [InlineData("http://u:123?w0rd@127.0.0.1:1")]
    [InlineData("http://u:123#w0rd@127.0.0.1:1")]
    [InlineData("ftp://u:w0rd@127.0.0.1:1")]
    [InlineData("http://u:w0rd@")]
    public void An_address_that_is_none_is_refused_without_a_word_of_it(string address)
    {
        var failure = Assert.Throws<FormatException>(() => NodeAccess.Parse(address));
        Assert.DoesNotContain("w0rd", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("123", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cookie_file_and_a_password_contradict_each_other()
    {
        Assert.Throws<FormatException>(() => NodeAccess.Parse("http://u:w@127.0.0.1:1", cookieFile: _file));
        Assert.Throws<FormatException>(() => NodeAccess.Parse("http://127.0.0.1:1", password: "w", cookieFile: _file));
        Assert.Throws<FormatException>(() => NodeAccess.Parse("http://127.0.0.1:1", user: "u"));
    }
}
