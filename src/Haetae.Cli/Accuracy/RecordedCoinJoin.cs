using System.Text.Json;
using Haetae.Ledger;
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
