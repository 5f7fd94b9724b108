using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Crossings;

/// <summary>A journey as canonical JSON, <c>haetae.journey/1</c>; every member is described in <c>docs/formats/haetae.journey.1.schema.json</c>.</summary>
public static class JourneyReport
{
    public const string Format = "haetae.journey/1";

    /// <summary>Puts outcomes of one query together, with their digest.</summary>
    /// <param name="bounds">Null: not asked for.</param>
    public static JsonObject Of(JourneyQuery query, IReadOnlyList<JourneyOutcome> outcomes, JourneyBounds? bounds)
    {
        var json = new JsonObject
        {
            ["format"] = Format,
            ["ledgers"] = List(query.Ledgers, Ledger),
            ["seeds"] = List(query.Seeds, seed => new JsonObject { ["ledger"] = query.Ledgers[seed.Ledger].Name, ["place"] = PlaceNames.Of(query.Ledgers[seed.Ledger], seed.Number), ["stolen"] = seed.Stolen.ToString() }),
            ["protocols"] = List([.. query.Messages.Select(message => message.Protocol).Distinct().OrderBy(one => one.ToString(), StringComparer.Ordinal)], Protocol),
            ["parameters"] = new JsonObject { ["maxRounds"] = (long)query.MaxRounds, ["maxTransactions"] = query.MaxTransactions, ["readConversions"] = query.ReadConversions, ["stopAtUnknown"] = query.StopAtUnknown },
            ["results"] = List(outcomes, outcome => Result(query, outcome)),
            ["bounds"] = bounds is null ? null : Bounds(query, bounds),
        };
        json["digest"] = CanonicalJson.Digest(json);
        return json;
    }

    private static JsonObject Ledger(JourneyLedger ledger) => new()
    {
        ["name"] = ledger.Name,
        ["chain"] = ledger.Chain,
        ["state"] = ledger.State,
        ["notes"] = Texts(ledger.Notes),
        ["stops"] = Texts(ledger.Said.Kinds),
        ["through"] = Texts(ledger.Said.Through),
        ["tags"] = ledger.Said.Tags is not { } tags ? null : new JsonObject
        {
            ["addresses"] = tags.Addresses,
            ["asOf"] = tags.AsOf?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["clusters"] = tags.Clusters,
            ["digest"] = tags.Digest,
        },
    };

    private static JsonObject Protocol(BridgeProtocol protocol) => new()
    {
        ["name"] = protocol.Name,
        ["version"] = protocol.Version,
        ["title"] = protocol.Title,
        ["status"] = protocol.Status,
        ["verifiedBy"] = Texts(protocol.Events.Where(one => one.VerifiedBy is not null).Select(one => $"{one.Signature.Name}: {one.VerifiedBy}")),
        ["sources"] = Texts(protocol.Sources),
        ["notes"] = Texts(protocol.Notes),
    };

    private static JsonObject Result(JourneyQuery query, JourneyOutcome outcome) => new()
    {
        ["policy"] = PolicyNames.NameOf(outcome.Policy),
        ["complete"] = outcome.IsComplete,
        ["rounds"] = (long)outcome.Rounds,
        ["legs"] = List(outcome.Legs, leg => Leg(query.Ledgers[leg.Ledger], leg, outcome)),
        ["deposits"] = List(outcome.Deposits, deposit => Deposit(query, deposit)),
    };

    private static JsonObject Leg(JourneyLedger ledger, JourneyLeg leg, JourneyOutcome outcome)
    {
        var gates = outcome.Deposits.Where(deposit => deposit.Message.Ledger == leg.Ledger).SelectMany(deposit => deposit.Message.Gates).ToHashSet();
        var json = new JsonObject
        {
            ["ledger"] = ledger.Name,
            ["seeds"] = List(leg.Seeds, seed => new JsonObject { ["place"] = PlaceNames.Of(ledger, seed.Number), ["own"] = seed.Own.ToString(), ["linked"] = seed.Linked.ToString() }),
            ["ends"] = leg.Bitcoin is { } outputs ? List(outputs.Ends, end => OutputEnd((BitcoinJourneyLedger)ledger, end, gates)) : List(leg.Accounts!.Ends, end => AccountEnd((AccountJourneyLedger)ledger, end)),
        };
        if (leg.Accounts is { Conversions: { Count: > 0 } conversions }) json["conversions"] = List(conversions, one => Conversion(((AccountJourneyLedger)ledger).View, one));
        return json;
    }

    // The members of a trace on one ledger.
    private static JsonObject Conversion(IAccountView view, TaintedConversion one) => new()
    {
        ["actor"] = view.Chain.Show(view.AddressOf(one.Actor)),
        ["given"] = one.Given.ToString(),
        ["givenAsset"] = view.Assets[(int)one.GivenAsset].Name.Caip19,
        ["givenTaint"] = one.GivenTaint.ToString(),
        ["manner"] = one.Manner,
        ["received"] = one.Received.ToString(),
        ["receivedAsset"] = view.Assets[(int)one.ReceivedAsset].Name.Caip19,
        ["receivedTaint"] = one.ReceivedTaint.ToString(),
        ["recipient"] = view.Chain.Show(view.AddressOf(one.Recipient)),
        ["time"] = Amounts.Instant(view.Graph.TxTime[one.Transaction]),
        ["txid"] = view.Graph.TxId[one.Transaction].ToString(),
    };

    private static JsonObject OutputEnd(BitcoinJourneyLedger ledger, TaintEnd end, HashSet<long> gates) => new()
    {
        ["place"] = PlaceNames.Of(ledger, end.Output),
        ["holder"] = PlaceNames.Holder(ledger, end.Output),
        ["entity"] = ledger.ServiceAt(end.Output),
        ["asset"] = "BTC",
        ["reason"] = gates.Contains(end.Output) ? "bridge" : EndReasons.NameOf(end.Reason),
        ["tainted"] = ((UInt128)end.Tainted).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static JsonObject AccountEnd(AccountJourneyLedger ledger, AccountEnd end) => new()
    {
        ["place"] = PlaceNames.Of(ledger, end.LastTransfer),
        ["holder"] = end.Account == AccountGraph.Nobody ? null : ledger.View.Chain.Show(ledger.View.AddressOf(end.Account)),
        ["entity"] = end.Account == AccountGraph.Nobody ? null : ledger.ServiceOf(end.Account),
        ["asset"] = ledger.View.Assets[(int)end.Asset].Name.Caip19,
        ["reason"] = ReasonName(end.Reason),
        ["tainted"] = end.Tainted.ToString(),
    };

    /// <summary>The name of a reason in answers.</summary>
    public static string ReasonName(AccountEndReason reason) => reason switch
    {
        AccountEndReason.NotUnderstood => "not-understood",
        AccountEndReason.MinValue => "min-value",
        AccountEndReason.MaxTransactions => "max-transactions",
        AccountEndReason.Held => "held",
        AccountEndReason.Outside => "outside",
        AccountEndReason.Uncovered => "uncovered",
        AccountEndReason.Service => "service",
        AccountEndReason.Mixer => "mixer",
        AccountEndReason.Bridge => "bridge",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    // Left out where there is none.
    private static JsonObject Deposit(JourneyQuery query, BridgeDeposit deposit)
    {
        var json = Followed(query, deposit);
        if (deposit.Doubtful.Count > 0)
            json["doubtful"] = List(deposit.Doubtful, link => new JsonObject
            {
                ["message"] = Message(query, link.Destination),
                ["key"] = link.Key,
                ["perMille"] = (long)link.PerMille,
                ["doubts"] = Texts(link.Doubts),
                ["evidence"] = Texts(link.Evidence),
            });
        return json;
    }

    private static JsonObject Followed(JourneyQuery query, BridgeDeposit deposit) => new()
    {
        ["message"] = Message(query, deposit.Message),
        ["amount"] = deposit.Amount.ToString(),
        ["tainted"] = deposit.Tainted.ToString(),
        ["why"] = deposit.Why,
        ["outs"] = List(deposit.Outs, one => new JsonObject
        {
            ["message"] = Message(query, one.Link.Destination),
            ["place"] = PlaceNames.Of(query.Ledgers[one.Link.Destination.Ledger], one.Carrier.Number),
            ["amount"] = one.Carrier.Amount.ToString(),
            ["tainted"] = one.Tainted.ToString(),
            ["refund"] = one.Link.Destination.End == BridgeEnd.Refund,
            ["method"] = one.Link.Method,
            ["methodVersion"] = one.Link.MethodVersion,
            ["key"] = one.Link.Key,
            ["verified"] = one.Link.IsVerified,
            ["perMille"] = (long)one.Link.PerMille,
            ["rivals"] = (long)one.Link.Rivals,
            ["evidence"] = Texts(one.Link.Evidence),
        }),
    };

    private static JsonObject Message(JourneyQuery query, CrossChainMessage message) => new()
    {
        ["protocol"] = message.Protocol.ToString(),
        ["ledger"] = query.Ledgers[message.Ledger].Name,
        ["transaction"] = message.TransactionId.ToString(),
        ["time"] = Amounts.Instant((uint)message.Time),
        ["recipient"] = message.Recipient,
        ["otherChain"] = message.OtherChain,
        ["trust"] = message.Trust switch { BridgeTrust.Listed => "listed", BridgeTrust.Named => "named", _ => "unknown" },
        ["read"] = message.Evidence,
    };

    private static JsonObject Bounds(JourneyQuery query, JourneyBounds bounds) => new()
    {
        ["tight"] = bounds.IsTight,
        ["complete"] = bounds.IsComplete,
        ["deposits"] = List(bounds.Deposits, deposit => new JsonObject
        {
            ["ledger"] = query.Ledgers[deposit.Message.Ledger].Name,
            ["transaction"] = deposit.Message.TransactionId.ToString(),
            ["least"] = deposit.Tainted.Least.ToString(),
            ["most"] = deposit.Tainted.Most.ToString(),
            ["outs"] = List(deposit.Outs, one => new JsonObject { ["to"] = one.Carrier.To, ["least"] = one.Tainted.Least.ToString(), ["most"] = one.Tainted.Most.ToString() }),
        }),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonArray List<T>(IReadOnlyList<T> items, Func<T, JsonObject> write) => new([.. items.Select(item => (JsonNode)write(item))]);
}
