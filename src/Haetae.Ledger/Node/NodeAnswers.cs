using System.Text.Json;
using System.Text.Unicode;

namespace Haetae.Ledger.Node;

/// <summary>The results of one batch of calls, in the order of the calls, whatever the order of the answers.</summary>
internal sealed class NodeAnswers : IDisposable
{
    // "Limit exceeded" (EIP-1474), and the status of HTTP that some providers put into the answer instead.
    private const int LimitExceeded = -32005;
    private const int TooManyRequests = 429;

    private readonly JsonDocument _document;
    private readonly JsonElement[] _results;

    private NodeAnswers(JsonDocument document, JsonElement[] results)
    {
        _document = document;
        _results = results;
    }

    internal JsonElement this[int call] => _results[call];

    internal static NodeAnswers Read(string node, string method, IReadOnlyList<object[]> calls, ReadOnlyMemory<byte> bytes, NodeDialect dialect)
    {
        JsonDocument document;
        try
        {
            if (!IsText(bytes.Span)) throw new JsonException();
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = dialect.Depth });
        }
        catch (JsonException)
        {
            throw new LedgerException($"The node at {node} answers '{Asked(method, calls)}' with something that is not JSON. Is it the RPC port of {(dialect == NodeDialect.Evm ? "an" : "a")} {dialect.Noun}?");
        }

        try
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                ThrowError(node, method, calls, root);
                if (calls.Count == 1 && root.TryGetProperty("result", out var only)) return new NodeAnswers(document, [only]);
            }

            if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() != calls.Count)
                throw new LedgerException($"The node at {node} does not give one answer to each of {calls.Count} calls of '{method}'.");
            var results = new JsonElement[calls.Count];
            foreach (var answer in root.EnumerateArray())
            {
                if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number
                    || !id.TryGetInt32(out var call) || call < 0 || call >= results.Length || results[call].ValueKind != JsonValueKind.Undefined)
                    throw new LedgerException($"The node at {node} answers '{Asked(method, calls)}' under a number that was not asked, or twice.");
                ThrowError(node, method, [calls[call]], answer);
                if (!answer.TryGetProperty("result", out results[call])) throw new LedgerException($"The node at {node} answers '{Asked(method, [calls[call]])}' without a result.");
            }

            return new NodeAnswers(document, results);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>The question in words: the call, or how many of them.</summary>
    internal static string Asked(string method, IReadOnlyList<object[]> calls) =>
        calls.Count == 1 ? string.Join(' ', [method, .. calls[0]]) : $"{method}, {calls.Count} calls";

    /// <summary>False for bytes that JSON lets pass and that no string can hold: broken UTF-8, and halves of characters as escapes. No node has a reason to send them.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes)) return false;
        for (int at; (at = bytes.IndexOf("\\u"u8)) >= 0; bytes = bytes[(at + 2)..])
            if (bytes.Length > at + 3 && bytes[at + 2] is (byte)'d' or (byte)'D' && bytes[at + 3] is not (>= (byte)'0' and <= (byte)'7')) return false;
        return true;
    }

    private static void ThrowError(string node, string method, IReadOnlyList<object[]> calls, JsonElement answer)
    {
        if (!answer.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return;
        var code = error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var read) ? read : 0;
        var said = error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? Printable(text.GetString()!) : "no reason";
        if (code == NodeErrorException.WarmingUp) throw new PassingTroubleException($"it is still starting ({said})");
        // A batch that is too long for the node is halved, and not asked again as it is.
        if (code is LimitExceeded or TooManyRequests && !said.Contains("batch", StringComparison.OrdinalIgnoreCase)) throw new PassingTroubleException($"it is asked too often (error {code}: {said})");
        var asked = Asked(method, calls);
        var refusal = new NodeErrorException(code, $"The node at {node} answers '{asked}' with error {code}: {said}.", said);
        throw refusal.IsPruned
            ? new NodeErrorException(code, $"The node at {node} has pruned a block that is needed ({asked}: {said}). Ask a node that keeps all blocks, or begin higher with --from.", said)
            : refusal;
    }

    /// <summary>A stranger's words, short and without control characters.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Take(200).Select(letter => char.IsControl(letter) ? ' ' : letter)).TrimEnd('.', ' ');

    public void Dispose() => _document.Dispose();
}
