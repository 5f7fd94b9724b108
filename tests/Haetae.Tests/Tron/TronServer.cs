using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Haetae.Tests.Tron;

/// <summary>A server that speaks TRON's HTTP interface on loopback and serves given blocks; with faults on demand.</summary>
internal sealed class TronServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly SortedDictionary<uint, (JsonObject Block, JsonArray Results)> _blocks = [];
    private int _requests;

    internal TronServer()
    {
        // HttpListener takes no port of 0: try ports until one is free.
        for (var port = 42_000 + Environment.ProcessId % 2_000; ; port++)
        {
            try
            {
                _listener = new HttpListener(); // one that failed to start is of no further use
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                _listener.Start();
                Address = $"http://127.0.0.1:{port}";
                break;
            }
            catch (HttpListenerException) when (port < 60_000)
            {
            }
        }

        _ = Task.Run(Serve);
    }

    internal string Address { get; }

    /// <summary>Every so many requests is answered with "too many requests"; 0: none.</summary>
    internal int BusyEvery { get; init; }

    internal List<string> Asked { get; } = [];

    /// <summary>Adds a block. Results go by the transaction's id.</summary>
    internal void Add(uint number, string hash, string parent, long milliseconds, IEnumerable<(JsonObject Transaction, JsonObject Result)> transactions)
    {
        var block = new JsonObject
        {
            ["blockID"] = hash,
            ["block_header"] = new JsonObject
            {
                ["raw_data"] = new JsonObject { ["number"] = number, ["parentHash"] = parent, ["timestamp"] = milliseconds, ["witness_address"] = "41f2f97c4b0a2b8b1c2d3e4f5061728394a5b6c7d8", ["version"] = 27 },
                ["witness_signature"] = "00",
            },
        };
        JsonArray list = [], results = [];
        foreach (var (transaction, result) in transactions)
        {
            list.Add(transaction);
            results.Add(result);
        }

        if (list.Count > 0) block["transactions"] = list;
        lock (_blocks) _blocks[number] = (block, results);
    }

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            var question = JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject();
            var call = context.Request.Url!.AbsolutePath;
            lock (Asked) Asked.Add($"{call} {question.ToJsonString()}");
            if (BusyEvery > 0 && Interlocked.Increment(ref _requests) % BusyEvery == 0) context.Response.StatusCode = 429;
            var body = context.Response.StatusCode == 200 ? Encoding.UTF8.GetBytes(Answer(call, question)) : [];
            context.Response.Close(body, willBlock: false);
        }
    }

    private string Answer(string call, JsonObject question)
    {
        lock (_blocks)
        {
            switch (call)
            {
                case "/wallet/getnowblock":
                    return _blocks.Count == 0 ? "{}" : _blocks[_blocks.Keys.Max()].Block.ToJsonString();
                case "/wallet/getblockbylimitnext":
                    uint start = question["startNum"]!.GetValue<uint>(), end = question["endNum"]!.GetValue<uint>();
                    if (end <= start || end - start > 100) return "{}";
                    return $"{{\"block\":[{string.Join(',', Enumerable.Range((int)start, (int)(end - start)).Where(n => _blocks.ContainsKey((uint)n)).Select(n => _blocks[(uint)n].Block.ToJsonString()))}]}}";
                case "/wallet/gettransactioninfobyblocknum":
                    return _blocks.TryGetValue(question["num"]!.GetValue<uint>(), out var found) ? found.Results.ToJsonString() : "[]";
                default:
                    return JsonSerializer.Serialize(new { Error = $"class java.lang.Exception : no such call {call}" });
            }
        }
    }

    public void Dispose() => _listener.Close();
}
