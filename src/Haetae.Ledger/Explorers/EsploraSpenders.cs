using System.Text.Json;

namespace Haetae.Ledger.Explorers;

/// <summary>Esplora's <c>/tx/ID/outspends</c>: for each output of a transaction, who spends it.</summary>
internal static class EsploraSpenders
{
    /// <exception cref="ExplorerAnswerException">It is no such list.</exception>
    internal static IReadOnlyList<SpendWord> Read(byte[] answer, int? asOf)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return [.. json.RootElement.EnumerateArray().Select(one => Word(one, asOf))];
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ExplorerAnswerException($"the spenders are not told as Esplora tells them: {wrong.Message}");
        }
    }

    /// <remarks>A spender that is in no block yet has not spent anything yet.</remarks>
    private static SpendWord Word(JsonElement json, int? asOf)
    {
        if (!json.GetProperty("spent").GetBoolean()) return new SpendWord(null, -1, asOf);
        var status = json.GetProperty("status");
        return status.GetProperty("confirmed").GetBoolean()
            ? new SpendWord(EsploraTransaction.Hash(json.GetProperty("txid")), status.GetProperty("block_height").GetInt32(), asOf)
            : new SpendWord(null, -1, asOf);
    }
}
