using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Node;

/// <summary>Whether a node's answer tells what the inputs of a block spend.</summary>
internal enum SpentTold
{
    /// <summary>The block spends nothing: its coinbase is alone.</summary>
    NothingSpent,

    /// <summary>Every input came with the output it spends.</summary>
    All,

    /// <summary>None did: the node is too old for the question, and answers a smaller one.</summary>
    None,
}

/// <summary>A node's answer to <c>getblock HASH 3</c>. What is told is read exactly or refused by its transaction; nothing is guessed.</summary>
internal readonly ref struct SpentAnswer(string node, Hash256 block, Dictionary<(Hash256 Id, uint Vout), (long Value, byte[] Script)> spent)
{
    private const int ShownLength = 40;

    /// <summary>Adds what the block's inputs spend.</summary>
    /// <exception cref="LedgerException">A part of the answer is not as it must be.</exception>
    internal SpentTold Read(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.String) return SpentTold.None; // the block in hex, as for verbosity 0
        if (!TryId(answer, "hash", out var hash) || hash != block) throw Strange("it is about another block, or does not say which");
        if (!answer.TryGetProperty("tx", out var transactions)) return SpentTold.None; // btcd's form of verbosity 2
        if (transactions.ValueKind != JsonValueKind.Array) throw Strange("it holds no list of transactions");
        if (transactions.GetArrayLength() > 0 && transactions[0].ValueKind == JsonValueKind.String) return SpentTold.None; // ids alone, as for verbosity 1
        int told = 0, untold = 0, number = 0;
        foreach (var transaction in transactions.EnumerateArray())
        {
            var name = TryId(transaction, "txid", out var id) ? $"{number} ({id})" : $"{number} (without a txid)";
            number++;
            if (!TryGet(transaction, "vin", JsonValueKind.Array, out var inputs)) throw Strange($"transaction {name} has no list of inputs");
            var at = 0;
            foreach (var input in inputs.EnumerateArray())
            {
                if (input.ValueKind == JsonValueKind.Object && input.TryGetProperty("coinbase", out _)) continue;
                if (Take(input, $"transaction {name}, input {at++}")) told++;
                else untold++;
                if (told > 0 && untold > 0) throw Strange($"transaction {name}, input {at - 1}: some inputs tell what they spend, and others have no 'prevout'");
            }
        }

        return told > 0 ? SpentTold.All : untold > 0 ? SpentTold.None : SpentTold.NothingSpent;
    }

    /// <summary>False where the input does not tell what it spends.</summary>
    private bool Take(JsonElement input, string name)
    {
        if (!TryId(input, "txid", out var id)) throw Strange($"{name} has no txid");
        if (!TryGet(input, "vout", JsonValueKind.Number, out var place) || !place.TryGetUInt32(out var vout)) throw Strange($"{name} has no vout");
        if (!input.TryGetProperty("prevout", out var previous)) return false;
        if (previous.ValueKind != JsonValueKind.Object) throw Strange($"{name}: its 'prevout' is {Shown(previous)}");
        if (!previous.TryGetProperty("value", out var value)) throw Strange($"{name}: its 'prevout' has no value");
        if (value.ValueKind != JsonValueKind.Number || !CoinNumber.TrySatoshi(JsonMarshal.GetRawUtf8Value(value), out var satoshi))
            throw Strange($"{name} spends {Shown(value)}, which is no number of coins from 0 to 21 million with at most 8 decimals");
        if (!TryGet(previous, "scriptPubKey", JsonValueKind.Object, out var script) || !TryGet(script, "hex", JsonValueKind.String, out var hex)) throw Strange($"{name}: its 'prevout' has no script");
        if (!spent.TryAdd((id, vout), (satoshi, Script(hex, name)))) throw Strange($"{name} spends {id}:{vout}, which another input spends as well");
        return true;
    }

    private byte[] Script(JsonElement hex, string name)
    {
        try
        {
            return Convert.FromHexString(hex.GetString()!);
        }
        catch (FormatException)
        {
            throw Strange($"{name}: the script of its 'prevout' is {Shown(hex)}, which is no hex");
        }
    }

    private LedgerException Strange(string what) => new($"The node at {node}, asked what the inputs of block {block} spend (getblock with verbosity 3), gives an answer that cannot be used: {what}.");

    private static bool TryGet(JsonElement parent, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    private static bool TryId(JsonElement parent, string name, out Hash256 id)
    {
        id = default;
        return TryGet(parent, name, JsonValueKind.String, out var text) && Hash256.TryParse(text.GetString(), out id);
    }

    /// <summary>A stranger's JSON, short and on one line.</summary>
    private static string Shown(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, ShownLength)]);
        return string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || char.IsPunctuation(letter) || char.IsSymbol(letter) ? letter : ' ')) + (raw.Length > ShownLength ? "..." : "");
    }
}
