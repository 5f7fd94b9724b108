using System.Buffers.Binary;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands.Accounts;
using Haetae.Ledger;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae block</c>: one block by height or hash, or the transactions of a stretch of time.</summary>
internal static class BlockCommand
{
    internal static Command Create()
    {
        var text = new Argument<string?>("block") { Description = "A height (a block's number), or a block hash of 64 hex digits.", Arity = ArgumentArity.ZeroOrOne };
        var since = new Option<string?>("--since") { Description = "Instead of one block, the transactions of all from this height or time on, judged by each header's own time.", HelpName = "HEIGHT|TIME" };
        var until = new Option<string?>("--until") { Description = "The same, up to and with this height or time; a day means its end.", HelpName = "HEIGHT|TIME" };
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var lines = new Option<bool>("--ndjson") { Description = "With --since or --until: one line of JSON for each block." };
        var command = new Command("block", "Shows a block: hash, time, size, fees, what the coinbase takes, and the ids of its transactions. Or the transactions of a stretch of time.")
        {
            text, since, until, ledger, json, lines,
        };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(text);
            var isRange = parsed.GetValue(since) is not null || parsed.GetValue(until) is not null;
            if (asked is null != isRange) throw new UsageException("Name one block, or a stretch with --since and --until.");
            if (parsed.GetValue(lines) && (!isRange || parsed.GetValue(json))) throw new UsageException("--ndjson goes with --since or --until, and without --json.");
            if (CommonOptions.AnswerAccounts(parsed, ledger, isStreamed: isRange, (open, output) =>
            {
                if (asked is null) PrintAccounts(new AccountBlockRange(open, parsed.GetValue(since), parsed.GetValue(until)), parsed.GetValue(json), parsed.GetValue(lines), output);
                else AccountBlockView.Write(open, asked, parsed.GetValue(json), output);
            }) is { } answered) return answered;
            if (asked is null)
            {
                using var open = CommonOptions.OpenLedger(parsed, ledger);
                var printed = parsed.InvocationConfiguration.Output;
                return open.OfOneBranch(() => // as long as the stretch: printed as it is read, so an error at its end takes all of it back
                {
                    var range = new BlockRange(open, parsed.GetValue(since), parsed.GetValue(until));
                    if (parsed.GetValue(json)) range.PrintJson(printed);
                    else if (parsed.GetValue(lines)) range.PrintLines(printed);
                    else range.Print(printed);
                    return ExitCode.Done;
                });
            }

            return CommonOptions.Answer(parsed, ledger, (open, output) =>
            {
                var index = Find(open, asked);
                if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(open, index)));
                else Print(open, index, output);
            });
        });
        return command;
    }

    private static void PrintAccounts(AccountBlockRange range, bool json, bool lines, TextWriter output)
    {
        if (json) range.PrintJson(output);
        else if (lines) range.PrintLines(output);
        else range.Print(output);
    }

    private static int Find(BitcoinLedger ledger, string asked)
    {
        var held = $"(heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight})";
        if (Hash256.TryParse(asked, out var hash))
        {
            var index = ledger.FindBlock(hash);
            return index >= 0 ? index : throw new NotFoundException($"Block {hash} is not in the ledger {held}.");
        }

        if (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var height))
            throw new UsageException($"'{asked}' is neither a height nor a block hash of 64 hex digits.");
        if (height < ledger.Manifest.FirstHeight || height > ledger.TipHeight) throw new NotFoundException($"Height {height} is not in the ledger {held}.");
        return height - ledger.Manifest.FirstHeight;
    }

    private static (long? Fees, long Coinbase) Money(UtxoGraph graph, int block)
    {
        long? fees = 0;
        for (var tx = graph.BlockFirstTx[block]; tx < graph.BlockFirstTx[block + 1L]; tx++)
            fees = graph.Fee[tx] == UtxoGraph.UnknownFee ? null : fees + graph.Fee[tx];
        long coinbase = 0;
        for (var o = graph.FirstOutput[graph.BlockFirstTx[block]]; o < graph.FirstOutput[graph.BlockFirstTx[block] + 1L]; o++) coinbase += graph.Value[o];
        return (fees, coinbase);
    }

    private static void Print(BitcoinLedger ledger, int block, TextWriter output)
    {
        var graph = ledger.Graph;
        var (fees, coinbase) = Money(graph, block);
        uint first = graph.BlockFirstTx[block], end = graph.BlockFirstTx[block + 1L];
        output.WriteLine($"Block         {Amounts.Count(graph.FirstHeight + block)}  {ledger.BlockHashes[block]}");
        output.WriteLine($"Time          {Amounts.Time(graph.BlockTime[block])}");
        output.WriteLine($"Size          {Amounts.Count(ledger.BlockSizes[block])} bytes, {Amounts.Count(end - first, "transaction", "transactions")}");
        output.WriteLine($"Fees          {(fees is { } known ? Amounts.Sat(known) : "unknown: some input's value is not known")}");
        output.WriteLine($"Coinbase      {Amounts.Btc(coinbase)}");
        for (var tx = first; tx < end; tx++) output.WriteLine($"{tx - first,6}  {ledger.TxIds[tx]}");
    }

    private static JsonObject Json(BitcoinLedger ledger, int block)
    {
        var graph = ledger.Graph;
        var header = ledger.BlockHeaders.Slice(80L * block, 80);
        var (fees, coinbase) = Money(graph, block);
        var ids = new JsonArray();
        for (var tx = graph.BlockFirstTx[block]; tx < graph.BlockFirstTx[block + 1L]; tx++) ids.Add((JsonNode)ledger.TxIds[tx].ToString());
        var json = new JsonObject
        {
            ["chain"] = ledger.Network.ChainId,
            ["height"] = graph.FirstHeight + block,
            ["hash"] = ledger.BlockHashes[block].ToString(),
            ["previousHash"] = new Hash256(header.Slice(4, 32)).ToString(),
            ["merkleRoot"] = new Hash256(header.Slice(36, 32)).ToString(),
            ["time"] = JsonText.Instant(graph.BlockTime[block]),
            ["version"] = BinaryPrimitives.ReadInt32LittleEndian(header),
            ["bits"] = BinaryPrimitives.ReadUInt32LittleEndian(header[72..]).ToString("x8", CultureInfo.InvariantCulture),
            ["nonce"] = BinaryPrimitives.ReadUInt32LittleEndian(header[76..]),
            ["size"] = ledger.BlockSizes[block],
            ["coinbaseValue"] = JsonText.Amount(coinbase),
            ["fees"] = fees is { } known ? JsonText.Amount(known) : null,
            ["transactions"] = ids,
        };
        if (fees is null) json["reason"] = "the value of some input is not known";
        return json;
    }
}
