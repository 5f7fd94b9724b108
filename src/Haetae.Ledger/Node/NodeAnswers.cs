using System.Text.Json;

namespace Haetae.Ledger.Node;

/// <summary>The results of one batch of calls, in the order of the calls, whatever the order of the answers.</summary>
internal sealed class NodeAnswers : IDisposable
{
    private readonly JsonDocument _document;
    private readonly JsonElement[] _results;

    private NodeAnswers(JsonDocument document, JsonElement[] results)
    {
        _document = document;
        _results = results;
    }

    internal JsonElement this[int call] => _results[call];

    internal static NodeAnswers Read(string node, string method, IReadOnlyList<object[]> calls, ReadOnlyMemory<byte> bytes)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            throw new LedgerException($"The node at {node} answers '{method}' with something that is not JSON. Is it the RPC port of a Bitcoin node?");
        }

        try
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                ThrowError(node, method, root, null);
                if (calls.Count == 1 && root.TryGetProperty("result", out var only)) return new NodeAnswers(document, [only]);
            }

            if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() != calls.Count)
                throw new LedgerException($"The node at {node} does not give one answer to each of {calls.Count} calls of '{method}'.");
            var results = new JsonElement[calls.Count];
            foreach (var answer in root.EnumerateArray())
            {
                if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number
                    || !id.TryGetInt32(out var call) || call < 0 || call >= results.Length || results[call].ValueKind != JsonValueKind.Undefined)
                    throw new LedgerException($"The node at {node} answers '{method}' under a number that was not asked, or twice.");
                ThrowError(node, method, answer, calls[call]);
                if (!answer.TryGetProperty("result", out results[call])) throw new LedgerException($"The node at {node} answers '{method}' without a result.");
            }

            return new NodeAnswers(document, results);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    private static void ThrowError(string node, string method, JsonElement answer, object[]? call)
    {
        if (!answer.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return;
        var code = error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var read) ? read : 0;
        var said = error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String ? Printable(text.GetString()!) : "no reason";
        if (code == NodeErrorException.WarmingUp) throw new PassingTroubleException($"it is still starting ({said})");
        var asked = call is null ? method : $"{method} {string.Join(' ', call)}";
        throw said.Contains("pruned", StringComparison.OrdinalIgnoreCase)
            ? new NodeErrorException(code, $"The node at {node} has pruned a block that is needed ({asked}: {said}). Ask a node that keeps all blocks, or begin higher with --from.", said)
            : new NodeErrorException(code, $"The node at {node} answers '{asked}' with error {code}: {said}.", said);
    }

    /// <summary>A stranger's words, short and without control characters.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Take(200).Select(letter => char.IsControl(letter) ? ' ' : letter)).TrimEnd('.', ' ');

    public void Dispose() => _document.Dispose();
}
