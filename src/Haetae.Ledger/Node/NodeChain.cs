using System.Text.Json;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Node;

/// <summary>Which chain a node is on and how far it is.</summary>
/// <param name="Known">The highest header it knows: above <paramref name="Height"/> while it still fetches blocks itself.</param>
internal readonly record struct NodeTip(BitcoinNetwork Network, int Height, Hash256 Hash, int Known);

/// <summary>The questions an ingest puts to a node about its chain.</summary>
internal sealed class NodeChain(NodeClient client, CancellationToken cancel)
{
    private const int HashBatch = 1000;
    private const long LineLimit = 512; // bytes of JSON around a hash or header, generously

    internal NodeClient Client => client;

    internal NodeTip Tip()
    {
        using var answers = client.Call("getblockchaininfo", [], 1 << 20, cancel);
        var info = answers[0];
        var chain = Text(info, "chain");
        var network = chain switch
        {
            "main" => BitcoinNetwork.Mainnet,
            "test" => BitcoinNetwork.Testnet3,
            "testnet4" => BitcoinNetwork.Testnet4,
            "signet" => BitcoinNetwork.Signet,
            "regtest" => BitcoinNetwork.Regtest,
            _ => throw new LedgerException($"The node at {client.Name} is on a chain that is not known here. Known are main, test, testnet4, signet and regtest."),
        };
        if (!info.TryGetProperty("blocks", out var blocks) || blocks.ValueKind != JsonValueKind.Number || !blocks.TryGetInt32(out var height) || height < 0)
            throw Strange("getblockchaininfo", "no number of blocks");
        if (!Hash256.TryParse(Text(info, "bestblockhash"), out var hash)) throw Strange("getblockchaininfo", "no best block");
        var known = info.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Number && headers.TryGetInt32(out var highest) ? highest : height;
        return new NodeTip(network, height, hash, known);
    }

    /// <summary>The hashes of consecutive heights of the node's best chain.</summary>
    /// <exception cref="NodeChangedException">The chain no longer reaches that far.</exception>
    internal Hash256[] Hashes(int first, int count, Action<int>? done = null)
    {
        var hashes = new Hash256[count];
        for (var at = 0; at < count; at += HashBatch)
        {
            var calls = new object[Math.Min(HashBatch, count - at)][];
            for (var i = 0; i < calls.Length; i++) calls[i] = [first + at + i];
            using var answers = Ask("getblockhash", calls);
            for (var i = 0; i < calls.Length; i++)
                if (answers[i].ValueKind != JsonValueKind.String || !Hash256.TryParse(answers[i].GetString(), out hashes[at + i])) throw Strange("getblockhash", "no hash");
            done?.Invoke(at + calls.Length);
        }

        return hashes;
    }

    /// <summary>Headers of 80 bytes each, one after the other.</summary>
    internal byte[] Headers(ReadOnlySpan<Hash256> hashes, Action<int>? done = null)
    {
        var headers = new byte[80 * hashes.Length];
        for (var at = 0; at < hashes.Length; at += HashBatch)
        {
            var calls = new object[Math.Min(HashBatch, hashes.Length - at)][];
            for (var i = 0; i < calls.Length; i++) calls[i] = [hashes[at + i], false];
            using var answers = Ask("getblockheader", calls);
            for (var i = 0; i < calls.Length; i++)
            {
                var text = answers[i].ValueKind == JsonValueKind.String ? answers[i].GetString()! : "";
                if (text.Length != 160 || Convert.FromHexString(text, headers.AsSpan(80 * (at + i), 80), out _, out _) != System.Buffers.OperationStatus.Done)
                    throw Strange("getblockheader", "no header of 80 bytes");
            }

            done?.Invoke(at + calls.Length);
        }

        return headers;
    }

    private NodeAnswers Ask(string method, object[][] calls)
    {
        try
        {
            return client.CallAll(method, calls, LineLimit * calls.Length + 4096, cancel);
        }
        catch (NodeErrorException gone) when (gone.Code is NodeErrorException.OutOfRange || gone.IsNotFound)
        {
            throw new NodeChangedException(gone.Message);
        }
    }

    private LedgerException Strange(string method, string what) => new($"The node at {client.Name} answers '{method}' with {what}.");

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
