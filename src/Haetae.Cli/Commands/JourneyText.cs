using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Crossings;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>A journey as text for a terminal.</summary>
internal static class JourneyText
{
    private const int MostPrinted = 40;

    internal static void Write(JourneyQuery query, IReadOnlyList<JourneyOutcome> outcomes, JourneyBounds? bounds, TextWriter output)
    {
        foreach (var outcome in outcomes) Write(query, outcome, output);
        if (bounds is not null) Write(query, bounds, output);
        Alone(query, output);
        var protocols = outcomes.SelectMany(outcome => outcome.Deposits).Select(deposit => deposit.Message.Protocol).Distinct().ToList();
        foreach (var protocol in protocols.Where(protocol => protocol.Status != "verified")) output.WriteLine($"{protocol.Title} is {protocol.Status}: {(protocol.Status == "partly" ? "a real log matched some of its table" : "no real log has matched its table yet")}.");
        output.WriteLine("What a share across a bridge means: docs/methods.md, \"Bridges and swaps across chains\". Amounts are base units.");
    }

    private static void Write(JourneyQuery query, JourneyOutcome outcome, TextWriter output)
    {
        output.WriteLine($"{PolicyNames.NameOf(outcome.Policy)}{(outcome.IsComplete ? "" : "   NOT COMPLETE: the most rounds were reached (--max-rounds)")}");
        foreach (var leg in outcome.Legs) Leg(query, outcome, leg, output);
        foreach (var deposit in outcome.Deposits) Deposit(query, deposit, output);
        output.WriteLine();
    }

    private static void Leg(JourneyQuery query, JourneyOutcome outcome, JourneyLeg leg, TextWriter output)
    {
        var ledger = query.Ledgers[leg.Ledger];
        output.WriteLine($"  {ledger.Name} ({ledger.Chain})");
        foreach (var seed in leg.Seeds) output.WriteLine($"    from {PlaceNames.Of(ledger, seed.Number)}  {seed.Stolen}{(seed.Linked.IsZero ? "" : $", {seed.Linked} of it over links")}");
        var gates = outcome.Deposits.Where(deposit => deposit.Message.Ledger == leg.Ledger).SelectMany(deposit => deposit.Message.Gates).ToHashSet();
        var ends = Ends(ledger, leg, gates).ToList();
        foreach (var line in ends.Take(MostPrinted)) output.WriteLine($"    {line}");
        if (ends.Count > MostPrinted) output.WriteLine($"    and {Amounts.Count(ends.Count - MostPrinted)} more: --json lists all.");
    }

    private static IEnumerable<string> Ends(JourneyLedger ledger, JourneyLeg leg, HashSet<long> gates)
    {
        if (leg.Bitcoin is { } outputs)
            return outputs.Ends.OrderByDescending(end => end.Tainted).ThenBy(end => end.Output).Select(end => $"{end.Tainted.ToString(CultureInfo.InvariantCulture),20} BTC sat  {PlaceNames.Holder(ledger, end.Output) ?? PlaceNames.Of(ledger, end.Output)}  {(gates.Contains(end.Output) ? "bridge" : EndReasons.NameOf(end.Reason))}");
        var view = ((AccountJourneyLedger)ledger).View;
        return leg.Accounts!.Ends.OrderBy(end => end.Asset).ThenByDescending(end => end.Tainted).ThenBy(end => end.Account)
            .Select(end => $"{end.Tainted,20} {view.Assets[(int)end.Asset].Symbol ?? view.Assets[(int)end.Asset].Name.Caip19}  {(end.Account == AccountGraph.Nobody ? "nobody" : view.Chain.Show(view.AddressOf(end.Account)))}  {JourneyReport.ReasonName(end.Reason)}");
    }

    private static void Deposit(JourneyQuery query, BridgeDeposit deposit, TextWriter output)
    {
        output.WriteLine($"  into {deposit.Message.Protocol.Title} on {query.Ledgers[deposit.Message.Ledger].Name}: {deposit.Tainted} of {deposit.Amount} stolen, {Id(query, deposit.Message)}, {Amounts.Instant((uint)deposit.Message.Time)}");
        foreach (var one in deposit.Outs)
            output.WriteLine($"    {(one.Link.Destination.End == BridgeEnd.Refund ? "refunded" : "out")} on {query.Ledgers[one.Link.Destination.Ledger].Name}: {one.Tainted} of {one.Carrier.Amount} stolen, to {one.Carrier.To ?? "nobody"}, {Id(query, one.Link.Destination)}; by its key{(one.Link.IsVerified ? "" : ", unverified")}");
        if (deposit.Why is { } why) output.WriteLine($"    ends here: {why}");
    }

    private static void Write(JourneyQuery query, JourneyBounds bounds, TextWriter output)
    {
        output.WriteLine($"Under any conserving rule (not tight{(bounds.IsComplete ? "" : ", NOT COMPLETE")})");
        foreach (var deposit in bounds.Deposits)
        {
            output.WriteLine($"  into {deposit.Message.Protocol.Title} on {query.Ledgers[deposit.Message.Ledger].Name}: {deposit.Tainted.Least} to {deposit.Tainted.Most}, {Id(query, deposit.Message)}");
            foreach (var (carrier, tainted) in deposit.Outs) output.WriteLine($"    out to {carrier.To ?? "nobody"}: {tainted.Least} to {tainted.Most}");
        }

        output.WriteLine();
    }

    private static void Alone(JourneyQuery query, TextWriter output)
    {
        if (query.Match.Alone.Count == 0) return;
        output.WriteLine($"Not joined: {Amounts.Count(query.Match.Alone.Count, "end of a crossing", "ends of crossings")}");
        foreach (var alone in query.Match.Alone.Take(MostPrinted))
            output.WriteLine($"  {(alone.Message.End == BridgeEnd.Source ? "deposit" : "out")} {alone.Message.Protocol} on {query.Ledgers[alone.Message.Ledger].Name}, {Id(query, alone.Message)}: {alone.Why}");
        if (query.Match.Alone.Count > MostPrinted) output.WriteLine($"  and {Amounts.Count(query.Match.Alone.Count - MostPrinted)} more.");
        output.WriteLine();
    }

    private static string Id(JourneyQuery query, CrossChainMessage message) => (query.Ledgers[message.Ledger] is AccountJourneyLedger ? "0x" : "") + message.TransactionId;
}
