using System.Text.Json;
using Haetae.Ledger.Evm;
using Haetae.Ledger.Evm.Etl;
using Haetae.Tests.Support;

namespace Haetae.Tests.Evm;

/// <summary>The recorded answers of ethereum-etl's own tests, and the rows that must come of them.</summary>
internal static class EtlOracle
{
    internal static string Folder(string job, string name) => SharedData.Path_("ethereum", "ethereum-etl", job, name);

    /// <summary>The folders of a job, named job/folder; one row that says so where the data is absent.</summary>
    internal static TheoryData<string> Cases(params string[] jobs)
    {
        var cases = new TheoryData<string>();
        foreach (var job in jobs)
        {
            var folder = SharedData.Root is null ? null : Path.Combine(SharedData.Root, "ethereum", "ethereum-etl", job);
            if (folder is null) cases.Add(job);
            else foreach (var one in Directory.GetDirectories(folder).Order(StringComparer.Ordinal)) cases.Add(job + "/" + Path.GetFileName(one));
        }

        return cases;
    }

    internal static string Expected(string name, string file) => SharedData.Path_("ethereum", "ethereum-etl", name, file);

    /// <summary>Recorded answers of a method in the order of their names.</summary>
    internal static IEnumerable<(string File, JsonElement Result)> Answers(string name, string method)
    {
        foreach (var file in Directory.GetFiles(SharedData.Path_("ethereum", "ethereum-etl", name), $"web3_response.{method}*").Order(StringComparer.Ordinal))
        {
            if (file.Contains("latest", StringComparison.Ordinal)) continue;
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = EvmTraceAnswers.JsonDepth });
            yield return (file, document.RootElement.GetProperty("result").Clone());
        }
    }

    /// <summary>The lines of an expected file, without its end.</summary>
    internal static string[] Lines(string name, string file)
    {
        var text = File.ReadAllText(Expected(name, file));
        return text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
    }

    internal static string[] Csv(IEnumerable<EtlRow> rows)
    {
        using var text = new StringWriter();
        EtlRow.WriteCsv(text, rows);
        return text.ToString().Length == 0 ? [] : text.ToString().TrimEnd('\n').Split('\n');
    }

    internal static string[] Json(IEnumerable<EtlRow> rows) => [.. rows.Select(row => row.ToJson())];

    /// <summary>Lines of JSON field by field, each as it is printed, whatever the order of the fields.</summary>
    internal static string[] ByName(IEnumerable<string> lines) => [.. lines.Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return string.Join(" | ", document.RootElement.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => field.Name + "=" + field.Value.GetRawText()));
    })];

    internal static IEnumerable<T> Rows<T>(string name, string file, Func<EtlLine, T> read)
    {
        foreach (var line in EtlLines.Read(Expected(name, file))) yield return read(line);
    }
}
