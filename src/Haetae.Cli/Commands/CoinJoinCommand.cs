using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae coinjoin</c>: what every CoinJoin rule says of one transaction.</summary>
internal static class CoinJoinCommand
{
    internal static Command Create()
    {
        var id = new Argument<string>("txid") { Description = "The transaction's id, 64 hex digits." };
        var ledger = CommonOptions.Ledger();
        var json = CommonOptions.Json();
        var links = new Option<bool>("--links") { Description = "Count the ways to read it as several payments, and how often each input pays each output: evidence, not fact." };
        var evidence = new Option<bool>("--evidence") { Description = "List reasons to think that coins of the mix have one owner, with score and rivals: evidence, not fact." };
        var command = new Command("coinjoin", "Says whether a transaction is a CoinJoin: which rule fires, on what amounts, how sure, and what every other rule says.") { id, links, evidence, ledger, json };
        command.SetAction((parsed, cancel) =>
        {
            if (!Hash256.TryParse(parsed.GetValue(id), out var hash)) throw new UsageException($"'{parsed.GetValue(id)}' is not a transaction id of 64 hex digits.");
            return Task.FromResult(CommonOptions.Answer(parsed, ledger, (open, output) =>
            {
                var number = open.FindTransaction(hash);
                if (number < 0) throw new NotFoundException($"Transaction {hash} is not in the ledger (heights {open.Manifest.FirstHeight} to {open.TipHeight}).");
                var answer = Answer.Of(open, (uint)number);
                var read = parsed.GetValue(links) ? CoinJoinLinks.Of(answer.Shape, cancel) : null;
                var claims = parsed.GetValue(evidence) ? CoinJoinEvidence.Of(open, (uint)number, answer.Shape, cancel) : null;
                if (parsed.GetValue(json))
                {
                    var document = Json(hash, answer);
                    if (claims is not null) document["evidence"] = claims.Json();
                    if (read is not null) document["links"] = read.Json();
                    output.WriteLine(JsonText.Of(document));
                    return;
                }

                Print(hash, answer, output);
                read?.Print(output);
                claims?.Print(output);
            }));
        });
        return command;
    }

    private static void Print(Hash256 id, Answer answer, TextWriter output)
    {
        output.WriteLine($"Transaction    {id}");
        output.WriteLine($"Answer         {answer.Sentence}");
        if (answer.First is { } first)
        {
            output.WriteLine($"Rule           {first.Rule}, {first.Confidence.ToString()!.ToLowerInvariant()} confidence: {first.Reason}");
            output.WriteLine($"Amounts        {string.Join(", ", first.Denominations.Select(Amounts.Btc))}");
            output.WriteLine($"Participants   {(first.Participants is { } places ? Amounts.Count(places) + " places; one person can hold several" : NoParticipants)}");
        }

        if (answer.UnknownValues > 0) output.WriteLine($"Unknown        what {Amounts.Count(answer.UnknownValues)} of {Amounts.Count(answer.Shape.Inputs.Count)} inputs bring: made before the ledger's first block");
        output.WriteLine("Every rule");
        foreach (var verdict in answer.Verdicts) output.WriteLine($"  {verdict.Rule,-18} {Word(verdict.Finding),-10} {verdict.Reason}");
        output.WriteLine($"  {"blocksci",-18} {(answer.BlockSci ? "fires" : "silent"),-10} for comparison only; what 'ledger stats' counts and clusters leave out");
    }

    private static JsonObject Json(Hash256 id, Answer answer)
    {
        var rules = new JsonArray();
        foreach (var verdict in answer.Verdicts) rules.Add((JsonNode)Json(verdict));
        var json = new JsonObject
        {
            ["format"] = "haetae.coinjoin/1",
            ["txid"] = id.ToString(),
            ["coinjoin"] = answer.First is { } found ? found.Kind is not (CoinJoinKind.WhirlpoolTx0 or CoinJoinKind.ChipMixerFunding) : answer.Undecided ? null : false,
            ["first"] = answer.First is { } first ? Json(first) : null,
            ["unknownInputs"] = answer.UnknownValues,
            ["rules"] = rules,
            ["blocksci"] = answer.BlockSci,
        };
        if (answer.First is null) json["reason"] = answer.Sentence;
        return json;
    }

    private static JsonObject Json(CoinJoinVerdict verdict)
    {
        var json = new JsonObject
        {
            ["rule"] = verdict.Rule,
            ["finding"] = Word(verdict.Finding),
            ["reason"] = verdict.Reason,
        };
        if (verdict.Finding != Finding.Fires) return json;
        json["kind"] = CoinJoinNames.Of(verdict.Kind);
        json["confidence"] = verdict.Confidence.ToString()!.ToLowerInvariant();
        var amounts = new JsonArray();
        foreach (var amount in verdict.Denominations) amounts.Add(JsonText.Amount(amount));
        json["denominations"] = amounts;
        json["participants"] = verdict.Participants;
        if (verdict.Participants is null) json["participantsReason"] = NoParticipants;
        return json;
    }

    private const string NoParticipants = "not told: a wallet takes several outputs of one amount";

    private static string Word(Finding finding) => finding.ToString().ToLowerInvariant();

    private sealed record Answer(TransactionShape Shape, IReadOnlyList<CoinJoinVerdict> Verdicts, bool BlockSci)
    {
        internal CoinJoinVerdict? First => CoinJoinRules.First(Verdicts);

        internal bool Undecided => Verdicts.Any(verdict => verdict.Finding == Finding.Undecided);

        internal int UnknownValues => Shape.Inputs.Count(input => input.Value is null);

        internal string Sentence => First is { } first ? CoinJoinNames.Sentence(first.Kind)
            : Undecided ? "it may be a CoinJoin: what is known fits, and what is not known would decide"
            : Shape.Inputs.Count == 0 ? "no CoinJoin: a coinbase spends nothing"
            : Verdicts.FirstOrDefault(verdict => verdict.Finding == Finding.Vetoed) is { } vetoed ? $"no CoinJoin by these rules; {vetoed.Rule} has the shape, but {vetoed.Reason}"
            : "no CoinJoin by these rules";

        internal static Answer Of(BitcoinLedger ledger, uint transaction)
        {
            var shape = TransactionShape.Of(ledger, transaction);
            return new Answer(shape, CoinJoinRules.Judge(shape), CoinJoins.PassesBlockSci(ledger, transaction));
        }
    }
}
