using System.Globalization;
using System.Text;
using System.Xml;

namespace Haetae.Tracing.Reports;

/// <summary>One policy of a trace as GraphML: transactions are nodes, tainted outputs are edges to the transaction that spends them, or to a node of kind <c>end</c>.</summary>
public static class TraceGraphml
{
    private const string Namespace = "http://graphml.graphdrawing.org/xmlns";

    private static readonly (string Id, string Target, string Type)[] Keys =
    [
        ("kind", "node", "string"), ("txid", "node", "string"), ("height", "node", "int"), ("time", "node", "string"), ("reason", "node", "string"),
        ("entity", "node", "string"), ("category", "node", "string"), ("confidence", "node", "int"),
        ("least", "node", "long"), ("most", "node", "long"),
        ("vout", "edge", "int"), ("value", "edge", "long"), ("tainted", "edge", "long"), ("address", "edge", "string"), ("policy", "edge", "string"),
    ];

    /// <param name="policy">The policy to write; without one, the first that conserves amounts.</param>
    public static void Write(TraceReport report, Stream output, string? policy = null)
    {
        var result = policy is null
            ? Answer.Main(report)
            : report.Results.FirstOrDefault(r => r.Policy == policy) ?? throw new ArgumentException($"The trace has no policy '{policy}'.", nameof(policy));
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = " ", NewLineChars = "\n" };
        using var xml = XmlWriter.Create(output, settings);
        xml.WriteStartElement("graphml", Namespace);
        foreach (var (id, target, type) in Keys) Key(xml, id, target, type);
        if (result.Thefts.Count > 0) Key(xml, "thefts", "node", "string");
        xml.WriteStartElement("graph", Namespace);
        xml.WriteAttributeString("id", "trace");
        xml.WriteAttributeString("edgedefault", "directed");
        var transactions = Transactions(report, result);
        foreach (var transaction in transactions.Values) Node(xml, transaction);
        Ends(xml, result, report.Bounds);
        Edges(xml, result, transactions);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static Dictionary<string, Transaction> Transactions(TraceReport report, PolicyResult result)
    {
        var found = new Dictionary<string, Transaction>(StringComparer.Ordinal);
        foreach (var seed in report.Seeds) Add(seed.TxId, seed.Height, seed.Time);
        foreach (var spend in result.Spends)
        {
            Add(spend.TxId, spend.Height, null);
            Add(spend.SpentBy, spend.SpentHeight, null);
        }

        foreach (var end in result.Ends) Add(end.TxId, end.Height, end.Time);
        foreach (var step in result.Paths.SelectMany(path => path.Steps)) Add(step.TxId, step.Height, step.Time);
        return found;

        void Add(string txId, int height, uint? time)
        {
            if (!found.TryGetValue(txId, out var known)) found.Add(txId, new Transaction($"t{found.Count}", txId, height, time));
            else if (known.Time is null && time is not null) found[txId] = known with { Time = time };
        }
    }

    private static void Node(XmlWriter xml, Transaction transaction)
    {
        xml.WriteStartElement("node", Namespace);
        xml.WriteAttributeString("id", transaction.Id);
        Data(xml, "kind", "transaction");
        Data(xml, "txid", transaction.TxId);
        Data(xml, "height", Number(transaction.Height));
        if (transaction.Time is { } time) Data(xml, "time", Amounts.Instant(time));
        xml.WriteEndElement();
    }

    /// <summary>The ends; those at an address with bounds carry the bounds of all of the address's ends together.</summary>
    private static void Ends(XmlWriter xml, PolicyResult result, BoundsReport? bounds)
    {
        var byHolder = BoundsReport.ByHolder(bounds);
        for (var i = 0; i < result.Ends.Count; i++)
        {
            xml.WriteStartElement("node", Namespace);
            xml.WriteAttributeString("id", $"e{Number(i)}");
            Data(xml, "kind", "end");
            Data(xml, "reason", result.Ends[i].Reason);
            if (result.Ends[i].Thefts is { Count: > 0 } parts) Data(xml, "thefts", TheftPart.Cell(parts));
            if (byHolder.TryGetValue((result.Ends[i].Address, result.Ends[i].ScriptHex), out var bound))
            {
                Data(xml, "least", Number(bound.Least));
                Data(xml, "most", Number(bound.Most));
            }

            if (result.Ends[i].Entity is { } entity)
            {
                Data(xml, "entity", entity.Name);
                if (entity.Category is not null) Data(xml, "category", entity.Category);
                if (entity.ConfidenceLevel is { } level) Data(xml, "confidence", Number(level));
            }

            xml.WriteEndElement();
        }
    }

    private static void Edges(XmlWriter xml, PolicyResult result, Dictionary<string, Transaction> transactions)
    {
        foreach (var spend in result.Spends)
        {
            Edge(xml, result.Policy, transactions[spend.TxId].Id, transactions[spend.SpentBy].Id, spend.Vout, spend.Value, spend.Tainted, spend.Address);
        }

        for (var i = 0; i < result.Ends.Count; i++)
        {
            var end = result.Ends[i];
            Edge(xml, result.Policy, transactions[end.TxId].Id, $"e{Number(i)}", end.Vout, end.Value, end.Tainted, end.Address);
        }
    }

    private static void Edge(XmlWriter xml, string policy, string from, string to, int vout, long value, long tainted, string? address)
    {
        xml.WriteStartElement("edge", Namespace);
        xml.WriteAttributeString("source", from);
        xml.WriteAttributeString("target", to);
        Data(xml, "vout", Number(vout));
        Data(xml, "value", Number(value));
        Data(xml, "tainted", Number(tainted));
        if (address is not null) Data(xml, "address", address);
        Data(xml, "policy", policy);
        xml.WriteEndElement();
    }

    private static void Key(XmlWriter xml, string id, string target, string type)
    {
        xml.WriteStartElement("key", Namespace);
        xml.WriteAttributeString("id", id);
        xml.WriteAttributeString("for", target);
        xml.WriteAttributeString("attr.name", id);
        xml.WriteAttributeString("attr.type", type);
        xml.WriteEndElement();
    }

    private static void Data(XmlWriter xml, string key, string value)
    {
        xml.WriteStartElement("data", Namespace);
        xml.WriteAttributeString("key", key);
        xml.WriteString(Shown.Plain(value));
        xml.WriteEndElement();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Transaction(string Id, string TxId, int Height, uint? Time);
}
