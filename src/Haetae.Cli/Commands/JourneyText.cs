using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Crossings;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>A journey as text for a terminal: per policy the legs, then the crossings; the bounds; what was not joined.</summary>
internal static class JourneyText
{
    private const int MostPrinted = 40;

    internal static void Write(JourneyQuery query, IReadOnlyList<JourneyOutcome> outcomes, JourneyBounds? bounds, TextWriter output)
    {
        foreach (var ledger in query.Ledgers) Ledger(ledger, output);
        output.WriteLine();
        foreach (var outcome in outcomes) Write(query, outcome, output);
        if (bounds is not null) Write(query, bounds, output);
        Alone(query, output);
        var protocols = outcomes.SelectMany(outcome => outcome.Deposits).Select(deposit => deposit.Message.Protocol).Distinct().ToList();
        foreach (var protocol in protocols.Where(protocol => protocol.Status != "verified")) output.WriteLine($"{protocol.Title} is {(protocol.Status == "partly" ? "partly verified: a real log matched some of its table" : $"{protocol.Status}: no real log has matched its table yet")}.");
        output.WriteLine("What a share across a bridge means: docs/methods.md, \"A journey over several chains\".");
    }

    private static void Ledger(JourneyLedger ledger, TextWriter output)
    {
        var title = ledger switch { BitcoinJourneyLedger bitcoin => $"Bitcoin, {bitcoin.View.Network.Name}", AccountJourneyLedger accounts => accounts.View.Chain.Title, _ => ledger.Chain };
        var tags = ledger.Said is { Tags: { } known } said && said.Kinds.Contains("services") ? $"; stops at services by the tags of {Amounts.Count(known.Addresses, "address", "addresses")}" : "";
        output.WriteLine($"{ledger.Name}: {title}{tags}{(ledger.Said.Through.Count > 0 ? $"; followed through {PlainText.Of(string.Join(", ", ledger.Said.Through))}" : "")}");
        foreach (var note in ledger.Notes) output.WriteLine($"    {PlainText.Of(note)}");
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
        output.WriteLine($"  On {ledger.Name}");
        foreach (var seed in leg.Seeds)
        {
            var how = seed.Linked.IsZero ? "stolen" : seed.Own.IsZero ? "over a bridge" : $"of it {Show(ledger, seed.Number, seed.Linked)} over a bridge";
            output.WriteLine($"    from  {Show(ledger, seed.Number, seed.Stolen)}, {how}: {PlaceNames.Of(ledger, seed.Number)}");
        }

        Conversions(ledger, leg, output);
        var gates = outcome.Deposits.Where(deposit => deposit.Message.Ledger == leg.Ledger).SelectMany(deposit => deposit.Message.Gates).ToHashSet();
        var ends = Ends(ledger, leg, gates).ToList();
        if (ends.Count == 0) output.WriteLine("    to    nowhere");
        foreach (var line in ends.Take(MostPrinted)) output.WriteLine($"    to    {line}");
        if (ends.Count > MostPrinted) output.WriteLine($"    and {Amounts.Count(ends.Count - MostPrinted)} more: --json lists all.");
    }

    private static void Conversions(JourneyLedger ledger, JourneyLeg leg, TextWriter output)
    {
        if (leg.Accounts is not { Conversions: { Count: > 0 } conversions }) return;
        var view = ((AccountJourneyLedger)ledger).View;
        foreach (var one in conversions.Take(MostPrinted))
        {
            output.WriteLine($"    {one.Manner}  {Amounts.Instant(view.Graph.TxTime[one.Transaction])}: {ConversionWords.Sentence(view, one)}");
            output.WriteLine($"          0x{view.Graph.TxId[one.Transaction]}");
        }

        if (conversions.Count > MostPrinted) output.WriteLine($"    and {Amounts.Count(conversions.Count - MostPrinted)} more: --json lists all.");
    }

    private static IEnumerable<string> Ends(JourneyLedger ledger, JourneyLeg leg, HashSet<long> gates)
    {
        if (leg.Bitcoin is { } outputs)
            return outputs.Ends.OrderByDescending(end => end.Tainted).ThenBy(end => end.Output)
                .Select(end => $"{Amounts.Btc(end.Tainted)}, {(gates.Contains(end.Output) ? "a bridge's" : Reason(EndReasons.NameOf(end.Reason), ((BitcoinJourneyLedger)ledger).ServiceAt(end.Output)))}: {PlaceNames.Holder(ledger, end.Output) ?? PlaceNames.Of(ledger, end.Output)}");
        var accounts = (AccountJourneyLedger)ledger;
        return leg.Accounts!.Ends.OrderBy(end => end.Asset).ThenByDescending(end => end.Tainted).ThenBy(end => end.Account)
            .Select(end => $"{AssetAmounts.WithSymbol(end.Tainted, accounts.View.Assets[(int)end.Asset])}, {Reason(JourneyReport.ReasonName(end.Reason), accounts.ServiceOf(end.Account))}: {(end.Account == AccountGraph.Nobody ? "nobody" : accounts.View.Chain.Show(accounts.View.AddressOf(end.Account)))}");
    }

    private static string Reason(string reason, string? service) => reason + (service is null ? "" : $" {PlainText.Of(service)}");

    private static void Deposit(JourneyQuery query, BridgeDeposit deposit, TextWriter output)
    {
        var from = query.Ledgers[deposit.Message.Ledger];
        output.WriteLine($"  Into {deposit.Message.Protocol.Title} on {from.Name}, {Amounts.Instant((uint)deposit.Message.Time)}: {Show(from, deposit.Message, deposit.Amount)}, {Show(from, deposit.Message, deposit.Tainted)} of it stolen");
        output.WriteLine($"    in    {Id(query, deposit.Message)}");
        foreach (var one in deposit.Outs)
        {
            var to = query.Ledgers[one.Link.Destination.Ledger];
            output.WriteLine($"    {(one.Link.Destination.End == BridgeEnd.Refund ? "back " : "out  ")} on {to.Name}: {Show(to, one.Carrier.Number, one.Carrier.Amount)}, {Show(to, one.Carrier.Number, one.Tainted)} of it stolen, to {To(to, one.Carrier)}");
            output.WriteLine($"          {Id(query, one.Link.Destination)}, by its key{(one.Link.IsVerified ? "" : ", unverified")}");
        }

        foreach (var link in deposit.Doubtful)
        {
            output.WriteLine($"    in doubt, not followed: {PlainText.Of(string.Join("; ", link.Doubts))}");
            output.WriteLine($"          {Id(query, link.Destination)}, by its key, on {query.Ledgers[link.Destination.Ledger].Name}");
        }

        if (deposit.Why is { } why) output.WriteLine($"    ends here: {PlainText.Of(why)}");
    }

    private static void Write(JourneyQuery query, JourneyBounds bounds, TextWriter output)
    {
        output.WriteLine($"Under any conserving rule{(bounds.IsComplete ? "" : "   NOT COMPLETE: the most rounds were reached (--max-rounds)")}");
        output.WriteLine(bounds.IsTight ? "  Nothing stolen can reach a bridge." : "  Not tight: the least and most of what crossed may be wider than any rule can reach.");
        foreach (var deposit in bounds.Deposits)
        {
            var from = query.Ledgers[deposit.Message.Ledger];
            output.WriteLine($"  Into {deposit.Message.Protocol.Title} on {from.Name}: {Show(from, deposit.Message, deposit.Tainted.Least)} to {Show(from, deposit.Message, deposit.Tainted.Most)}");
            output.WriteLine($"    in    {Id(query, deposit.Message)}");
            foreach (var (link, carrier, tainted) in deposit.Outs.Select(one => (query.Match.Links.First(link => ReferenceEquals(link.Source, deposit.Message) && link.Destination.Carriers.Any(carrier => ReferenceEquals(carrier, one.Carrier))), one.Carrier, one.Tainted)))
            {
                var to = query.Ledgers[link.Destination.Ledger];
                output.WriteLine($"    out   on {to.Name}: {Show(to, carrier.Number, tainted.Least)} to {Show(to, carrier.Number, tainted.Most)}, to {To(to, carrier)}");
            }
        }

        output.WriteLine();
    }

    private static void Alone(JourneyQuery query, TextWriter output)
    {
        if (query.Match.Alone.Count == 0) return;
        output.WriteLine($"Not joined: {Amounts.Count(query.Match.Alone.Count, "end of a crossing", "ends of crossings")}");
        foreach (var alone in query.Match.Alone.Take(MostPrinted))
        {
            output.WriteLine($"  {(alone.Message.End == BridgeEnd.Source ? "in " : "out")} {alone.Message.Protocol.Title} on {query.Ledgers[alone.Message.Ledger].Name}: {PlainText.Of(alone.Why)}");
            output.WriteLine($"      {Id(query, alone.Message)}");
        }

        if (query.Match.Alone.Count > MostPrinted) output.WriteLine($"  and {Amounts.Count(query.Match.Alone.Count - MostPrinted)} more.");
        output.WriteLine();
    }

    private static string Show(JourneyLedger ledger, CrossChainMessage message, UInt256 amount) => Show(ledger, message.Carriers[0].Number, amount);

    // An output or transfer tells the asset.
    private static string Show(JourneyLedger ledger, long number, UInt256 amount) =>
        ledger is AccountJourneyLedger accounts ? AssetAmounts.WithSymbol(amount, accounts.View.Assets[(int)accounts.View.Graph.Asset[number]]) : Amounts.Btc((long)amount.Lower);

    private static string To(JourneyLedger ledger, BridgeCarrier carrier) =>
        carrier.To is null ? "nobody" : ledger is AccountJourneyLedger accounts ? accounts.View.Chain.Show(AccountAddress.Parse(carrier.To)) : carrier.To;

    private static string Id(JourneyQuery query, CrossChainMessage message) => (query.Ledgers[message.Ledger] is AccountJourneyLedger ? "0x" : "") + message.TransactionId;
}
