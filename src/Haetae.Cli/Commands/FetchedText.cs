using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>What a Bitcoin case ledger holds, and how much of each address, for people and as JSON.</summary>
internal static class FetchedText
{
    internal static bool IsOfAccounts(string folder) => CaseFolder.ChainOf(folder) is { Family: ChainFamily.Evm };

    /// <summary>What <c>ledger info</c> says of a case ledger of any chain.</summary>
    internal static int Answer(string folder, bool json, TextWriter output)
    {
        if (IsOfAccounts(folder))
        {
            var accounts = AccountCase.Open(folder);
            if (json) output.WriteLine(JsonText.Of(FetchedAccountsText.Json(accounts, folder)));
            else FetchedAccountsText.Write(accounts, folder, output);
            return ExitCode.Done;
        }

        var ledger = BitcoinCase.Open(folder);
        if (json) output.WriteLine(JsonText.Of(Json(ledger, folder)));
        else Write(ledger, folder, output);
        return ExitCode.Done;
    }

    internal static void Tell(CaseLedger ledger, string folder, ExplorerSession session, string? stopped, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonText.Of(WithRun(Json(ledger, folder), session, stopped)));
            return;
        }

        output.WriteLine($"{Amounts.Count(session.NewAnswers, "answer", "answers")} fetched in {Amounts.Count(session.Requests, "request", "requests")}.");
        Write(ledger, folder, output);
    }

    internal static JsonObject WithRun(JsonObject answer, ExplorerSession session, string? stopped)
    {
        answer["newAnswers"] = session.NewAnswers;
        answer["requests"] = session.Requests;
        answer["stopped"] = stopped;
        return answer;
    }

    internal static void Write(CaseLedger ledger, string folder, TextWriter output)
    {
        output.WriteLine($"Case ledger   {folder}");
        output.WriteLine($"Network       {ledger.Network.Name} ({ledger.Network.ChainId})");
        output.WriteLine($"Heights       {Amounts.Count(ledger.FirstHeight)} to {Amounts.Count(ledger.TipHeight)}");
        output.WriteLine($"Holds         {Amounts.Count(ledger.Counts.Transactions, "transaction", "transactions")}, {Amounts.Count(ledger.Counts.Inputs, "input", "inputs")}, {Amounts.Count(ledger.Counts.Outputs, "output", "outputs")}");
        foreach (var one in ledger.Coverage)
            output.WriteLine($"{Name(one.Coverage),-13} {one.Address}  {Amounts.Count(one.Transactions, "transaction", "transactions")}{(one.UpTo is { } height ? $" up to block {Amounts.Count(height)}" : "")}{(one.Reason is null ? "" : $": {PlainText.Of(one.Reason)}")}");
        foreach (var note in ledger.Notes) output.WriteLine(PlainText.Of(note));
    }

    internal static JsonObject Json(CaseLedger ledger, string folder) => new()
    {
        ["format"] = CaseFolder.FormatName,
        ["folder"] = folder,
        ["network"] = ledger.Network.Name,
        ["chain"] = ledger.Network.ChainId,
        ["digest"] = ledger.Digest,
        ["firstHeight"] = ledger.FirstHeight,
        ["tipHeight"] = ledger.TipHeight,
        ["transactions"] = ledger.Counts.Transactions,
        ["inputs"] = ledger.Counts.Inputs,
        ["outputs"] = ledger.Counts.Outputs,
        ["unknownInputs"] = ledger.Counts.UnknownInputs,
        ["openOutputs"] = Enumerable.Range(0, (int)ledger.Counts.Outputs).Count(output => ledger.IsSpenderUnknown(output)),
        ["coverage"] = new JsonArray([.. ledger.Coverage.Select(one => (JsonNode)new JsonObject
        {
            ["address"] = one.Address,
            ["coverage"] = Name(one.Coverage),
            ["upToHeight"] = one.UpTo,
            ["reason"] = one.Reason,
            ["transactions"] = one.Transactions,
        })]),
        ["notes"] = new JsonArray([.. ledger.Notes.Select(note => (JsonNode)note)]),
    };

    internal static string Name(Coverage coverage) => coverage switch
    {
        Coverage.Complete => "complete",
        Coverage.Truncated => "truncated",
        _ => "unknown",
    };
}
