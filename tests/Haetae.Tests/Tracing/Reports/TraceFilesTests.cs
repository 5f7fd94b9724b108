using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Tracing.Reports;

public class TraceFilesTests
{
    private static byte[] Json(TraceReport report)
    {
        using var stream = new MemoryStream();
        TraceJson.Write(report, stream);
        return stream.ToArray();
    }

    public static TheoryData<string?> Addresses => [null, SampleReport.Hostile, "=1+1,\"x\"\r\ny", "\u202eevil\u0000\u001b[2J"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public void The_JSON_is_canonical_and_its_digest_holds(string? address)
    {
        var bytes = Json(SampleReport.Large(address));
        var document = JsonNode.Parse(bytes)!.AsObject();
        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Bytes(document)), Encoding.UTF8.GetString(bytes));
        Assert.Equal(CanonicalJson.Digest(document), document["digest"]!.GetValue<string>());
        Assert.Equal("haetae.trace/1", document["format"]!.GetValue<string>());
    }

    [Fact]
    public void One_satoshi_more_changes_the_digest()
    {
        var report = SampleReport.Small();
        var changed = report with { Seeds = [report.Seeds[0] with { Stolen = report.Seeds[0].Stolen + 1 }] };
        Assert.NotEqual(TraceJson.Digest(report), TraceJson.Digest(changed));
        Assert.Equal(TraceJson.Digest(report), TraceJson.Digest(SampleReport.Small()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_JSON_is_what_its_schema_says(bool large)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Haetae.slnx"))) folder = folder.Parent!;
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "docs", "formats", "haetae.trace.1.schema.json")))!.AsObject();
        var document = JsonNode.Parse(Json(large ? SampleReport.Large() : SampleReport.Small()))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(document, schema));
        document["seeds"]![0]!["stolen"] = 5;
        document["surprise"] = true;
        Assert.NotEmpty(SchemaCheck.Errors(document, schema));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void The_CSV_reads_back(string? address)
    {
        var report = SampleReport.Large(address);
        using var text = new StringWriter();
        TraceCsv.Write(report, text);
        var rows = Parse(text.ToString());
        Assert.Equal(TraceCsv.Header.Split(','), rows[0]);
        Assert.Equal(1 + report.Results.Sum(result => result.Ends.Count + result.Spends.Count), rows.Count);
        Assert.All(rows, row => Assert.Equal(17, row.Count));
        var (end, first) = (report.Results[0].Ends[0], rows[1]);
        Assert.Equal(["fifo", "end", end.TxId, $"{end.Vout}", $"{end.Height}", Amounts.Instant(end.Time), end.Address ?? "", end.ScriptType, $"{end.Value}", $"{end.Tainted}", "unspent", "", "", "", "", "", ""], first);
        foreach (var result in report.Results)
        {
            var sum = rows.Where(row => row[0] == result.Policy && row[1] == "end").Sum(row => long.Parse(row[9], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(result.Ends.Sum(e => e.Tainted), sum);
        }
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void The_GraphML_is_XML_and_every_edge_has_its_nodes(string? address)
    {
        var report = SampleReport.Large(address);
        using var stream = new MemoryStream();
        TraceGraphml.Write(report, stream);
        var xml = XDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        XNamespace ns = "http://graphml.graphdrawing.org/xmlns";
        var nodes = xml.Descendants(ns + "node").Select(node => node.Attribute("id")!.Value).ToList();
        var edges = xml.Descendants(ns + "edge").ToList();
        var keys = xml.Descendants(ns + "key").Select(key => key.Attribute("id")!.Value).ToHashSet();
        Assert.Equal(nodes.Count, nodes.Distinct().Count());
        Assert.Equal(report.Results[0].Ends.Count + report.Results[0].Spends.Count, edges.Count);
        Assert.All(edges, edge => Assert.Contains(edge.Attribute("source")!.Value, nodes));
        Assert.All(edges, edge => Assert.Contains(edge.Attribute("target")!.Value, nodes));
        Assert.All(xml.Descendants(ns + "data"), data => Assert.Contains(data.Attribute("key")!.Value, keys));
        if (address == SampleReport.Hostile) Assert.Contains(xml.Descendants(ns + "data"), data => data.Value == address);
    }

    [Fact]
    public void The_GraphML_of_a_policy_that_was_not_traced_is_refused() =>
        Assert.Throws<ArgumentException>(() => TraceGraphml.Write(SampleReport.Small(), Stream.Null, "lifo"));

    private static List<List<string>> Parse(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[i++]);
            else if (c == '"') quoted = !quoted;
            else if (quoted) cell.Append(c);
            else if (c is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (c == ',') continue;
                rows.Add(row);
                row = [];
            }
            else cell.Append(c);
        }

        return rows;
    }
}
