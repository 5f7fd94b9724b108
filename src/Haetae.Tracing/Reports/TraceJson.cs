using System.Globalization;
using System.Security.Cryptography;

namespace Haetae.Tracing.Reports;

/// <summary>A trace as canonical JSON, <c>haetae.trace/1</c>; every field is described in <c>docs/formats/haetae.trace.1.schema.json</c>.</summary>
/// <remarks>The member <c>digest</c> sorts first, so the report is walked twice: once into the hash, once into the stream. Neither walk keeps it.</remarks>
public static class TraceJson
{
    /// <summary>Writes the document and returns its digest.</summary>
    public static string Write(TraceReport report, Stream output)
    {
        var digest = Digest(report);
        WriteDocument(report, output, digest);
        return digest;
    }

    /// <summary>The SHA-256, in lower-case hex, of the canonical bytes without the member <c>digest</c>.</summary>
    public static string Digest(TraceReport report)
    {
        using var sink = new HashSink();
        WriteDocument(report, sink, digest: null);
        return sink.Finish();
    }

    private static void WriteDocument(TraceReport report, Stream output, string? digest)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        BoundsJson.Member(json, report.Bounds);
        if (digest is not null) Text(json, "digest", digest);
        Text(json, "format", TraceReport.FormatName);
        json.Name("ledger");
        Ledger(json, report.Ledger);
        json.Name("parameters");
        Parameters(json, report.Parameters);
        List(json, "results", report.Results, Result);
        List(json, "seeds", report.Seeds, Seed);
        if (report.Sensitivity is { } sensitivity)
        {
            json.Name("sensitivity");
            SensitivityJson.Write(json, sensitivity);
        }

        if (report.Tags is { } tags)
        {
            json.Name("tags");
            StopJson.Tags(json, tags);
        }

        json.EndObject();
        json.Finish();
    }

    internal static void Ledger(CanonicalWriter json, TraceLedger ledger)
    {
        json.BeginObject();
        Text(json, "chain", ledger.Chain);
        Number(json, "firstHeight", ledger.FirstHeight);
        Text(json, "network", ledger.Network);
        Text(json, "tipHash", ledger.TipHash);
        Number(json, "tipHeight", ledger.TipHeight);
        Number(json, "unknownInputs", ledger.UnknownInputs);
        Number(json, "weakWorkBlocks", ledger.WeakWorkBlocks);
        json.EndObject();
    }

    private static void Parameters(CanonicalWriter json, TraceParameters asked)
    {
        json.BeginObject();
        if (asked.Amount is { } amount) Amount(json, "amount", amount);
        if (asked.Bounds is { } bounds) Number(json, "bounds", bounds);
        Text(json, "feeRule", asked.FeeRule);
        List(json, "from", asked.From, static (json, text) => json.String(text));
        if (asked.Links.Count > 0) List(json, "links", asked.Links, static (json, text) => json.String(text));
        if (asked.MaxTransactions is { } transactions) Number(json, "maxTransactions", transactions);
        if (asked.MinValue is { } value) Amount(json, "minValue", value);
        List(json, "policies", asked.Policies, static (json, text) => json.String(text));
        if (asked.Sensitivity > 0) Number(json, "sensitivity", asked.Sensitivity);
        List(json, "stops", asked.Stops, static (json, text) => json.String(text));
        if (asked.Thefts.Count > 0) List(json, "thefts", asked.Thefts, TheftJson.Asked);
        if (asked.Through.Count > 0) List(json, "through", asked.Through, static (json, text) => json.String(text));
        if (asked.UntilHeight is { } height) Number(json, "untilHeight", height);
        json.EndObject();
    }

    private static void Seed(CanonicalWriter json, TraceSeed seed)
    {
        json.BeginObject();
        Address(json, seed.Address, seed.ScriptType);
        StopJson.Member(json, seed.Entity);
        Number(json, "height", seed.Height);
        Text(json, "scriptType", seed.ScriptType);
        Amount(json, "stolen", seed.Stolen);
        if (seed.Theft is not null) Text(json, "theft", seed.Theft);
        Time(json, seed.Time);
        Outpoint(json, seed.TxId, seed.Value, seed.Vout);
        json.EndObject();
    }

    private static void Result(CanonicalWriter json, PolicyResult result)
    {
        json.BeginObject();
        List(json, "addresses", result.Addresses, AddressTotal);
        json.Name("books");
        Books(json, result.Books);
        if (result.Thefts.Count > 0) List(json, "collisions", result.Collisions, TheftJson.Collision);
        json.Name("conserves");
        json.Boolean(result.Conserves);
        List(json, "ends", result.Ends, End);
        List(json, "entities", result.Entities, StopJson.Total);
        List(json, "limits", result.Limits, Limit);
        if (result.Links.Count > 0) List(json, "links", result.Links, Link);
        List(json, "paths", result.Paths, Path);
        Text(json, "policy", result.Policy);
        List(json, "spends", result.Spends, Spend);
        List(json, "stops", result.Stops, StopJson.Stop);
        if (result.Thefts.Count > 0) List(json, "thefts", result.Thefts, Theft);
        Number(json, "transactionsVisited", result.TransactionsVisited);
        json.EndObject();
    }

    private static void Theft(CanonicalWriter json, TheftResult theft) =>
        TheftJson.Result(json, theft, static (json, theft) => List(json, "addresses", theft.Addresses, AddressTotal), Books);

    private static void Books(CanonicalWriter json, TraceBooks books)
    {
        json.BeginObject();
        Amount(json, "absorbed", books.Absorbed);
        Amount(json, "cut", books.Cut);
        Amount(json, "fees", books.Fees);
        Amount(json, "held", books.Held);
        Amount(json, "parked", books.Parked);
        Amount(json, "seeds", books.Seeds);
        Amount(json, "stolen", books.Stolen);
        json.EndObject();
    }

    private static void End(CanonicalWriter json, TraceEnd end)
    {
        json.BeginObject();
        Address(json, end.Address, end.ScriptType);
        StopJson.Member(json, end.Entity);
        Number(json, "height", end.Height);
        Text(json, "reason", end.Reason);
        if (end.ScriptHex is not null) Text(json, "scriptHex", end.ScriptHex);
        Text(json, "scriptType", end.ScriptType);
        TextOrNull(json, "spentBy", end.SpentBy);
        Amount(json, "tainted", end.Tainted);
        if (end.Thefts.Count > 0) List(json, "thefts", end.Thefts, TheftJson.Part);
        Time(json, end.Time);
        Outpoint(json, end.TxId, end.Value, end.Vout);
        json.EndObject();
    }

    private static void AddressTotal(CanonicalWriter json, AddressTotal total)
    {
        json.BeginObject();
        Address(json, total.Address, total.ScriptType);
        Number(json, "ends", total.Ends);
        StopJson.Member(json, total.Entity);
        Number(json, "firstHeight", total.FirstHeight);
        Number(json, "lastHeight", total.LastHeight);
        if (total.ScriptHex is not null) Text(json, "scriptHex", total.ScriptHex);
        Text(json, "scriptType", total.ScriptType);
        Amount(json, "tainted", total.Tainted);
        json.EndObject();
    }

    private static void Spend(CanonicalWriter json, TraceSpend spend)
    {
        json.BeginObject();
        Address(json, spend.Address, scriptType: null);
        Number(json, "height", spend.Height);
        Text(json, "spentBy", spend.SpentBy);
        Number(json, "spentHeight", spend.SpentHeight);
        Amount(json, "tainted", spend.Tainted);
        Outpoint(json, spend.TxId, spend.Value, spend.Vout);
        json.EndObject();
    }

    internal static void Path(CanonicalWriter json, TracePath path)
    {
        json.BeginObject();
        List(json, "steps", path.Steps, Step);
        Amount(json, "tainted", path.Tainted);
        json.EndObject();
    }

    private static void Step(CanonicalWriter json, PathStep step)
    {
        json.BeginObject();
        Address(json, step.Address, step.ScriptType);
        StopJson.Member(json, step.Entity);
        Number(json, "height", step.Height);
        Text(json, "scriptType", step.ScriptType);
        Amount(json, "tainted", step.Tainted);
        Time(json, step.Time);
        Outpoint(json, step.TxId, step.Value, step.Vout);
        json.EndObject();
    }

    private static void Link(CanonicalWriter json, TraceLink link)
    {
        json.BeginObject();
        if (link.Address is not null) Text(json, "address", link.Address);
        Amount(json, "amount", link.Amount);
        if (link.Asked is { } asked) Amount(json, "asked", asked);
        Text(json, "from", link.From);
        Number(json, "height", link.Height);
        Text(json, "txid", link.TxId);
        Number(json, "vout", link.Vout);
        json.EndObject();
    }

    private static void Limit(CanonicalWriter json, TraceLimit limit)
    {
        json.BeginObject();
        Number(json, "ends", limit.Ends);
        Text(json, "kind", limit.Kind);
        if (limit.Setting is not null) Text(json, "setting", limit.Setting);
        Amount(json, "tainted", limit.Tainted);
        json.EndObject();
    }

    internal static void Address(CanonicalWriter json, string? address, string? scriptType)
    {
        TextOrNull(json, "address", address);
        if (address is null) Text(json, "addressReason", scriptType is null ? "the script has no address" : $"a {scriptType} script has no address");
    }

    internal static void Outpoint(CanonicalWriter json, string txId, long value, int vout)
    {
        Text(json, "txid", txId);
        Amount(json, "value", value);
        Number(json, "vout", vout);
    }

    internal static void Amount(CanonicalWriter json, string name, long satoshi) => Text(json, name, satoshi.ToString(CultureInfo.InvariantCulture));

    internal static void Time(CanonicalWriter json, uint seconds) => Text(json, "time", Amounts.Instant(seconds));

    internal static void Text(CanonicalWriter json, string name, string value)
    {
        json.Name(name);
        json.String(value);
    }

    private static void TextOrNull(CanonicalWriter json, string name, string? value)
    {
        json.Name(name);
        if (value is null) json.Null();
        else json.String(value);
    }

    internal static void Number(CanonicalWriter json, string name, long value)
    {
        json.Name(name);
        json.Integer(value);
    }

    internal static void List<T>(CanonicalWriter json, string name, IReadOnlyList<T> items, Action<CanonicalWriter, T> write)
    {
        json.Name(name);
        json.BeginArray();
        foreach (var item in items) write(json, item);
        json.EndArray();
    }

    /// <summary>A stream that keeps nothing but the hash of what passes.</summary>
    internal sealed class HashSink : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => _hash.AppendData(buffer, offset, count);

        protected override void Dispose(bool disposing)
        {
            if (disposing) _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
