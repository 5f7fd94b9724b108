using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing;

namespace Haetae.Cli.Accuracy;

/// <summary>A round with the owner of each coin.</summary>
/// <param name="InputOwners">The owner of each input.</param>
/// <param name="OutputOwners">The owner of each output; <see cref="Coordinator"/> for the fee of an emulated one.</param>
internal sealed record OwnedRound(TransactionShape Shape, IReadOnlyList<string> InputOwners, IReadOnlyList<string> OutputOwners)
{
    internal const string Coordinator = "Coordinator";

    /// <summary>An emulated WabiSabi round, as crocs-muni recorded it.</summary>
    internal static OwnedRound Read(JsonElement root)
    {
        List<JsonElement> inputs = [.. RecordedCoinJoin.Field(root, "inputs").EnumerateArray()], outputs = [.. RecordedCoinJoin.Field(root, "outputs").EnumerateArray()];
        return new OwnedRound(
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
