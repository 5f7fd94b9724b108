using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Node;
using Haetae.Tests.Support;

namespace Haetae.Tests.Node;

/// <summary>What a <see cref="NodeDouble"/> does wrong.</summary>
internal enum Fault
{
    None, Drop, CutShort, Busy, QueueFull, Starting, Shuffle, Silence, Drip, Garbage, Truncated, HalfCharacter, TooLong, Announced, Endless, WrongId, SameId, TooFew, Lie, Refuse, Pruned,
}

/// <summary>A server that speaks JSON-RPC as Bitcoin Core does and serves given blocks, with faults on demand.</summary>
internal sealed class NodeDouble : IDisposable
{
    internal const string Secret = "secret-word";

    private readonly LoopbackListener _listener;
    private readonly Lock _counting = new();
    private int _requests, _underWay;
    private volatile byte[][] _chain = [];
    private volatile Dictionary<Hash256, byte[]> _byHash = [];
    private volatile string _credentials = $"someone:{Secret}";
    private volatile bool _healed, _down;

    internal NodeDouble(TestChain chain)
    {
        Serve(chain);
        _listener = new LoopbackListener(Talk);
    }

    internal Fault Fault { get; init; }

    /// <summary>Every so many requests goes wrong; 1: all.</summary>
    internal int Every { get; init; } = 3;

    internal string Chain { get; init; } = "regtest";

    /// <summary>Height of the first block served. Of those below only the genesis block's hash is known.</summary>
    internal int FirstHeight { get; init; }

    internal Hash256? Genesis { get; init; }

    /// <summary>Headers without blocks that the node knows above its tip.</summary>
    internal int StillToFetch { get; init; }

    /// <summary>The most requests that were under way at a time.</summary>
    internal int MostAtOnce { get; private set; }

    /// <summary>A block, and its height, as JSON for a verbosity above 0; null: an error, as of nodes that know no such form.</summary>
    internal Func<byte[], int, string>? Details { get; init; }

    /// <summary>The error of a node that knows no such form.</summary>
    internal (int Code, string Said) Refusal { get; init; } = (-1, "JSON value of type number is not of expected type bool");

    /// <summary>Who may make calls, "user:password".</summary>
    internal string Credentials { set => _credentials = value; }

    /// <summary>Connections are closed as soon as they are made.</summary>
    internal bool Down { set => _down = value; }

    /// <summary>How long each answer takes.</summary>
    internal TimeSpan Slow { get; init; }

    /// <summary>Called for each request before it is looked at.</summary>
    internal Action? Arriving { get; init; }

    internal string Address => _listener.Url;

    internal NodeAccess Access => Quick(NodeAccess.Parse(Address, "someone", Secret, pollEvery: TimeSpan.FromMilliseconds(20)));

    internal NodeAccess WithCookie(string file) => Quick(NodeAccess.Parse(Address, cookieFile: file, pollEvery: TimeSpan.FromMilliseconds(20)));

    private NodeAccess Quick(NodeAccess access) => new(access)
    {
        Retries = 4,
        FirstWait = TimeSpan.FromMilliseconds(5),
        Silence = TimeSpan.FromMilliseconds(Fault switch { Fault.Silence => 150, Fault.Drip => 40, _ => 20_000 }),
    };

    internal void Heal() => _healed = true;

    internal void Serve(TestChain chain)
    {
        var known = new Dictionary<Hash256, byte[]>(_byHash);
        foreach (var block in chain.Blocks) known[TestChain.HashOf(block)] = block;
        _byHash = known;
        _chain = [.. chain.Blocks];
    }

    private async Task Talk(NetworkStream stream, CancellationToken cancel)
    {
        if (_down) return;
        var request = await LoopbackListener.Read(stream, cancel);
        Arriving?.Invoke();
        lock (_counting) MostAtOnce = Math.Max(MostAtOnce, ++_underWay);
        var wrong = Fault != Fault.None && !_healed && Interlocked.Increment(ref _requests) % Every == 0 ? Fault : Fault.None;
        if (wrong == Fault.None && request.Header("Authorization") != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(_credentials))) wrong = Fault.Refuse;
        var answer = wrong is Fault.Drop or Fault.Refuse ? "" : Answer(JsonNode.Parse(request.Body)!.AsArray(), wrong);
        if (Slow > TimeSpan.Zero) await Task.Delay(Slow, cancel);
        lock (_counting) _underWay--;
        await Send(stream, wrong, answer, cancel);
    }

    private static async Task Send(NetworkStream stream, Fault wrong, string answer, CancellationToken cancel)
    {
        if (wrong == Fault.Drop) return;
        if (wrong == Fault.Silence) await Task.Delay(1000, cancel);
        var (status, text) = wrong switch
        {
            Fault.Busy => ("503 Service Unavailable", "Work queue depth exceeded"),
            Fault.QueueFull => ("500 Internal Server Error", "Work queue depth exceeded"), // Core before 22
            Fault.Refuse => ("401 Unauthorized", ""),
            Fault.Garbage => ("200 OK", "<html>hello</html>"),
            Fault.Truncated => ("200 OK", answer[..(answer.Length / 2)]),
            Fault.HalfCharacter => ("200 OK", """[{"result":null,"error":{"code":-1,"message":"\ud800"},"id":0}]"""),
            Fault.TooLong => ("200 OK", new string('x', 70 << 20)),
            Fault.Endless => ("200 OK", "[" + new string(' ', 8 << 20)),
            _ => ("200 OK", answer),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        await LoopbackListener.SendHead(stream, status, wrong switch { Fault.Endless => null, Fault.Announced => "9000000000000", _ => $"{bytes.Length}" }, cancel);
        for (var i = 0; wrong == Fault.Drip && i < bytes.Length - 1; i++)
        {
            await stream.WriteAsync(bytes.AsMemory(i, 1), cancel);
            await Task.Delay(i < 200 ? 10 : 100, cancel);
        }

        await stream.WriteAsync(bytes.AsMemory(0, wrong == Fault.CutShort ? bytes.Length / 2 : bytes.Length), cancel);
    }

    private string Answer(JsonArray calls, Fault wrong)
    {
        var answers = calls.Select(call => One(call!, wrong)).ToList();
        if (wrong == Fault.Shuffle) answers.Reverse();
        if (wrong == Fault.SameId) answers[^1] = answers[0];
        if (wrong == Fault.TooFew) answers.RemoveAt(0);
        return $"[{string.Join(',', answers)}]";
    }

    private string One(JsonNode call, Fault wrong)
    {
        var id = wrong == Fault.WrongId ? "77777" : call["id"]!.ToJsonString();
        try
        {
            return $"{{\"result\":{Result((string)call["method"]!, call["params"]!.AsArray(), wrong)},\"error\":null,\"id\":{id}}}";
        }
        catch (NodeErrorException error)
        {
            return $"{{\"result\":null,\"error\":{{\"code\":{error.Code},\"message\":{JsonSerializer.Serialize(error.Message)}}},\"id\":{id}}}";
        }
    }

    private string Result(string method, JsonArray parameters, Fault wrong)
    {
        if (wrong == Fault.Starting) throw Error(-28, "Loading block index...");
        if (wrong == Fault.Pruned && method == "getblock") throw Error(-1, "Block not available (pruned data)");
        var chain = _chain;
        switch (method)
        {
            case "getblockchaininfo":
                return $"{{\"chain\":\"{Chain}\",\"blocks\":{FirstHeight + chain.Length - 1},\"headers\":{FirstHeight + chain.Length - 1 + StillToFetch},\"bestblockhash\":\"{TestChain.HashOf(chain[^1])}\"}}";
            case "getblockhash":
                var height = (int)parameters[0]!;
                if (height == 0 && Genesis is { } genesis) return $"\"{genesis}\"";
                if (height < FirstHeight || height >= FirstHeight + chain.Length) throw Error(-8, "Block height out of range");
                return $"\"{TestChain.HashOf(chain[height - FirstHeight])}\"";
            default:
                if (!_byHash.TryGetValue(Hash256.Parse((string)parameters[0]!), out var block)) throw Error(-5, "Block not found");
                if (method == "getblockheader") return $"\"{Convert.ToHexStringLower(block.AsSpan(0, 80))}\"";
                if (wrong == Fault.Lie) block = chain[1];
                if ((int)parameters[1]! == 0) return $"\"{Convert.ToHexStringLower(block)}\"";
                if (Details is null) throw Error(Refusal.Code, Refusal.Said);
                return Details(block, FirstHeight + Array.IndexOf(chain, block));
        }
    }

    private static NodeErrorException Error(int code, string said) => new(code, said, said);

    public void Dispose() => _listener.Dispose();
}
