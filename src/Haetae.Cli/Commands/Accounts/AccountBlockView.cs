using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary><c>haetae block</c> on an account ledger: a block's transactions by its number or its hash.</summary>
internal static class AccountBlockView
{
    /// <summary>Why a block has neither hash nor parent.</summary>
    internal static string WhyNoHash(IAccountView ledger) => ledger is AccountLedger ? "the source gave transactions with their block's number, not blocks" : "a case ledger holds the transactions that were fetched, not blocks: others of this block may be missing";

    internal static void Write(IAccountView ledger, string text, bool json, TextWriter output)
    {
        var blocks = new HeldBlocks(ledger);
        var block = Find(ledger, blocks, text);
        if (json) output.WriteLine(JsonText.Of(Json(ledger, blocks, block)));
        else Print(ledger, blocks, block, output);
    }

    private static HeldBlock Find(IAccountView ledger, HeldBlocks blocks, string text)
    {
        if (!blocks.AreTold) throw new NotFoundException("The ledger's source told no blocks: ask for a stretch of time with --since and --until, for transactions or addresses.");
        if (Hash256.TryParse(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text, out var hash))
            return blocks.Find(hash) ?? throw new NotFoundException($"Block 0x{hash} is not in the ledger{(blocks.Extent is { Length: > 0 } extent ? extent : ": " + WhyNoHash(ledger))}.");
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw new UsageException($"'{text}' is neither a block's number nor a block hash of 64 hex digits.");
        return blocks.Find(number) ?? throw new NotFoundException($"Block {number} is not in the ledger{blocks.Extent}.");
    }

    private static JsonObject Json(IAccountView ledger, HeldBlocks blocks, HeldBlock block)
    {
        var ids = new JsonArray();
        for (var tx = block.First; tx < block.End; tx++) ids.Add((JsonNode)AccountWords.Id(ledger, tx));
        var answer = new JsonObject
        {
            ["chain"] = ledger.Chain.Caip2,
            ["number"] = block.Number,
            ["hash"] = blocks.HashOf(block) is { } hash ? "0x" + hash : null,
            ["parentHash"] = blocks.ParentOf(block) is { } parent ? "0x" + parent : null,
            ["time"] = JsonText.Instant(block.Time),
            ["transactions"] = ids,
        };
        if (block.Place < 0) answer["reason"] = WhyNoHash(ledger);
        return answer;
    }

    private static void Print(IAccountView ledger, HeldBlocks blocks, HeldBlock block, TextWriter output)
    {
        var graph = ledger.Graph;
        output.WriteLine($"Block         {Amounts.Count(block.Number)}{(blocks.HashOf(block) is { } hash ? $"  0x{hash}" : "")}");
        output.WriteLine($"Time          {Amounts.Time(block.Time)}");
        output.WriteLine($"Transactions  {Amounts.Count(block.End - block.First)}{(ledger is AccountLedger ? "" : " fetched; others of this block may be missing")}");
        for (var tx = block.First; tx < block.End; tx++) output.WriteLine($"{tx - block.First,6}  {AccountWords.Id(ledger, tx)}  {Amounts.Count(graph.TxFirstTransfer[tx + 1L] - graph.TxFirstTransfer[tx], "transfer", "transfers")}{(((TxMarks)graph.Marks[tx]).HasFlag(TxMarks.Failed) ? ", failed" : "")}");
    }
}
