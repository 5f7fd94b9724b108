using System.Text.Json.Nodes;
using Haetae.Ledger;

namespace Haetae.Intel.Cases.Accounts;

/// <summary>The member <c>accounts</c> of a case as JSON.</summary>
internal static class AccountPartJson
{
    internal static AccountPart Read(JsonFields json) => new()
    {
        Rows = json.Object("rows", ReadRows),
        Stated = json.List("stated", f => new StatedReceipt(
            f.Number("after"), f.Text("from"), f.Text("to"), f.Text("asset"), f.Wide("amount"), f.Hash("txid"), f.Text("source"), f.OneOf("status", CaseFact.Statuses))),
        Followed = json.Texts("followed"),
        Thefts = json.List("thefts", f => new RowTheft(f.Text("name"), f.Text("title"), f.List("seeds", s => new RowSeed(s.NumberOrNull("row"), s.NumberOrNull("stated"), s.Wide("stolen"))))),
        Groups = json.List("groups", f => new RowGroup(f.Text("id"), f.Text("title"), f.Texts("payers"), f.Texts("payees"))),
        Listings = json.List("listings", f => new CaseListing(f.Text("day"), f.Texts("addresses"), f.Text("source"), f.OneOf("status", CaseFact.Statuses))),
        Traces = json.List("traces", f => new RowTrace(f.Text("theft"), f.Hash("digest"))),
        Pool = json.Has("pool") ? json.Object("pool", ReadPool) : null,
    };

    private static CaseRows ReadRows(JsonFields json) => new(
        json.Text("source"), json.Text("licence"), json.Hash("sha256"), json.Text("what"), json.Text("asset"),
        json.Tuples("items", 4, cells => new CaseRow(cells.Text(0), cells.Text(1), cells.Text(2), cells.Wide(3))));

    private static PoolRecord ReadPool(JsonFields json) => new(
        json.Text("title"), json.Text("source"),
        json.Tuples("days", 3, cells => new PoolDay(cells.Text(0), cells.Number(1), cells.Number(2))),
        json.List("periods", f => new PoolPeriod(f.Text("title"), f.Text("first"), f.Text("last"))),
        json.List("assignments", f => new PoolAssignment(f.Number("hours"), f.Number("assigned"), f.Number("served"), f.Number("controlMost"), f.Number("controlMedian"))),
        json.List("peaks", f => new PoolPeak(f.Text("day"), f.Text("explanation"), f.Text("source"), f.OneOf("status", CaseFact.Statuses))));

    internal static JsonObject Of(AccountPart part)
    {
        var json = new JsonObject
        {
            ["rows"] = new JsonObject
            {
                ["source"] = part.Rows.Source,
                ["licence"] = part.Rows.Licence,
                ["sha256"] = part.Rows.Sha256,
                ["what"] = part.Rows.What,
                ["asset"] = part.Rows.Asset,
                ["items"] = Array(part.Rows.Items, row => new JsonArray(row.Time, row.From, row.To, row.Amount.ToString())),
            },
            ["stated"] = Array(part.Stated, stated => new JsonObject
            {
                ["after"] = stated.After,
                ["from"] = stated.From,
                ["to"] = stated.To,
                ["asset"] = stated.Asset,
                ["amount"] = stated.Amount.ToString(),
                ["txid"] = stated.TxId,
                ["source"] = stated.Source,
                ["status"] = stated.Status,
            }),
            ["followed"] = Texts(part.Followed),
            ["thefts"] = Array(part.Thefts, theft => new JsonObject
            {
                ["name"] = theft.Name,
                ["title"] = theft.Title,
                ["seeds"] = Array(theft.Seeds, seed => new JsonObject { ["row"] = seed.Row, ["stated"] = seed.Stated, ["stolen"] = seed.Stolen.ToString() }),
            }),
            ["groups"] = Array(part.Groups, group => new JsonObject { ["id"] = group.Id, ["title"] = group.Title, ["payers"] = Texts(group.Payers), ["payees"] = Texts(group.Payees) }),
            ["listings"] = Array(part.Listings, listing => new JsonObject { ["day"] = listing.Day, ["addresses"] = Texts(listing.Addresses), ["source"] = listing.Source, ["status"] = listing.Status }),
            ["traces"] = Array(part.Traces, trace => new JsonObject { ["theft"] = trace.Theft, ["digest"] = trace.Digest }),
        };
        if (part.Pool is { } pool) json["pool"] = Of(pool);
        return json;
    }

    private static JsonObject Of(PoolRecord pool) => new()
    {
        ["title"] = pool.Title,
        ["source"] = pool.Source,
        ["days"] = Array(pool.Days, day => new JsonArray(day.Day, day.Deposits, day.Smaller)),
        ["periods"] = Array(pool.Periods, period => new JsonObject { ["title"] = period.Title, ["first"] = period.First, ["last"] = period.Last }),
        ["assignments"] = Array(pool.Assignments, one => new JsonObject
        {
            ["hours"] = one.Hours,
            ["assigned"] = one.Assigned,
            ["served"] = one.Served,
            ["controlMost"] = one.ControlMost,
            ["controlMedian"] = one.ControlMedian,
        }),
        ["peaks"] = Array(pool.Peaks, peak => new JsonObject { ["day"] = peak.Day, ["explanation"] = peak.Explanation, ["source"] = peak.Source, ["status"] = peak.Status }),
    };

    private static JsonArray Texts(IReadOnlyList<string> texts) => Array(texts, text => JsonValue.Create(text));

    private static JsonArray Array<T>(IReadOnlyList<T> items, Func<T, JsonNode> of) => new([.. items.Select(of)]);
}
