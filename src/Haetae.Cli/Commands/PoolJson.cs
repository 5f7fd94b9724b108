using System.Text.Json.Nodes;
using Haetae.Tracing.Mixers;

namespace Haetae.Cli.Commands;

/// <summary>Pools as JSON (<c>haetae.pool/1</c>): every withdrawal, its sets and links.</summary>
internal static class PoolJson
{
    internal const string Format = "haetae.pool/1";

    internal static JsonObject Of(PoolAnswer answer)
    {
        var json = new JsonObject
        {
            ["format"] = Format,
            ["leastScore"] = answer.LeastScore,
            ["rules"] = new JsonArray([.. answer.Runs.Select(run => (JsonNode)Rule(run))]),
            ["pools"] = new JsonArray([.. answer.Pools.Select((pool, p) => (JsonNode)Pool(answer, pool, p))]),
        };
        if (answer.Candidates.Count > 0) json["candidates"] = new JsonArray([.. answer.Candidates.Select(one => (JsonNode)Candidates(answer, one.Pool, one.Of))]);
        if (answer.Notes.Count > 0) json["notes"] = new JsonArray([.. answer.Notes.Select(note => (JsonNode)note)]);
        return json;
    }

    private static JsonObject Rule(HeuristicRun run)
    {
        var json = new JsonObject { ["method"] = run.Method };
        if (run.NotRun is { } reason) json["notRun"] = reason;
        else (json["links"], json["tested"]) = (run.Links.Count, run.Tested);
        return json;
    }

    private static JsonObject Pool(PoolAnswer answer, PoolView pool, int place)
    {
        var links = answer.Runs.SelectMany(run => run.Links).Where(link => link.Pool == place).ToLookup(link => link.Withdrawal);
        var json = new JsonObject
        {
            ["name"] = pool.Events.Pool.Name,
            ["denomination"] = pool.Events.Pool.Denomination.ToString(),
            ["symbol"] = pool.Events.Pool.Symbol,
            ["deposits"] = pool.Events.Deposits.Count,
            ["broken"] = new JsonArray([.. pool.Broken.Select(one => (JsonNode)new JsonObject { ["rule"] = one.Rule, ["row"] = one.Row })]),
            ["withdrawals"] = new JsonArray([.. pool.Sets.Select(set => (JsonNode)Withdrawal(answer.Book, pool.Events, set, links[set.Withdrawal]))]),
        };
        if (pool.Events.Pool.Address is { } address) json["address"] = address.ToString();
        return json;
    }

    private static JsonObject Withdrawal(PoolBook book, PoolEvents events, AnonymitySet set, IEnumerable<PoolLink> links)
    {
        var withdrawal = events.Withdrawals[set.Withdrawal];
        var json = new JsonObject
        {
            ["transaction"] = Id(withdrawal.Transaction),
            ["block"] = withdrawal.Block,
            ["recipient"] = withdrawal.Recipient.ToString(),
            ["fee"] = withdrawal.Fee.ToString(),
            ["relayed"] = withdrawal.IsRelayed,
            ["naive"] = set.Naive,
            ["linked"] = set.Linked,
            ["links"] = new JsonArray([.. links.Select(link => (JsonNode)new JsonObject
            {
                ["method"] = link.Method,
                ["version"] = link.Version,
                ["score"] = link.Score,
                ["rivals"] = link.Rivals,
                ["leaves"] = new JsonArray([.. link.Deposits.Select(d => (JsonNode)events.Deposits[d].Leaf)]),
                ["reason"] = link.Reason,
            })]),
        };
        if (withdrawal.Time is { } time) json["time"] = JsonText.Instant(time);
        else
        {
            // Not in the list: it lies between dated deposits.
            var (earliest, latest) = book.Clock.Between(withdrawal.Block);
            if (earliest is { } from) json["notBefore"] = JsonText.Instant(from);
            if (latest is { } to) json["notAfter"] = JsonText.Instant(to);
        }

        return json;
    }

    private static JsonObject Candidates(PoolAnswer answer, int pool, WithdrawalCandidates of)
    {
        var events = answer.Pools[pool].Events;
        return new JsonObject
        {
            ["pool"] = events.Pool.Name,
            ["transaction"] = Id(events.Withdrawals[of.Withdrawal].Transaction),
            ["candidates"] = of.Candidates,
            ["effectiveHundredths"] = of.EffectiveHundredths,
            ["trustThousandths"] = DepositCandidates.UsualTrust,
            ["top"] = new JsonArray([.. of.Top.Select(one => (JsonNode)new JsonObject
            {
                ["leaf"] = events.Deposits[one.Deposit].Leaf,
                ["transaction"] = Id(events.Deposits[one.Deposit].Transaction),
                ["block"] = events.Deposits[one.Deposit].Block,
                ["millionths"] = one.Millionths,
                ["methods"] = new JsonArray([.. one.Methods.Select(method => (JsonNode)method)]),
            })]),
        };
    }

    private static string Id(Haetae.Ledger.Hash256 id) => "0x" + id;
}
