using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing;

namespace Haetae.Cli.Accuracy;

/// <summary>A recorded transaction and what another project's detectors called it. Source: crocs-muni, pets26_coinjoin_analysis, from Dumplings.</summary>
internal sealed record RecordedCoinJoin(string TxId, IReadOnlyList<string> Labels, TransactionShape Shape)
{
    internal bool Is(string label) => Labels.Contains(label);

    /// <summary>Which half of a set it belongs to, by the last bit of its id.</summary>
    internal bool IsEven => Convert.ToInt32(TxId[^1..], 16) % 2 == 0;

    internal static RecordedCoinJoin Read(JsonElement root)
    {
        var id = Field(root, "txid").GetString() ?? "";
        if (!Hash256.TryParse(id, out _)) throw new LedgerException($"a recorded transaction is called '{id}', which is no id of 64 hex digits");
        return new RecordedCoinJoin(
            id,
            [.. Field(root, "labels").EnumerateArray().Select(label => label.GetString()!)],
            new TransactionShape(
                [.. Field(root, "vin").EnumerateArray().Select(input => new InputShape(Script(input), Amount(input)))],
                [.. Field(root, "vout").EnumerateArray().Select(output => new OutputShape(Script(output), Amount(output)))]));
    }

    internal static JsonElement Field(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : throw new LedgerException($"a recorded transaction lacks '{name}': {Short(of)}");

    internal static long Amount(JsonElement of) =>
        Field(of, "value").TryGetInt64(out var satoshi) && satoshi is >= 0 and <= Satoshi.Maximum ? satoshi : throw new LedgerException($"an amount is no number of satoshi: {Short(of)}");

    private static byte[] Script(JsonElement of)
    {
        try
        {
            return Convert.FromHexString(Field(of, "script").GetString() ?? "");
        }
        catch (FormatException)
        {
            throw new LedgerException($"a script is not hex: {Short(of)}");
        }
    }

    private static string Short(JsonElement of) => of.GetRawText() is { Length: > 200 } text ? text[..200] + "…" : of.GetRawText();
}

/// <summary>An emulated WabiSabi round with the wallet behind each coin. Source: crocs-muni.</summary>
/// <param name="InputOwners">The wallet of each input.</param>
/// <param name="OutputOwners">The wallet of each output; "Coordinator" for its fee.</param>
internal sealed record EmulatedRound(TransactionShape Shape, IReadOnlyList<string> InputOwners, IReadOnlyList<string> OutputOwners)
{
    internal static EmulatedRound Read(JsonElement root)
    {
        List<JsonElement> inputs = [.. RecordedCoinJoin.Field(root, "inputs").EnumerateArray()], outputs = [.. RecordedCoinJoin.Field(root, "outputs").EnumerateArray()];
        return new EmulatedRound(
            new TransactionShape(
                inputs.ConvertAll(input => new InputShape(ScriptOf(input), RecordedCoinJoin.Amount(input))),
                outputs.ConvertAll(output => new OutputShape(ScriptOf(output), RecordedCoinJoin.Amount(output)))),
            inputs.ConvertAll(Wallet),
            outputs.ConvertAll(Wallet));
    }

    private static string Wallet(JsonElement coin) => RecordedCoinJoin.Field(coin, "wallet").GetString() ?? "";

    private static byte[] ScriptOf(JsonElement coin)
    {
        var address = RecordedCoinJoin.Field(coin, "address").GetString() ?? "";
        return Address.TryParse(address, BitcoinNetwork.Regtest, out var script, out var error) ? script : throw new LedgerException($"an emulated round names the address '{address}': {error}");
    }
}
