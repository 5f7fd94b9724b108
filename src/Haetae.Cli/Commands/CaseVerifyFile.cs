using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Intel;
using Haetae.Intel.Cases;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae case verify</c> on a case itself, without a pack: what it carries is checked, what it does not carry is said, and only a contradiction fails.</summary>
internal static class CaseVerifyFile
{
    internal static int Run(ParseResult parsed, Option<bool> json, string path, byte[] bytes, CancellationToken cancel)
    {
        var check = Check(path, bytes, cancel);
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(path, check)));
        else Print(path, check, output);
        return check.Holds ? ExitCode.Done : ExitCode.VerificationFailed;
    }

    private static CaseCheck Check(string path, byte[] bytes, CancellationToken cancel)
    {
        try
        {
            var document = CaseJson.Read(bytes);
            var name = CaseCheck.LinesNamedIn(document);
            var beside = name is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name);
            return CaseCheck.Of(document, CaseJson.DigestIn(bytes), File.Exists(beside) ? CaseFile.Bytes(beside, CaseJson.MostBytes) : null, cancel);
        }
        catch (IntelException wrong)
        {
            return CaseCheck.Unread(wrong.Message);
        }
    }

    private static JsonObject Json(string path, CaseCheck check) => new()
    {
        ["file"] = Path.GetFullPath(path),
        ["holds"] = check.Holds,
        ["digest"] = check.Digest,
        ["checks"] = Lines(check.Held),
        ["faults"] = new JsonArray([.. check.Faults.Select(fault => (JsonNode)new JsonObject { ["section"] = "case", ["what"] = PlainText.Of(fault) })]),
        ["notProved"] = Lines(check.NotChecked),
    };

    private static void Print(string path, CaseCheck check, TextWriter output)
    {
        if (!check.Holds)
        {
            output.WriteLine($"{path} does NOT hold.");
            foreach (var fault in check.Faults) output.WriteLine($"  {PlainText.Of(fault)}");
            return;
        }

        output.WriteLine($"{path} holds as far as it can be checked; its digest is {check.Digest}.");
        output.WriteLine($"{Amounts.Count(check.Held.Count, "check holds", "checks hold")}:");
        foreach (var line in check.Held) output.WriteLine($"  {PlainText.Of(line)}");
        output.WriteLine("Not checked:");
        foreach (var line in check.NotChecked) output.WriteLine($"  {PlainText.Of(line)}");
    }

    private static JsonArray Lines(IReadOnlyList<string> lines) => new([.. lines.Select(line => (JsonNode)PlainText.Of(line))]);
}
