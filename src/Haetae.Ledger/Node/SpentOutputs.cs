using System.Text.Json;
using Haetae.Ledger.Ingest;

namespace Haetae.Ledger.Node;

/// <summary>What inputs spend, as a node tells it with <c>getblock HASH 3</c>: for ledgers that begin above the first block.</summary>
internal sealed class SpentOutputs
{
    /// <summary>A block of four million bytes as JSON with scripts in two forms stays well below this.</summary>
    private const long AnswerLimit = 256 << 20;

    private volatile bool _absent;

    /// <summary>The node does not keep or does not tell them: values stay unknown.</summary>
    internal bool Absent => _absent;

    internal void Fill(NodeClient client, ReadOnlySpan<SourceBlock> blocks, Chunk chunk, CancellationToken cancel)
    {
        var spent = chunk.Spent ??= [];
        foreach (var block in blocks)
        {
            if (_absent) return;
            try
            {
                using var answers = client.Call("getblock", [block.Hash, 3], AnswerLimit, cancel);
                if (!Add(answers[0], spent)) _absent = true;
            }
            catch (NodeErrorException refused) when (!refused.IsNotFound)
            {
                _absent = true; // an older node, or one of another make
            }
        }
    }

    /// <summary>False where an input that must tell what it spends does not.</summary>
    private static bool Add(JsonElement block, Dictionary<(Hash256, uint), (long, byte[])> spent)
    {
        if (block.ValueKind != JsonValueKind.Object || !block.TryGetProperty("tx", out var transactions) || transactions.ValueKind != JsonValueKind.Array) return false;
        foreach (var transaction in transactions.EnumerateArray())
        {
            if (transaction.ValueKind != JsonValueKind.Object || !transaction.TryGetProperty("vin", out var inputs) || inputs.ValueKind != JsonValueKind.Array) return false;
            foreach (var input in inputs.EnumerateArray())
            {
                if (input.ValueKind != JsonValueKind.Object) return false;
                if (input.TryGetProperty("coinbase", out _)) continue;
                if (!TryRead(input, out var outpoint, out var output)) return false;
                spent[outpoint] = output;
            }
        }

        return true;
    }

    private static bool TryRead(JsonElement input, out (Hash256 Id, uint Vout) outpoint, out (long Value, byte[] Script) output)
    {
        outpoint = default;
        output = default;
        if (!input.TryGetProperty("txid", out var id) || id.ValueKind != JsonValueKind.String || !Hash256.TryParse(id.GetString(), out outpoint.Id)) return false;
        if (!input.TryGetProperty("vout", out var vout) || vout.ValueKind != JsonValueKind.Number || !vout.TryGetUInt32(out outpoint.Vout)) return false;
        if (!input.TryGetProperty("prevout", out var previous) || previous.ValueKind != JsonValueKind.Object) return false;
        if (!previous.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Number || !NodeChain.TrySatoshi(value.GetRawText(), out output.Value)) return false;
        if (!previous.TryGetProperty("scriptPubKey", out var script) || script.ValueKind != JsonValueKind.Object) return false;
        if (!script.TryGetProperty("hex", out var hex) || hex.ValueKind != JsonValueKind.String) return false;
        try
        {
            output.Script = Convert.FromHexString(hex.GetString()!);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
