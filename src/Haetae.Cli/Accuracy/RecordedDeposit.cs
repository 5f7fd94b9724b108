using System.Numerics;
using System.Text.Json;
using Haetae.Ledger;

namespace Haetae.Cli.Accuracy;

/// <summary>A real deposit at a bridge as Connector's authors decoded it: its true payout is known by hash only.</summary>
internal sealed record RecordedDeposit(string Bridge, long Time, string Asset, UInt256 Amount, string Receiver)
{
    private const int MostBytes = 64 << 20;

    /// <summary>Reads a sample of a bridge, in the order of time, then hash.</summary>
    /// <exception cref="LedgerException">The file is no such sample.</exception>
    internal static IReadOnlyList<RecordedDeposit> Read(string path, string bridge)
    {
        if (new FileInfo(path).Length > MostBytes) throw new LedgerException($"{path}: over {MostBytes} bytes, which no sample has.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.EnumerateArray()
                .Select(one => (Deposit: One(one, bridge), Hash: one.GetProperty("txhash").GetString()!))
                .OrderBy(one => one.Deposit.Time).ThenBy(one => one.Hash, StringComparer.Ordinal).Select(one => one.Deposit)];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new LedgerException($"{path}: {wrong.Message}", wrong);
        }
    }

    private static RecordedDeposit One(JsonElement one, string bridge)
    {
        var said = one.GetProperty("args");
        return new RecordedDeposit(bridge, one.GetProperty("timestamp").GetInt64(), said.GetProperty("asset_s").GetString()!.ToLowerInvariant(), (UInt256)BigInteger.Parse(said.GetProperty("amount").GetRawText(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture), said.GetProperty("receiver").GetString()!.ToLowerInvariant());
    }
}
