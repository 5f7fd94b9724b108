using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel;
using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae case verify</c>: what a stranger does with a pack, with nothing else at hand.</summary>
internal static class CaseVerifyCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("PACK") { Description = "A pack that 'haetae case pack' made; or a case on an account chain, which carries its rows." };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Recomputes a packed case from its bytes alone: no ledger, no network. Ends with 4 and names the first claim that does not hold.") { file, json };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var path = parsed.GetValue(file)!;
            var bytes = CaseFile.Bytes(path, PackFile.MostBytes);
            if (bytes is [(byte)'{', ..]) return OfRows(parsed, json, path, bytes, cancel);
            var progress = ProgressLine.OnConsole();
            CaseVerdict verdict;
            try
            {
                verdict = CaseVerifier.Verify(bytes, (stage, share) => progress.Show(stage, share, ""), cancel);
            }
            finally
            {
                progress.Clear();
            }

            Print(parsed, json, path, bytes.Length, verdict);
            return verdict.Holds ? ExitCode.Done : ExitCode.VerificationFailed;
        }, CancellationToken.None));
        return command;
    }

    /// <summary>A case on an account chain carries its rows, so the file itself is checked: its digest, its history, and each trace by running it again.</summary>
    private static int OfRows(ParseResult parsed, Option<bool> json, string path, byte[] bytes, CancellationToken cancel)
    {
        var output = parsed.InvocationConfiguration.Output;
        IReadOnlyList<string> faults;
        CaseDocument? document = null;
        try
        {
            document = CaseJson.Read(bytes);
            faults = document.Accounts is null ? ["it is a case without rows, a JSON file, and proves nothing: 'haetae case pack' makes a pack that does"] : RowTraces.Check(document, cancel);
        }
        catch (IntelException wrong)
        {
            faults = [wrong.Message];
        }

        if (parsed.GetValue(json))
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["file"] = Path.GetFullPath(path),
                ["holds"] = faults.Count == 0,
                ["digest"] = document is null ? null : CaseJson.DigestIn(bytes),
                ["faults"] = new JsonArray([.. faults.Select(fault => (JsonNode)new JsonObject { ["section"] = "case", ["what"] = PlainText.Of(fault) })]),
                ["notProved"] = new JsonArray([.. NotProvedByRows.Select(line => (JsonNode)line)]),
            }));
        }
        else if (faults.Count == 0)
        {
            output.WriteLine($"{path} holds: its digest {CaseJson.DigestIn(bytes)}, its history, {Amounts.Count(document!.Accounts!.Rows.Items.Count, "row", "rows")}, and {Amounts.Count(document.Accounts.Traces.Count, "trace", "traces")} run again, the same byte for byte.");
            output.WriteLine("Not proved:");
            foreach (var line in NotProvedByRows) output.WriteLine($"  {line}");
        }
        else
        {
            output.WriteLine($"{path} does NOT hold.");
            foreach (var fault in faults) output.WriteLine($"  {PlainText.Of(fault)}");
        }

        return faults.Count == 0 ? ExitCode.Done : ExitCode.VerificationFailed;
    }

    private static IReadOnlyList<string> NotProvedByRows { get; } =
    [
        "That the rows are those of the chain: they carry no proof. Whoever has a node can check each of them.",
        "That the rows are complete for the addresses followed.",
        "What is stated and published: facts, stated receipts, labels, listings. Each names its source.",
    ];

    internal static void Print(ParseResult parsed, Option<bool> json, string path, long bytes, CaseVerdict verdict)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(path, bytes, verdict)));
        else if (verdict is { Proved: { } proof, Case: { } document, Chain: { } chain }) new VerdictText(verdict, proof, document, chain).Print(path, bytes, output);
        else PrintFaults(path, verdict, output);
    }

    private static void PrintFaults(string path, CaseVerdict verdict, TextWriter output)
    {
        output.WriteLine($"{path} does NOT hold.");
        foreach (var fault in verdict.Faults) output.WriteLine($"  {PlainText.Of(fault.ToString())}");
        if (verdict.Digest is null) output.WriteLine("A pack is made by 'haetae case pack'; a case itself, a JSON file, proves nothing.");
    }

    private static JsonObject Json(string path, long bytes, CaseVerdict verdict) => new()
    {
        ["file"] = Path.GetFullPath(path),
        ["bytes"] = bytes,
        ["holds"] = verdict.Holds,
        ["digest"] = verdict.Digest,
        ["faults"] = new JsonArray([.. verdict.Faults.Select(fault => (JsonNode)new JsonObject { ["section"] = fault.Section, ["what"] = PlainText.Of(fault.What) })]),
        ["title"] = verdict.Case is { } document ? PlainText.Of(document.Head.Title) : null,
        ["proved"] = verdict is { Proved: { } proof, Chain: { } chain }
            ? new JsonObject
            {
                ["transactions"] = proof.Transactions,
                ["blocks"] = proof.Blocks,
                ["inputValues"] = proof.Values,
                ["headers"] = chain.Headers,
                ["chainFromHeight"] = chain.WholeFrom,
                ["tipHeight"] = chain.TipHeight,
                ["tipHash"] = chain.TipHash.ToString(),
                ["work"] = chain.Work.ToString(CultureInfo.InvariantCulture),
                ["weakWorkHeaders"] = chain.Weak,
                ["traces"] = new JsonArray([.. proof.Traces.Select(trace => (JsonNode)new JsonObject
                {
                    ["theft"] = trace.Trace.Theft,
                    ["digest"] = trace.Trace.Digest,
                    ["policies"] = new JsonArray([.. trace.Trace.Question.Policies.Select(policy => (JsonNode)policy)]),
                    ["ends"] = trace.Ends,
                    ["spends"] = trace.Spends,
                })]),
            }
            : null,
        ["notProved"] = verdict is { Proved: { } known, Chain: { } headers, Case: { } said }
            ? new JsonArray([.. VerdictText.NotProved(known, headers, said).Select(line => (JsonNode)line)])
            : null,
    };
}
