using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae tx</c>: one transaction, its inputs with what they spend, its outputs with who spends them.</summary>
internal static class TxCommand
{
    internal static Command Create()
    {
        var id = new Argument<string>("txid") { Description = "The transaction's id, 64 hex digits." };
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("tx", "Shows a transaction: its block and fee, what each input spends, what each output pays and which transaction spends it.") { id, ledger, json };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(id)!;
            if (!Hash256.TryParse(asked.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? asked[2..] : asked, out var hash)) throw new UsageException($"'{parsed.GetValue(id)}' is not a transaction id of 64 hex digits.");
            if (CommonOptions.CaseFolderOf(parsed, ledger) is { } fetched) return (FetchedText.IsOfAccounts(fetched) ? FetchedAccount.Transaction : (Func<string, Hash256, bool, TextWriter, int>)FetchedTx.Answer)(fetched, hash, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
            return CommonOptions.Answer(parsed, ledger, (open, output) =>
            {
                var number = open.FindTransaction(hash);
                if (number < 0) throw new NotFoundException($"Transaction {hash} is not in the ledger (heights {open.Manifest.FirstHeight} to {open.TipHeight}).");
                if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(TransactionJson.Of(open, (uint)number)));
                else Print(open, (uint)number, output);
            }, (open, output) => AccountTxView.Write(open, hash, parsed.GetValue(json), output));
        });
        return command;
    }

    private static void Print(BitcoinLedger ledger, uint tx, TextWriter output)
    {
        var graph = ledger.Graph;
        var block = graph.BlockIndexOf(tx);
        var meta = ledger.Metas[tx];
        output.WriteLine($"Transaction   {ledger.TxIds[tx]}");
        output.WriteLine($"Block         {Amounts.Count(graph.FirstHeight + block)} ({ledger.BlockHashes[block]}), place {tx - graph.BlockFirstTx[block]}, {Amounts.Time(graph.BlockTime[block])}");
        output.WriteLine($"Size          {Amounts.Count(meta.Size)} bytes, weight {Amounts.Count(meta.Weight)}; version {meta.Version}, lock time {meta.LockTime}");
        output.WriteLine($"Fee           {(graph.FirstInput[tx] == graph.FirstInput[tx + 1L] ? "none: a coinbase" : graph.Fee[tx] == UtxoGraph.UnknownFee ? "unknown: an input's value is not known" : Amounts.Sat(graph.Fee[tx]))}");
        output.WriteLine("Inputs");
        if (graph.FirstInput[tx] == graph.FirstInput[tx + 1L]) output.WriteLine("   new coins and fees");
        var inputs = new List<SpentOutput>();
        for (var i = graph.FirstInput[tx]; i < graph.FirstInput[tx + 1L]; i++) inputs.Add(SpentOutput.Of(ledger, i));
        var place = 64 + 1 + $"{inputs.Select(spent => spent.Vout).DefaultIfEmpty().Max()}".Length;
        for (var i = 0; i < inputs.Count; i++)
        {
            var spent = inputs[i];
            output.WriteLine($"{i,6}  {$"{spent.TxId}:{spent.Vout}".PadRight(place)}  {(spent.Value is { } value ? Amounts.Fixed(value) + " BTC" : "unknown value"),23}  {spent.Holder(ledger.Network)}");
        }

        output.WriteLine("Outputs");
        for (var o = graph.FirstOutput[tx]; o < graph.FirstOutput[tx + 1L]; o++)
        {
            var script = ledger.ScriptOf(o);
            var spender = graph.SpenderOf(o);
            output.WriteLine($"{o - graph.FirstOutput[tx],6}  {Amounts.Fixed(graph.Value[o]),19} BTC  {SpentOutput.Holder(script, ledger.Network)}  {(spender == 0 ? "unspent" : $"spent by {ledger.TxIds[spender]}")}");
        }
    }
}

/// <summary>What an input spends, as far as the ledger knows.</summary>
internal sealed record SpentOutput(Hash256 TxId, uint Vout, long? Value, byte[]? Script)
{
    internal static SpentOutput Of(ILedgerView ledger, long input)
    {
        var graph = ledger.Graph;
        var previous = graph.Previous[input];
        if (previous == OutputNum.NotHeld)
        {
            var outside = ledger.OutsideOf(input);
            return new SpentOutput(outside.TxId, outside.Vout, outside.Value, outside.Script);
        }

        var tx = graph.TransactionOf(previous);
        return new SpentOutput(ledger.TxIds[tx], (uint)(previous - graph.FirstOutput[tx]), graph.Value[previous], ledger.ScriptOf(previous));
    }

    internal string Holder(BitcoinNetwork network) => Script is null ? "unknown script" : Holder(Script, network);

    internal static string Holder(byte[] script, BitcoinNetwork network) =>
        Holders.NameOf(Address.TryEncode(script, network, out var address) ? address : null, Ledger.Bitcoin.Script.Classify(script).CoreName(), Convert.ToHexStringLower(script));
}

/// <summary>A transaction as JSON.</summary>
internal static class TransactionJson
{
    internal static JsonObject Of(BitcoinLedger ledger, uint tx)
    {
        var graph = ledger.Graph;
        var block = graph.BlockIndexOf(tx);
        var meta = ledger.Metas[tx];
        var coinbase = graph.FirstInput[tx] == graph.FirstInput[tx + 1L];
        var inputs = new JsonArray();
        for (var i = graph.FirstInput[tx]; i < graph.FirstInput[tx + 1L]; i++)
        {
            var spent = SpentOutput.Of(ledger, i);
            var item = new JsonObject { ["txid"] = spent.TxId.ToString(), ["vout"] = spent.Vout, ["sequence"] = ledger.Sequences[i] };
            if (spent.Value is { } value)
            {
                item["value"] = JsonText.Amount(value);
            }
            else
            {
                item["value"] = null;
                item["reason"] = "the output was made before the ledger's first block";
            }

            if (spent.Script is { } script) AddScript(item, script, ledger.Network);
            inputs.Add((JsonNode)item);
        }

        var outputs = new JsonArray();
        for (var o = graph.FirstOutput[tx]; o < graph.FirstOutput[tx + 1L]; o++)
        {
            var spender = graph.SpenderOf(o);
            var item = new JsonObject { ["vout"] = o - graph.FirstOutput[tx], ["value"] = JsonText.Amount(graph.Value[o]) };
            AddScript(item, ledger.ScriptOf(o), ledger.Network);
            item["spentBy"] = spender == 0 ? null : ledger.TxIds[spender].ToString();
            if (spender == 0) item["reason"] = "unspent";
            outputs.Add((JsonNode)item);
        }

        var json = new JsonObject
        {
            ["txid"] = ledger.TxIds[tx].ToString(),
            ["chain"] = ledger.Network.ChainId,
            ["height"] = graph.FirstHeight + block,
            ["blockHash"] = ledger.BlockHashes[block].ToString(),
            ["index"] = tx - graph.BlockFirstTx[block],
            ["time"] = JsonText.Instant(graph.BlockTime[block]),
            ["coinbase"] = coinbase,
            ["version"] = meta.Version,
            ["lockTime"] = meta.LockTime,
            ["size"] = meta.Size,
            ["weight"] = meta.Weight,
            ["fee"] = graph.Fee[tx] == UtxoGraph.UnknownFee ? null : JsonText.Amount(graph.Fee[tx]),
            ["inputs"] = inputs,
            ["outputs"] = outputs,
        };
        if (graph.Fee[tx] == UtxoGraph.UnknownFee) json["reason"] = "an input's value is not known";
        return json;
    }

    internal static void AddScript(JsonObject item, byte[] script, BitcoinNetwork network)
    {
        item["scriptType"] = Script.Classify(script).CoreName();
        item["script"] = Convert.ToHexStringLower(script);
        if (Address.TryEncode(script, network, out var address))
        {
            item["address"] = address;
        }
        else
        {
            item["address"] = null;
            item["addressReason"] = "the script has no address";
        }
    }
}
