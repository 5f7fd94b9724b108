using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>The transactions of a stretch of time or heights: <c>haetae block --since T --until T</c>. Written block by block, however long it is.</summary>
/// <param name="since">Height or time of the first block; null: the ledger's first.</param>
/// <param name="until">Height or time of the last block, included; null: the ledger's last.</param>
internal sealed class BlockRange(BitcoinLedger ledger, string? since, string? until)
{
    private readonly List<int> _blocks = [.. Between(ledger, since, until)];

    private static IEnumerable<int> Between(BitcoinLedger ledger, string? since, string? until)
    {
        var (fromHeight, fromTime) = Heights.HeightOrTime(since, "--since", endOfDay: false);
        var (toHeight, toTime) = Heights.HeightOrTime(until, "--until", endOfDay: true);
        var first = ledger.Manifest.FirstHeight;
        return ledger.BlocksBetween((uint)Math.Clamp(fromTime ?? 0, 0, uint.MaxValue), (uint)Math.Clamp(toTime ?? uint.MaxValue, 0, uint.MaxValue))
            .Where(block => first + block >= (fromHeight ?? first) && first + block <= (toHeight ?? ledger.TipHeight));
    }

    private long Transactions => _blocks.Sum(block => (long)ledger.Graph.BlockFirstTx[block + 1L] - ledger.Graph.BlockFirstTx[block]);

    private IEnumerable<string> Ids(int block)
    {
        for (var tx = ledger.Graph.BlockFirstTx[block]; tx < ledger.Graph.BlockFirstTx[block + 1L]; tx++) yield return ledger.TxIds[tx].ToString();
    }

    internal void Print(TextWriter output)
    {
        foreach (var block in _blocks)
        {
            output.WriteLine($"Block         {Amounts.Count(ledger.Graph.FirstHeight + block)}  {Amounts.Time(ledger.Graph.BlockTime[block])}  {ledger.BlockHashes[block]}");
            foreach (var id in Ids(block)) output.WriteLine($"  {id}");
        }

        output.WriteLine($"{Amounts.Count(_blocks.Count, "block", "blocks")}, {Amounts.Count(Transactions, "transaction", "transactions")}");
    }

    /// <summary>One document; its members stand in the order of the canonical form, so that it can be written as it is read.</summary>
    internal void PrintJson(TextWriter output)
    {
        output.Write($"{{\"blockCount\":{_blocks.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)},\"blocks\":[");
        for (var b = 0; b < _blocks.Count; b++) output.Write((b > 0 ? "," : "") + JsonText.Of(Json(_blocks[b])));
        output.WriteLine($"],\"chain\":\"{ledger.Network.ChainId}\",\"transactionCount\":{Transactions.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}");
    }

    /// <summary>A line for each block.</summary>
    internal void PrintLines(TextWriter output)
    {
        foreach (var block in _blocks) output.WriteLine(JsonText.Of(Json(block)));
    }

    private JsonObject Json(int block) => new()
    {
        ["height"] = ledger.Graph.FirstHeight + block,
        ["hash"] = ledger.BlockHashes[block].ToString(),
        ["time"] = JsonText.Instant(ledger.Graph.BlockTime[block]),
        ["transactions"] = new JsonArray([.. Ids(block).Select(id => (JsonNode)id)]),
    };
}
