using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel.Cases;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae case verify</c>: what a stranger does with a pack, with nothing else at hand.</summary>
internal static class CaseVerifyCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("PACK") { Description = "A pack that 'haetae case pack' made; or a case itself: then what it carries is checked, and what it does not carry is said." };
        var json = CommonOptions.Json();
        var command = new Command("verify", "Recomputes a packed case from its bytes alone: no ledger, no network. Ends with 4 and names the first claim that does not hold.") { file, json };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var path = parsed.GetValue(file)!;
            var bytes = CaseFile.Bytes(path, PackFile.MostBytes);
            if (bytes is [(byte)'{', ..]) return CaseVerifyFile.Run(parsed, json, path, bytes, cancel);
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
        if (verdict.Digest is null) output.WriteLine("A pack is made by 'haetae case pack'.");
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
