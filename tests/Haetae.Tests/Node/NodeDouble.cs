using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Node;

/// <summary>What a <see cref="NodeDouble"/> does wrong.</summary>
internal enum Fault { None, Drop, CutShort, Busy, Starting, Shuffle, Silence, Garbage, TooLong, Lie, Refuse, Pruned }

/// <summary>A server that speaks JSON-RPC as Bitcoin Core does and serves given blocks, with faults on demand.</summary>
internal sealed class NodeDouble : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private int _requests;
    private volatile byte[][] _chain = [];
    private volatile Dictionary<Hash256, byte[]> _byHash = [];

    internal NodeDouble(TestChain chain)
    {
        Serve(chain);
        _listener.Start();
        _ = Task.Run(Accept);
    }

    internal Fault Fault { get; init; }

    /// <summary>Every so many requests goes wrong; 1: all.</summary>
    internal int Every { get; init; } = 3;

    internal string Chain { get; init; } = "regtest";

    /// <summary>The member "tx" of a block with verbosity 3, or null where the node is too old for it.</summary>
    internal Func<byte[], string?> Spent { get; init; } = _ => null;

    internal NodeAccess Access =>
        new(NodeAccess.Parse($"http://someone:secret-word@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", pollEvery: TimeSpan.FromMilliseconds(20)))
        {
            Retries = 4,
            FirstWait = TimeSpan.FromMilliseconds(5),
            Silence = TimeSpan.FromMilliseconds(Fault == Fault.Silence ? 150 : 20_000),
        };

    private volatile bool _healed;

    internal void Heal() => _healed = true;

    internal void Serve(TestChain chain)
    {
        var known = new Dictionary<Hash256, byte[]>(_byHash);
        foreach (var block in chain.Blocks) known[TestChain.HashOf(block)] = block;
        _byHash = known;
        _chain = [.. chain.Blocks];
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => Talk(client));
        }
    }

    private async Task Talk(TcpClient client)
    {
        try
        {
            using var one = client;
            var stream = one.GetStream();
            var head = new List<byte>();
            var single = new byte[1];
            while (!Encoding.ASCII.GetString([.. head.TakeLast(4)]).Equals("\r\n\r\n", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(single, _stop.Token);
                head.Add(single[0]);
            }

            var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
            var length = int.Parse(lines.First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1]);
            var body = new byte[length];
            await stream.ReadExactlyAsync(body, _stop.Token);
            var wrong = Fault != Fault.None && !_healed && Interlocked.Increment(ref _requests) % Every == 0 ? Fault : Fault.None;
            if (wrong == Fault.Drop) return;
            if (wrong == Fault.Silence) await Task.Delay(1000, _stop.Token);
            var status = wrong switch { Fault.Busy => "503 Busy", Fault.Refuse => "401 Unauthorized", _ => "200 OK" };
            var answer = wrong switch
            {
                Fault.Busy => "Work queue depth exceeded",
                Fault.Garbage => "<html>hello</html>",
                Fault.TooLong => new string('x', 70 << 20),
                _ => Answer(JsonNode.Parse(body)!.AsArray(), wrong),
            };
            var bytes = Encoding.UTF8.GetBytes(answer);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"), _stop.Token);
            await stream.WriteAsync(bytes.AsMemory(0, wrong == Fault.CutShort ? bytes.Length / 2 : bytes.Length), _stop.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
        {
            // the other side left, or the test is over
        }
    }

    private string Answer(JsonArray calls, Fault wrong)
    {
        var answers = calls.Select(call => One(call!, wrong)).ToList();
        if (wrong == Fault.Shuffle) answers.Reverse();
        return $"[{string.Join(',', answers)}]";
    }

    private string One(JsonNode call, Fault wrong)
    {
        var id = call["id"]!.ToJsonString();
        var parameters = call["params"]!.AsArray();
        string Error(int code, string said) => $"{{\"result\":null,\"error\":{{\"code\":{code},\"message\":{JsonSerializer.Serialize(said)}}},\"id\":{id}}}";
        if (wrong == Fault.Starting) return Error(-28, "Loading block index...");
        var method = (string)call["method"]!;
        if (wrong == Fault.Pruned && method == "getblock") return Error(-1, "Block not available (pruned data)");
        var chain = _chain;
        string result;
        if (method == "getblockchaininfo")
        {
            result = $"{{\"chain\":\"{Chain}\",\"blocks\":{chain.Length - 1},\"bestblockhash\":\"{TestChain.HashOf(chain[^1])}\"}}";
        }
        else if (method == "getblockhash")
        {
            var height = (int)parameters[0]!;
            if (height >= chain.Length) return Error(-8, "Block height out of range");
            result = $"\"{TestChain.HashOf(chain[height])}\"";
        }
        else
        {
            if (!_byHash.TryGetValue(Hash256.Parse((string)parameters[0]!), out var block)) return Error(-5, "Block not found");
            if (method == "getblock" && wrong == Fault.Lie) block = chain[1];
            if (method == "getblock" && (int)parameters[1]! == 3)
            {
                if (Spent(block) is not { } transactions) return Error(-8, "verbosity");
                result = $"{{\"tx\":{transactions}}}";
            }
            else
            {
                result = $"\"{Convert.ToHexStringLower(method == "getblock" ? block : block.AsSpan(0, 80))}\"";
            }
        }

        return $"{{\"result\":{result},\"error\":null,\"id\":{id}}}";
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }
}
