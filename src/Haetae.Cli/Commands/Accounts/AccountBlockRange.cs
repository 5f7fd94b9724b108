using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary>The transactions of a stretch of time or block numbers of an account ledger: <c>haetae block --since T --until T</c>. Written block by block, however long it is.</summary>
/// <remarks>Where the source told no blocks, transactions of one time stand together, without a number.</remarks>
internal sealed class AccountBlockRange
{
    private readonly IAccountView _ledger;
    private readonly HeldBlocks _held;
    private readonly (uint? Number, long Time) _from;
    private readonly (uint? Number, long Time) _to;

    /// <param name="since">Number or time of the first block; null: the ledger's first.</param>
    /// <param name="until">Number or time of the last block, included; null: the ledger's last.</param>
    internal AccountBlockRange(IAccountView ledger, string? since, string? until)
    {
        (_ledger, _held) = (ledger, new HeldBlocks(ledger));
        var (fromNumber, fromTime) = Heights.HeightOrTime(since, "--since", endOfDay: false);
        var (toNumber, toTime) = Heights.HeightOrTime(until, "--until", endOfDay: true);
        (_from, _to) = (((uint?)fromNumber, fromTime ?? 0), ((uint?)toNumber, toTime ?? uint.MaxValue));
        if ((fromNumber ?? toNumber) is not null && !_held.AreTold) throw new NotFoundException("The ledger's source told no blocks: name times, such as --since 2022-03-23 --until 2022-03-24.");
    }

    private IEnumerable<HeldBlock> Blocks => _held.Between(_from.Number, _to.Number, _from.Time, _to.Time);

    /// <summary>Counted in a pass of its own: a stretch may be longer than memory.</summary>
    private (long Blocks, long Transactions) Count()
    {
        long blocks = 0, transactions = 0;
        foreach (var block in Blocks) (blocks, transactions) = (blocks + 1, transactions + block.End - block.First);
        return (blocks, transactions);
    }

    private IEnumerable<string> Ids(HeldBlock block)
    {
        for (var tx = block.First; tx < block.End; tx++) yield return AccountWords.Id(_ledger, tx);
    }

    internal void Print(TextWriter output)
    {
        foreach (var block in Blocks)
        {
            output.WriteLine($"Block         {(block.Number == AccountGraph.NoBlock ? "not told" : Amounts.Count(block.Number))}  {Amounts.Time(block.Time)}{(_held.HashOf(block) is { } hash ? $"  0x{hash}" : "")}");
            foreach (var id in Ids(block)) output.WriteLine($"  {id}");
        }

        var (blocks, transactions) = Count();
        output.WriteLine($"{(_held.AreTold ? Amounts.Count(blocks, "block", "blocks") : Amounts.Count(blocks, "time", "times"))}, {Amounts.Count(transactions, "transaction", "transactions")}");
        if (_ledger is not AccountLedger) output.WriteLine("This is a case ledger: of these blocks it holds the transactions that were fetched, not all.");
    }

    /// <summary>One document; its members stand in the order of the canonical form, so that it can be written as it is read.</summary>
    internal void PrintJson(TextWriter output)
    {
        var (blocks, transactions) = Count();
        output.Write($"{{\"blockCount\":{blocks.ToString(CultureInfo.InvariantCulture)},\"blocks\":[");
        var isFirst = true;
        foreach (var block in Blocks)
        {
            output.Write((isFirst ? "" : ",") + JsonText.Of(Json(block)));
            isFirst = false;
        }

        output.WriteLine($"],\"chain\":\"{_ledger.Chain.Caip2}\",\"transactionCount\":{transactions.ToString(CultureInfo.InvariantCulture)}}}");
    }

    /// <summary>A line for each block.</summary>
    internal void PrintLines(TextWriter output)
    {
        foreach (var block in Blocks) output.WriteLine(JsonText.Of(Json(block)));
    }

    private JsonObject Json(HeldBlock block)
    {
        var isTold = block.Number != AccountGraph.NoBlock;
        var json = new JsonObject
        {
            ["number"] = isTold ? block.Number : null,
            ["hash"] = _held.HashOf(block) is { } hash ? "0x" + hash : null,
            ["time"] = JsonText.Instant(block.Time),
            ["transactions"] = new JsonArray([.. Ids(block).Select(id => (JsonNode)id)]),
        };
        if (block.Place < 0) json["reason"] = isTold ? AccountBlockView.WhyNoHash(_ledger) : "the source told no blocks: these transactions share a time";
        return json;
    }
}
