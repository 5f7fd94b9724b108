using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing.Demixing;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae payouts TXID:VOUT</c>: what a mixer that keeps coins may have paid out for a deposit, by amount and time.</summary>
internal static class PayoutsCommand
{
    private const int MostPrinted = 40;
    private const long MostScanned = 50_000_000;

    internal static Command Create()
    {
        var deposit = new Argument<string>("outpoint") { Description = "The deposit at the mixer, TXID:VOUT." };
        var within = new Option<int>("--within") { Description = "Hours from the deposit to its payout, at most.", DefaultValueFactory = _ => 24, HelpName = "HOURS" };
        var fee = new Option<string>("--fee") { Description = "The mixer's fee in per cent, least..most.", DefaultValueFactory = _ => "0.5..3", HelpName = "RANGE" };
        var by = new Option<string?>("--by") { Description = "Only outputs of transactions that spend from this address, for one known to be the mixer's.", HelpName = "ADDRESS" };
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var command = new Command("payouts", "Lists the outputs that a deposit at a custodial mixer may have come out as: their amount fits the fee, their time the delay. Evidence, not fact; the number of rivals says how much it is worth.") { deposit, within, fee, by, ledger, json };
        command.SetAction((parsed, cancel) => Task.FromResult(CommonOptions.Answer(parsed, ledger, (open, output) =>
        {
            if (parsed.GetValue(within) is < 1 or > 8_760) throw new UsageException("--within is a number of hours from 1 to 8760.");
            var (least, most) = Fees(parsed.GetValue(fee)!);
            var terms = new MixerTerms(least, most, 0, parsed.GetValue(within) * 3_600L);
            var from = Outpoint(open, parsed.GetValue(deposit)!);
            var payer = parsed.GetValue(by) is { } address ? PaidScript.Find(open, address).Script : null;
            var (outputs, payments, scanned) = Payments(open, from, terms, payer, cancel);
            var graph = open.Graph;
            var found = PayoutMatching.Of(new TimedPayment(graph.Value[from], TimeOf(open, from)), payments, terms);
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(open, from, found, outputs, scanned, terms)));
            else Print(open, from, found, outputs, scanned, terms, output);
        })));
        return command;
    }

    // Outputs of the blocks in which the payout can lie; only amounts that fit are kept.
    private static (List<long> Outputs, List<TimedPayment> Payments, long Scanned) Payments(BitcoinLedger ledger, long deposit, MixerTerms terms, byte[]? payer, CancellationToken cancel)
    {
        var graph = ledger.Graph;
        var time = TimeOf(ledger, deposit);
        var (least, most) = PayoutMatching.Range(graph.Value[deposit], terms);
        var deposited = graph.TransactionOf(deposit);
        List<long> outputs = [];
        List<TimedPayment> payments = [];
        long scanned = 0;
        foreach (var block in ledger.BlocksBetween((uint)Math.Max(0, time), (uint)Math.Min(uint.MaxValue, time + terms.MostDelay)))
        {
            cancel.ThrowIfCancellationRequested();
            for (var tx = graph.BlockFirstTx[block]; tx < graph.BlockFirstTx[block + 1]; tx++)
            {
                if (tx <= deposited) continue;
                for (var output = graph.FirstOutput[tx]; output < graph.FirstOutput[tx + 1L]; output++)
                {
                    if (++scanned > MostScanned) throw new UsageException($"Over {MostScanned:#,0} outputs lie within that time. Shorten --within.");
                    if (graph.Value[output] < least || graph.Value[output] > most || (payer is not null && !Spends(ledger, tx, payer))) continue;
                    outputs.Add(output);
                    payments.Add(new TimedPayment(graph.Value[output], graph.BlockTime[block]));
                }
            }
        }

        return (outputs, payments, scanned);
    }

    private static bool Spends(BitcoinLedger ledger, uint transaction, byte[] script)
    {
        for (var input = ledger.Graph.FirstInput[transaction]; input < ledger.Graph.FirstInput[transaction + 1L]; input++)
            if (ledger.Graph.Previous[input] is var previous && previous != OutputNum.NotHeld && ledger.ScriptOf(previous).AsSpan().SequenceEqual(script)) return true;
        return false;
    }

    private static long TimeOf(BitcoinLedger ledger, long output) => ledger.Graph.BlockTime[ledger.Graph.BlockIndexOf(ledger.Graph.TransactionOf(output))];

    private static long Outpoint(BitcoinLedger ledger, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !Hash256.TryParse(text.AsSpan(0, colon), out var id) || !uint.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) throw new UsageException($"'{text}' is not a TXID:VOUT.");
        var number = ledger.FindTransaction(id);
        if (number < 0) throw new NotFoundException($"Transaction {id} is not in the ledger (heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight}).");
        var (first, end) = (ledger.Graph.FirstOutput[number], ledger.Graph.FirstOutput[number + 1]);
        return index < end - first ? first + index : throw new NotFoundException($"Transaction {id} has {end - first} outputs; there is no output {index}.");
    }

    // Millionths of the deposit; per cent with up to four decimals.
    private static (int Least, int Most) Fees(string text)
    {
        if (text.Split("..") is [var least, var most] && Parse(least) is { } low && Parse(most) is { } high && low <= high) return (low, high);
        throw new UsageException($"--fee {text}: it is two shares in per cent, least..most, such as 0.5..3.");

        static int? Parse(string share) => decimal.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100 && percent * 10_000 == decimal.Truncate(percent * 10_000) ? (int)(percent * 10_000) : null;
    }

    private static string Name(BitcoinLedger ledger, long output) => $"{ledger.TxIds[ledger.Graph.TransactionOf(output)]}:{output - ledger.Graph.FirstOutput[ledger.Graph.TransactionOf(output)]}";

    private static void Print(BitcoinLedger ledger, long deposit, IReadOnlyList<PayoutCandidate> found, List<long> outputs, long scanned, MixerTerms terms, TextWriter output)
    {
        var (least, most) = PayoutMatching.Range(ledger.Graph.Value[deposit], terms);
        output.WriteLine($"Deposit       {Amounts.Btc(ledger.Graph.Value[deposit])} in {Name(ledger, deposit)}, {Amounts.Instant((uint)TimeOf(ledger, deposit))}");
        output.WriteLine($"Looked for    outputs of {Amounts.Btc(least)} to {Amounts.Btc(most)} within {terms.MostDelay / 3_600} hours, by block time: {Amounts.Count(scanned)} outputs seen");
        output.WriteLine($"Candidates    {(found.Count == 0 ? "none" : found.Count == 1 ? "one, without a rival" : $"{Amounts.Count(found.Count)}; each has {Amounts.Count(found.Count - 1, "rival", "rivals")}")}. Evidence, not fact: docs/accuracy.md says how often the first is right.");
        foreach (var candidate in found.Take(MostPrinted))
            output.WriteLine($"  {Amounts.Instant((uint)TimeOf(ledger, outputs[candidate.Index]))}  {Amounts.Fixed(ledger.Graph.Value[outputs[candidate.Index]]),19} BTC  {Name(ledger, outputs[candidate.Index])}  {ClusterOptions.Name(ledger, outputs[candidate.Index])}");
        if (found.Count > MostPrinted) output.WriteLine($"and {Amounts.Count(found.Count - MostPrinted)} more: --json lists all.");
    }

    private static JsonObject Json(BitcoinLedger ledger, long deposit, IReadOnlyList<PayoutCandidate> found, List<long> outputs, long scanned, MixerTerms terms)
    {
        var (least, most) = PayoutMatching.Range(ledger.Graph.Value[deposit], terms);
        return new JsonObject
        {
            ["format"] = "haetae.payouts/1",
            ["chain"] = ledger.Network.ChainId,
            ["deposit"] = Payment(ledger, deposit),
            ["least"] = JsonText.Amount(least),
            ["most"] = JsonText.Amount(most),
            ["withinSeconds"] = terms.MostDelay,
            ["outputsSeen"] = scanned,
            ["candidates"] = new JsonArray([.. found.Select(candidate =>
            {
                var payment = Payment(ledger, outputs[candidate.Index]);
                payment["score"] = candidate.Score;
                payment["rivals"] = candidate.Rivals;
                return (JsonNode)payment;
            })]),
        };
    }

    private static JsonObject Payment(BitcoinLedger ledger, long output) => new()
    {
        ["outpoint"] = Name(ledger, output),
        ["address"] = ClusterOptions.Name(ledger, output),
        ["value"] = JsonText.Amount(ledger.Graph.Value[output]),
        ["time"] = JsonText.Instant((uint)TimeOf(ledger, output)),
    };
}
