using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>A trace on an account chain as canonical JSON; every member is described in <c>docs/formats/haetae.trace.1.accounts.schema.json</c>.</summary>
/// <remarks>The member <c>digest</c> sorts before the rest, so the report is walked twice: once into the hash, once into the stream.</remarks>
public static class AccountReportJson
{
    /// <summary>Writes the document and returns its digest.</summary>
    public static string Write(AccountReport report, Stream output) => DigestedDocument.Write(output, (stream, digest) => WriteDocument(report, stream, digest));

    /// <summary>The SHA-256, in lower-case hex, of the canonical bytes without the member <c>digest</c>.</summary>
    public static string Digest(AccountReport report) => DigestedDocument.Digest((stream, digest) => WriteDocument(report, stream, digest));

    private static void WriteDocument(AccountReport report, Stream output, string? digest)
    {
        var json = new CanonicalWriter(output);
        json.BeginObject();
        if (report.Bounds.Count > 0 || report.NoBounds is not null) json.List("bounds", report.Bounds, Bound);
        if (digest is not null) json.Text("digest", digest);
        if (report.FeeBounds.Count > 0) json.List("feeBounds", report.FeeBounds, Fees);
        json.Text("format", AccountReport.FormatName);
        json.Name("ledger");
        Ledger(json, report.Ledger);
        if (report.NoBounds is { } why) json.Text("noBounds", why);
        json.Name("noise");
        NoiseJson.Noise(json, report.Noise);
        json.Name("parameters");
        Parameters(json, report.Parameters);
        json.List("payOffs", report.PayOffs, NoiseJson.PayOff);
        json.List("results", report.Results, Result);
        json.List("seeds", report.Seeds, Seed);
        if (report.Tags is { } tags)
        {
            json.Name("tags");
            StopJson.Tags(json, tags);
        }

        json.EndObject();
        json.Finish();
    }

    private static void Ledger(CanonicalWriter json, AccountReportLedger ledger)
    {
        json.BeginObject();
        json.Number("accounts", ledger.Accounts);
        json.Text("chain", ledger.Chain);
        json.Text("digest", ledger.Digest);
        json.Text("model", "accounts");
        json.List("notes", ledger.Notes);
        json.Number("transactions", ledger.Transactions);
        json.Number("transfers", ledger.Transfers);
        json.EndObject();
    }

    private static void Parameters(CanonicalWriter json, AccountParameters asked)
    {
        json.BeginObject();
        if (asked.Amount is { } amount) json.Text("amount", amount);
        if (asked.Asset is { } asset) json.Text("asset", asset);
        json.Number("bounds", asked.Bounds);
        json.Flag("conversions", asked.Conversions);
        if (asked.Decimals.Count > 0) json.List("decimals", asked.Decimals);
        json.List("from", asked.From);
        if (asked.MaxTransactions is { } most) json.Number("maxTransactions", most);
        if (asked.MinValue is { } least) json.Text("minValue", least);
        json.List("policies", asked.Policies);
        if (asked.Since is { } since) json.Text("since", since);
        json.List("stops", asked.Stops);
        if (asked.Through.Count > 0) json.List("through", asked.Through);
        if (asked.Until is { } until) json.Text("until", until);
        if (asked.Values is { } currency) json.Text("values", currency);
        if (asked.Within.Count > 0) json.List("within", asked.Within);
        json.EndObject();
    }

    private static void Seed(CanonicalWriter json, AccountSeed seed)
    {
        json.BeginObject();
        StopJson.Member(json, seed.Receiver);
        Members(json, seed.Move, "stolen", seed.Stolen);
        Value(json, seed.Worth);
        json.EndObject();
    }

    private static void Result(CanonicalWriter json, AccountResult result)
    {
        json.BeginObject();
        json.List("books", result.Books, Book);
        json.Flag("conserves", result.Conserves);
        json.List("conversions", result.Conversions, Conversion);
        json.List("ends", result.Ends, End);
        json.List("openings", result.Openings, Opening);
        json.Text("policy", result.Policy);
        json.Number("transactionsVisited", result.TransactionsVisited);
        json.List("transfers", result.Flow, static (writer, flow) =>
        {
            writer.BeginObject();
            Members(writer, flow.Move, "tainted", flow.Tainted, flow.Noise is { } noise ? NoiseWords.NameOf(noise) : null);
            writer.EndObject();
        });
        json.EndObject();
    }

    private static void Book(CanonicalWriter json, AccountBooks books)
    {
        var book = books.Book;
        json.BeginObject();
        json.Wide("absorbed", book.Absorbed);
        json.Text("asset", books.Asset.Name.Caip19);
        json.Wide("convertedIn", book.ConvertedIn);
        json.Wide("convertedOut", book.ConvertedOut);
        json.Wide("cut", book.Cut);
        json.Wide("destroyed", book.Destroyed);
        json.Wide("fees", book.Fees);
        json.Wide("held", book.Held);
        json.Wide("parked", book.Parked);
        json.Wide("seeds", book.Seeds);
        Value(json, books.Worth);
        json.EndObject();
    }

    private static void End(CanonicalWriter json, AccountReportEnd end)
    {
        json.BeginObject();
        json.Text("address", end.Address);
        json.Text("asset", end.Asset.Name.Caip19);
        json.Text("coverage", end.Coverage);
        StopJson.Member(json, end.Entity);
        json.Name("first");
        Place(json, end.First);
        json.Name("last");
        Place(json, end.Last);
        if (end.Note is { } note) json.Text("note", note);
        json.Text("reason", end.Reason);
        json.Wide("tainted", end.Tainted);
        Value(json, end.Worth);
        json.EndObject();
    }

    private static void Value(CanonicalWriter json, Worth? worth)
    {
        if (worth is null) return;
        if (worth.Exact is not { } amount)
        {
            json.TextOrNull("value", null);
            json.Text("valueReason", worth.Reason!);
            return;
        }

        json.Name("value");
        json.BeginObject();
        json.Text("amount", amount);
        json.Text("at", worth.At!);
        json.Text("currency", worth.Currency);
        json.Text("source", worth.Source!);
        json.EndObject();
    }

    private static void Place(CanonicalWriter json, AccountMove move)
    {
        json.BeginObject();
        json.Number("index", move.Index);
        json.Text("time", Amounts.Instant(move.Time));
        json.Text("txid", move.TxId);
        json.EndObject();
    }

    private static void Conversion(CanonicalWriter json, AccountConversion one)
    {
        json.BeginObject();
        json.Text("actor", one.Actor);
        json.Wide("given", one.Given);
        json.Text("givenAsset", one.GivenAsset.Name.Caip19);
        json.Wide("givenTaint", one.GivenTaint);
        json.Text("manner", one.Manner);
        json.Wide("received", one.Received);
        json.Text("receivedAsset", one.ReceivedAsset.Name.Caip19);
        json.Wide("receivedTaint", one.ReceivedTaint);
        json.Text("recipient", one.Recipient);
        json.Text("time", Amounts.Instant(one.Time));
        json.Text("txid", one.TxId);
        json.EndObject();
    }

    private static void Opening(CanonicalWriter json, AccountOpening opening)
    {
        json.BeginObject();
        json.Text("address", opening.Address);
        json.Wide("amount", opening.Amount);
        json.Text("asset", opening.Asset.Name.Caip19);
        json.Flag("known", opening.Known);
        json.EndObject();
    }

    private static void Bound(CanonicalWriter json, AccountReportBound bound)
    {
        json.BeginObject();
        json.Text("address", bound.Address);
        json.Text("asset", bound.Asset.Name.Caip19);
        StopJson.Member(json, bound.Entity);
        Range(json, bound.Figures, bound.Least, bound.Most, bound.Tight);
        json.EndObject();
    }

    private static void Fees(CanonicalWriter json, AccountReportFees bound)
    {
        json.BeginObject();
        json.Text("asset", bound.Asset.Name.Caip19);
        Range(json, bound.Figures, bound.Least, bound.Most, bound.Tight);
        json.EndObject();
    }

    private static void Range(CanonicalWriter json, IReadOnlyList<(string Policy, UInt256 Amount)> figures, UInt256 least, UInt256 most, bool isTight)
    {
        json.List("figures", figures, static (writer, figure) =>
        {
            writer.BeginObject();
            writer.Text("policy", figure.Policy);
            writer.Wide("tainted", figure.Amount);
            writer.EndObject();
        });
        json.Wide("least", least);
        json.Wide("most", most);
        json.Flag("tight", isTight);
    }

    /// <summary>A transfer's members in their order, with one more amount that sorts between "rowId" and "time".</summary>
    private static void Members(CanonicalWriter json, AccountMove move, string name, UInt256 amount, string? noise = null)
    {
        json.Wide("amount", move.Amount);
        json.Text("asset", move.Asset.Name.Caip19);
        if (move.Block is { } block) json.Number("block", block);
        json.TextOrNull("from", move.From);
        json.Number("index", move.Index);
        json.Text("kind", move.Kind);
        if (noise is not null) json.Text("noise", noise);
        json.Flag("rowId", move.IsRowId);
        json.Wide(name, amount);
        json.Text("time", Amounts.Instant(move.Time));
        json.TextOrNull("to", move.To);
        json.Text("txid", move.TxId);
    }

    private static void Wide(this CanonicalWriter json, string name, UInt256 amount) => json.Text(name, amount.ToString());
}
