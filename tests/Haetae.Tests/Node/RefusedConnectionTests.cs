using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Haetae.Ledger.Explorers;
using Haetae.Ledger.Node;
using Haetae.Ledger.Tron;

namespace Haetae.Tests.Node;

/// <summary>Where nothing listens is no place to be patient.</summary>
public sealed class RefusedConnectionTests
{
    [Fact]
    public void Waits_for_a_refused_connection_add_up_to_ten_seconds()
    {
        var (waited, waits) = (TimeSpan.Zero, new List<double>());
        for (var wait = TimeSpan.FromSeconds(1); RefusedConnection.Cut(wait, waited) is { } next; wait *= 2)
        {
            waits.Add(next.TotalSeconds);
            waited += next;
        }

        Assert.Equal([1, 2, 4, 3], waits);
    }

    [Fact]
    public async Task Every_client_gives_up_on_it_after_ten_seconds_and_says_so()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var long_ = TimeSpan.FromMinutes(1); // an only wait, which the patience cuts
        var began = Stopwatch.StartNew();
        var messages = await Task.WhenAll(
            Task.Run(() =>
            {
                using var client = new ExplorerClient(ExplorerAccess.Parse(url).With(100, 100, long_), TimeProvider.System, null);
                return Assert.Throws<ExplorerUnreachableException>(() => client.Get("/tip", null, default)).Message;
            }),
            Task.Run(() =>
            {
                using var client = new NodeClient(new NodeAccess(NodeAccess.Parse(url)) { FirstWait = long_ });
                return Assert.Throws<NodeUnreachableException>(() => client.Call("eth_chainId", [], 1000, default)).Message;
            }),
            Task.Run(() =>
            {
                using var client = new TronClient(url, patience: new TronPatience { FirstWait = long_ });
                return Assert.Throws<NodeUnreachableException>(() => client.Now(default)).Message;
            }));
        Assert.InRange(began.Elapsed.TotalSeconds, 9, 50);
        Assert.All(messages, message => Assert.Contains("refused for 10 s", message, StringComparison.Ordinal));
        Assert.All(messages, message => Assert.Contains("in 2 attempts", message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("missing trie node 1f2e (path )")]
    [InlineData("required historical state unavailable (reexec=128)")]
    [InlineData("state not available for block 12")]
    [InlineData("historical state 0x12 is not available")]
    [InlineData("state already pruned")]
    public void The_words_of_nodes_that_pruned_a_state_are_understood(string said)
    {
        Assert.True(new NodeErrorException(-32000, said, said).IsStateGone);
        Assert.False(new NodeErrorException(-32601, "", "the method debug_traceBlockByNumber does not exist/is not available").IsStateGone);
    }
}
