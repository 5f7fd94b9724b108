using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary><c>haetae block</c> on an account ledger: a block's transactions by its number.</summary>
internal static class AccountBlockView
{
    internal static void Write(AccountLedger ledger, string text, bool json, TextWriter output)
    {
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw new UsageException($"'{text}' is no block's number: {ledger.Chain.Title}'s blocks are asked for by number.");
        var graph = ledger.Graph;
        if (graph.TransactionCount > 0 && graph.TxBlock[0] == AccountGraph.NoBlock && ledger.BlockNumbers.Length == 0)
            throw new NotFoundException("The ledger's source told no blocks: ask for transactions or addresses.");
        uint first = FirstFrom(graph, number), end = FirstFrom(graph, number + 1UL);
        var place = ledger.FindBlock(number);
        if (first == end && place < 0) throw new NotFoundException($"Block {number} is not in the ledger{(ledger.BlockNumbers.Length > 0 ? $" (blocks {ledger.BlockNumbers[0]} to {ledger.BlockNumbers[ledger.BlockNumbers.Length - 1]})" : "")}.");
        var time = place >= 0 ? ledger.BlockTimes[place] : graph.TxTime[first];
        if (json)
        {
            var ids = new JsonArray();
            for (var tx = first; tx < end; tx++) ids.Add((JsonNode)AccountWords.Id(ledger, tx));
            var answer = new JsonObject
            {
                ["chain"] = ledger.Chain.Caip2,
                ["number"] = number,
                ["hash"] = place >= 0 ? "0x" + ledger.BlockHashes[place] : null,
                ["parentHash"] = place >= 0 ? "0x" + ledger.BlockParents[place] : null,
                ["time"] = JsonText.Instant(time),
                ["transactions"] = ids,
            };
            if (place < 0) answer["reason"] = "the source gave transactions with their block's number, not blocks";
            output.WriteLine(JsonText.Of(answer));
            return;
        }

        output.WriteLine($"Block         {Amounts.Count(number)}{(place >= 0 ? $"  0x{ledger.BlockHashes[place]}" : "")}");
        output.WriteLine($"Time          {Amounts.Time(time)}");
        output.WriteLine($"Transactions  {Amounts.Count(end - first)}");
        for (var tx = first; tx < end; tx++) output.WriteLine($"{tx - first,6}  {AccountWords.Id(ledger, tx)}  {Amounts.Count(graph.TxFirstTransfer[tx + 1L] - graph.TxFirstTransfer[tx], "transfer", "transfers")}{(((TxMarks)graph.Marks[tx]).HasFlag(TxMarks.Failed) ? ", failed" : "")}");
    }

    /// <summary>The first transaction of a block or a later one. Block numbers rise; transactions without one count as later.</summary>
    private static uint FirstFrom(AccountGraph graph, ulong number)
    {
        uint low = 0, high = graph.TransactionCount;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            if (graph.TxBlock[middle] < number) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
