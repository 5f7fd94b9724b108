using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Haetae.Cli.Exercise;

/// <summary>Writes what really happened as "haetae.truth/1"; the schema is docs/formats/haetae.truth.1.schema.json.</summary>
/// <param name="address">Turns an output script into its address.</param>
internal sealed class TruthFile(ulong seed, PracticeChain chain, int transactions, Heist heist, Func<byte[], string> address)
{
    private const string MixingRule =
        "Inside each of the thief's own transactions satoshi leave in the order they entered: "
        + "inputs in order fill outputs in order, the fee comes last. "
        + "It decides only where clean coins were mixed in; in the CoinJoin it looks at the thief's own inputs and outputs alone.";

    public byte[] Encode()
    {
        using var bytes = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            WriteChain(json);
            WriteTheft(json);
            WriteStory(json);
            WritePlaces(json);
            WriteActors(json);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>The stolen outputs, each "txid:vout".</summary>
    public string[] Seeds => heist.Spoils.Select(c => c.Outpoint).ToArray();

    private void WriteChain(Utf8JsonWriter json)
    {
        json.WriteString("format", "haetae.truth/1");
        json.WriteString("seed", seed.ToString(CultureInfo.InvariantCulture));
        json.WriteString("network", "regtest");
        json.WriteNumber("blocks", chain.Height);
        json.WriteNumber("transactions", transactions);
        json.WriteString("tipHash", chain.Tip.ToString());
        json.WriteStartArray("commands");
        json.WriteStringValue("haetae ingest bitcoin --blocks . --ledger practice-ledger");
        json.WriteStringValue($"haetae tags import {PracticeTags.FileName}");
        json.WriteStringValue($"haetae trace --ledger practice-ledger --from {string.Join(',', Seeds)} --policy all");
        json.WriteEndArray();
    }

    private void WriteTheft(Utf8JsonWriter json)
    {
        json.WriteStartObject("theft");
        json.WriteString("victim", heist.Victim.Name);
        json.WriteString("txid", heist.Theft!.TxId.ToString());
        json.WriteNumber("height", heist.Theft.Height);
        WriteAmount(json, "total", heist.Book.Total);
        json.WriteStartArray("stolen");
        foreach (var coin in heist.Spoils)
        {
            json.WriteStartObject();
            json.WriteString("outpoint", coin.Outpoint);
            json.WriteString("address", address(coin.To.Script));
            WriteAmount(json, "amount", coin.Amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteStory(Utf8JsonWriter json)
    {
        json.WriteStartArray("story");
        foreach (var step in heist.Story.Steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteString("txid", step.Where.TxId.ToString());
            json.WriteNumber("height", step.Where.Height);
            json.WriteString("sentence", step.Sentence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WritePlaces(Utf8JsonWriter json)
    {
        json.WriteString("mixingRule", MixingRule);
        json.WriteStartArray("places");
        foreach (var place in heist.Book.Places)
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind(place.Ending));
            json.WriteString("txid", place.Where.TxId.ToString());
            json.WriteNumber("height", place.Where.Height);
            WriteAmount(json, "amount", place.Amount);
            if (place.Coin is { } coin)
            {
                json.WriteString("outpoint", coin.Outpoint);
                json.WriteString("address", address(coin.To.Script));
                json.WriteString("owner", coin.To.Holder.Name);
                WriteAmount(json, "outputAmount", coin.Amount);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteActors(Utf8JsonWriter json)
    {
        json.WriteStartArray("actors");
        foreach (var touched in heist.Story.Touched)
        {
            json.WriteStartObject();
            json.WriteString("address", address(touched.Script));
            json.WriteString("owner", touched.Holder.Name);
            json.WriteString("role", touched.Holder.Role);
            if (touched.Customer is not null) json.WriteString("customer", touched.Customer);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAmount(Utf8JsonWriter json, string name, long satoshi) =>
        json.WriteString(name, satoshi.ToString(CultureInfo.InvariantCulture));

    private static string Kind(Ending ending) => ending switch
    {
        Ending.Held => "held",
        Ending.Deposited => "deposited",
        Ending.CoinJoin => "coinjoin",
        Ending.Paid => "paid",
        _ => "fee",
    };
}
