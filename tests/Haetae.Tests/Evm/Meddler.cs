using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Ledger.Node;
using Haetae.Tests.Support;

namespace Haetae.Tests.Evm;

/// <summary>What a <see cref="Meddler"/> does to answers.</summary>
public enum Meddling
{
    // Below the words of JSON-RPC, up to Endless.
    CutShort, Drop, Busy, TooMany, Page, Huge, Endless,
    RateLimited, NoBlockReceipts, Shuffled, WrongId, TooFew, NoResult, MissingReceipt, ForeignReceipt, OtherParent, OtherBlock, HashesOnly, FewTraces, HighTip, Pruned, NoBatches, ShortBatches,
}

/// <summary>Stands on the loopback between an ingest and a real node, and spoils some of the answers.</summary>
internal sealed class Meddler : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(300) };
    private readonly Meddling _meddling;
    private readonly Uri _node;
    private volatile bool _healed;
    private int _requests, _spoilable;

    internal Meddler(Anvil anvil, Meddling meddling)
    {
        (_node, _meddling) = (new Uri(anvil.Url), meddling);
        _listener = new LoopbackListener(Talk);
    }

    /// <summary>Requests that pass unspoilt at first.</summary>
    internal int Spare { get; init; }

    /// <summary>Of the answers after that which can be spoilt, every so many are; 1: all.</summary>
    internal int Every { get; init; } = 1;

    /// <summary>Answers that were spoilt.</summary>
    internal int Spoilt { get; private set; }

    internal NodeAccess Access => new(NodeAccess.Parse(_listener.Url, pollEvery: TimeSpan.FromMilliseconds(20)))
    {
        Retries = 5,
        FirstWait = TimeSpan.FromMilliseconds(5),
    };

    internal void Heal() => _healed = true;

    private async Task Talk(NetworkStream stream, CancellationToken cancel)
    {
        var question = (await LoopbackListener.Read(stream, cancel)).Body;
        using var content = new ByteArrayContent(question);
        content.Headers.ContentType = new("application/json");
        using var answer = await _http.PostAsync(_node, content, cancel);
        var body = await answer.Content.ReadAsStringAsync(cancel);
        var asked = JsonNode.Parse(question)!;
        await Reply(stream, asked as JsonArray ?? [asked], asked is JsonArray, body, !_healed && Interlocked.Increment(ref _requests) > Spare, cancel);
    }

    private bool IsTurn() => Interlocked.Increment(ref _spoilable) % Every == 0;

    private async Task Reply(NetworkStream stream, JsonArray calls, bool isBatch, string body, bool mayBeSpoilt, CancellationToken cancel)
    {
        var status = "200 OK";
        var (cut, announced) = (false, default(string));
        if (mayBeSpoilt && ((_meddling == Meddling.NoBatches && isBatch) || (_meddling == Meddling.ShortBatches && calls.Count > 2)))
        {
            Spoilt++;
            (status, body) = isBatch && _meddling == Meddling.NoBatches ? ("400 Bad Request", "no batches here") : ("413 Content Too Large", "<html>too large</html>");
        }
        else if (mayBeSpoilt && _meddling <= Meddling.Endless && IsTurn())
        {
            Spoilt++;
            if (_meddling == Meddling.Drop) return;
            cut = _meddling == Meddling.CutShort;
            (status, body, announced) = _meddling switch
            {
                Meddling.Busy => ("503 Service Unavailable", "later", announced),
                Meddling.TooMany => ("429 Too Many Requests", "slow down", announced),
                Meddling.Page => (status, "<html>Checking your browser</html>", announced),
                Meddling.Huge => (status, "[", "9000000000000"),
                Meddling.Endless => (status, "[" + new string(' ', 2 << 20), ""),
                _ => (status, body, announced),
            };
        }
        else if (mayBeSpoilt && _meddling is > Meddling.Endless and < Meddling.NoBatches)
        {
            var answers = JsonNode.Parse(body, null, new JsonDocumentOptions { MaxDepth = 4096 })!.AsArray();
            var before = answers.ToJsonString(Deep);
            Spoil((string)calls[0]!["method"]!, answers);
            var after = answers.ToJsonString(Deep);
            if (after != before && IsTurn())
            {
                Spoilt++;
                body = after;
            }
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        await LoopbackListener.SendHead(stream, status, announced == "" ? null : announced ?? $"{bytes.Length}", cancel);
        await stream.WriteAsync(bytes.AsMemory(0, cut ? bytes.Length / 2 : bytes.Length), cancel);
    }

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 4096 };

    private void Spoil(string method, JsonArray answers)
    {
        var first = answers[0]!.AsObject();
        switch (_meddling)
        {
            case Meddling.RateLimited:
                foreach (var one in answers) Refuse(one!.AsObject(), -32005, "request rate limited");
                break;
            case Meddling.NoBlockReceipts when method == "eth_getBlockReceipts":
                foreach (var one in answers) Refuse(one!.AsObject(), -32601, "Method not found");
                break;
            case Meddling.Shuffled:
                var turned = answers.Reverse().Select(one => one!.DeepClone()).ToArray();
                answers.Clear();
                foreach (var one in turned) answers.Add(one);
                break;
            case Meddling.WrongId:
                first["id"] = 77_777;
                break;
            case Meddling.TooFew when answers.Count > 1:
                answers.RemoveAt(answers.Count - 1);
                break;
            case Meddling.NoResult:
                first.Remove("result");
                break;
            case Meddling.MissingReceipt when method == "eth_getBlockReceipts" && Full(answers) is { } receipts:
                receipts.RemoveAt(receipts.Count - 1);
                break;
            case Meddling.ForeignReceipt when method == "eth_getBlockReceipts" && Full(answers) is { } receipts:
                receipts[0]!["transactionHash"] = "0x" + new string('7', 64);
                break;
            case Meddling.FewTraces when method == "debug_traceBlockByNumber" && Full(answers) is { } traces:
                traces.RemoveAt(traces.Count - 1);
                break;
            case Meddling.OtherParent when IsBlocks(method, first):
                first["result"]!["parentHash"] = "0x" + new string('7', 64);
                break;
            case Meddling.OtherBlock when IsBlocks(method, first):
                first["result"]!["number"] = "0x3";
                break;
            case Meddling.HashesOnly when IsBlocks(method, first):
                foreach (var block in answers.Select(one => one!["result"]!)) block["transactions"] = new JsonArray([.. block["transactions"]!.AsArray().Select(one => (JsonNode)(string)one!["hash"]!)]);
                break;
            case Meddling.Pruned when method is "debug_traceBlockByNumber" or "trace_block":
                foreach (var one in answers) Refuse(one!.AsObject(), -32000, "required historical state unavailable (reexec=128)");
                break;
            case Meddling.HighTip when method == "eth_blockNumber":
                first["result"] = "0xffff";
                break;
        }
    }

    // Blocks with their transactions, and not only the question for a hash.
    private static bool IsBlocks(string method, JsonObject first) =>
        method == "eth_getBlockByNumber" && first["result"] is JsonObject block && block["transactions"]!.AsArray() is { Count: > 0 } some && some[0] is JsonObject;

    private static JsonArray? Full(JsonArray answers) => answers.Select(one => one!["result"] as JsonArray).FirstOrDefault(one => one is { Count: > 0 });

    private static void Refuse(JsonObject one, int code, string said)
    {
        one.Remove("result");
        one["error"] = new JsonObject { ["code"] = code, ["message"] = said };
    }

    public void Dispose()
    {
        _listener.Dispose();
        _http.Dispose();
    }
}
