using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Node;

/// <summary>A test with a real node: skipped, and said to be skipped, where none is installed.</summary>
public sealed class BcoinFactAttribute : FactAttribute
{
    internal static string? Folder { get; } = Environment.GetEnvironmentVariable("HAETAE_BCOIN") is { Length: > 0 } named && Directory.Exists(Path.Combine(named, "node_modules", "bcoin")) ? named : null;

    public BcoinFactAttribute()
    {
        if (Folder is null) Skip = "no real node: run 'npm install --ignore-scripts bcoin@1.0.2' in some folder and set HAETAE_BCOIN to it";
    }
}

/// <summary>The whole way with a real node on regtest: mine, spend, follow, reorganise.</summary>
public class BcoinTests
{
    [BcoinFact]
    public async Task A_real_node_is_followed_through_spends_and_a_reorganisation()
    {
        var folder = Directory.CreateTempSubdirectory("haetae-bcoin").FullName;
        var port = FreePort();
        var script = Path.Combine(AppContext.BaseDirectory, "Node", "bcoin-node.js");
        using var process = Process.Start(new ProcessStartInfo("node", [script, BcoinFactAttribute.Folder!, $"{port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
            await Tell(process, "mine 110");
            var access = NodeAccess.Parse($"http://127.0.0.1:{port}", "x", "secret-word", pollEvery: TimeSpan.FromMilliseconds(50));
            var ledger = Path.Combine(folder, "node");
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(90));
            var tip = -1;
            var undone = 0;
            var ingest = Task.Run(() => BitcoinIngest.FromNode(
                new BitcoinIngestOptions { Ledger = ledger, Threads = 2 }, access, null,
                happened =>
                {
                    Interlocked.Add(ref undone, happened.Undone);
                    Volatile.Write(ref tip, Math.Max(tip, happened.Height));
                },
                stop.Token));
            await Reach(110);
            await Tell(process, "spend");
            await Tell(process, "spend");
            await Reach(112);
            await Tell(process, "reorg 3 6");
            await Reach(115);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ingest);
            Assert.True(undone >= 3);

            var hex = await Tell(process, "blocks");
            var chain = new TestChain { Blocks = [.. hex.Select(Convert.FromHexString)] };
            chain.WriteFile(Path.Combine(folder, "blocks"));
            BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = Path.Combine(folder, "blocks"), Ledger = Path.Combine(folder, "files"), Threads = 2 });
            NodeIngestTests.AssertEqual(Path.Combine(folder, "files"), ledger);

            async Task Reach(int height)
            {
                for (var i = 0; i < 3000 && Volatile.Read(ref tip) < height; i++)
                {
                    if (ingest.IsCompleted) await ingest;
                    await Task.Delay(10);
                }

                Assert.Equal(height, Volatile.Read(ref tip));
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<string>> Tell(Process process, string command)
    {
        await process.StandardInput.WriteLineAsync(command);
        await process.StandardInput.FlushAsync();
        var lines = new List<string>();
        for (string? line; (line = await process.StandardOutput.ReadLineAsync()) != "done"; lines.Add(line))
            if (line is null || line.StartsWith("failed", StringComparison.Ordinal)) throw new InvalidOperationException(line ?? "the node ended");
        return lines;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
