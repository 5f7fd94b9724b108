using System.Numerics;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Crossings;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Tracing.Crossings;

/// <summary>One trace that leads from Bitcoin to Ethereum and back, over planted links of THORChain.</summary>
public class JourneyTests
{
    public static TheoryData<Policy> Policies() => [.. PolicyNames.All.Where(policy => policy is not Policy.HaircutBlockSci)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Stolen_bitcoin_crosses_to_ether_and_comes_back(Policy policy)
    {
        using var planted = new PlantedJourney();
        var outcome = Journey.Trace(planted.Query(), policy);
        Assert.True(outcome.IsComplete);
        Assert.Equal([0, 1], outcome.Legs.Select(leg => leg.Ledger));
        Assert.Equal(2, outcome.Deposits.Count);
        var (there, back) = (outcome.Deposits[0], outcome.Deposits[1]);
        Assert.Equal((UInt256)(UInt128)planted.Deposited, there.Amount);
        Assert.Equal(planted.BackAmount, back.Amount);
        foreach (var deposit in outcome.Deposits)
        {
            var one = Assert.Single(deposit.Outs);
            Assert.Equal((UInt256)((BigInteger)one.Carrier.Amount * deposit.Tainted / deposit.Amount), one.Tainted);
            Assert.Equal((1_000, 0, false), (one.Link.PerMille, one.Link.Rivals, one.Link.IsVerified));
        }

        Assert.Equal(planted.LastOutput, back.Outs[0].Carrier.Number);
        // What came back lies where it was paid, in the leg that began it all.
        var bitcoin = outcome.Legs[0].Bitcoin!;
        Assert.Equal((long)back.Outs[0].Tainted.Lower, bitcoin.Ends.Where(end => end.Output == planted.LastOutput).Sum(end => end.Tainted));
        if (policy != Policy.Poison) Assert.True(bitcoin.Conserves);
    }

    /// <param name="swaps">Whether money is swapped at a pool between the crossings, and conversions are read.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_policy_lies_within_the_bounds_and_no_value_is_made(bool swaps)
    {
        var rules = PolicyNames.All.Where(policy => policy is not Policy.HaircutBlockSci).ToArray();
        var (crossed, converted) = (0, 0);
        for (var seed = 0; seed < 10; seed++)
        {
            using var planted = new PlantedJourney(seed, streamed: seed % 3 == 1, refundPart: seed % 4 == 2, swap: swaps);
            var query = planted.Query(conversions: swaps);
            var bounds = Journey.Bounds(query);
            Assert.True(bounds.IsComplete);
            Assert.False(bounds.IsTight);
            foreach (var policy in rules)
            {
                var outcome = Journey.Trace(query, policy);
                Assert.True(outcome.IsComplete);
                foreach (var deposit in outcome.Deposits) NoValueIsMade(deposit);
                if (policy == Policy.Poison) continue;
                crossed += outcome.Deposits.Count;
                converted += outcome.Legs.Sum(leg => leg.Accounts?.Conversions.Count ?? 0);
                foreach (var deposit in outcome.Deposits) Within(bounds.Deposits.Single(one => ReferenceEquals(one.Message, deposit.Message)), deposit, seed);
                foreach (var end in outcome.Legs[0].Bitcoin!.Ends)
                {
                    var limit = bounds.OfOutputs(0, new HashSet<long> { end.Output })!.Value;
                    Assert.True(limit.Holds((UInt128)end.Tainted), $"seed {seed}, output {end.Output}: {end.Tainted} is not within {limit}");
                }
            }
        }

        Assert.True(crossed > 60, "too little crossed to say anything");
        Assert.True(converted > 40 == swaps, $"{converted} conversions");
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_swap_between_the_crossings_carries_the_theft_and_leaves_the_pool_clean(Policy policy)
    {
        using var planted = new PlantedJourney(swap: true);
        var pool = planted.Ethereum.FindAccount(PlantedJourney.Pool)!.Value;
        var read = Journey.Trace(planted.Query(conversions: true), policy);
        Assert.True(read.IsComplete);
        var leg = read.Legs[1].Accounts!;
        Assert.Equal(2, leg.Conversions.Count);
        Assert.DoesNotContain(leg.Ends, end => end.Account == pool);
        Assert.Equal([0, 1], read.Deposits.Select(deposit => deposit.Message.Ledger));
        Assert.False(read.Deposits[1].Outs[0].Tainted.IsZero);
        // Without reading it, ether stays ether, and some of the theft is the pool's.
        var plain = Journey.Trace(planted.Query(conversions: false), Policy.Haircut).Legs[1].Accounts!;
        Assert.Contains(plain.Ends, end => end.Account == pool && !end.Tainted.IsZero);
    }

    private static void Within(DepositBounds limits, BridgeDeposit deposit, int seed)
    {
        Assert.True(limits.Tainted.Holds(deposit.Tainted), $"seed {seed}: {deposit.Tainted} is not within {limits.Tainted}");
        foreach (var (figure, limit) in deposit.Outs.Zip(limits.Outs)) Assert.True(limit.Tainted.Holds(figure.Tainted), $"seed {seed}: {figure.Tainted} is not within {limit.Tainted}");
    }

    private static void NoValueIsMade(BridgeDeposit deposit)
    {
        Assert.True(deposit.Tainted <= deposit.Amount);
        foreach (var group in deposit.Outs.GroupBy(one => (one.Link.Destination.Ledger, one.Carrier.Asset)))
        {
            var (all, stolen) = (group.Aggregate(BigInteger.Zero, (sum, one) => sum + one.Carrier.Amount), group.Aggregate(BigInteger.Zero, (sum, one) => sum + one.Tainted));
            Assert.Equal(all * deposit.Tainted / deposit.Amount, stolen);
        }
    }

    [Fact]
    public void A_report_keeps_its_schema_and_its_digest_and_is_the_same_twice()
    {
        using var planted = new PlantedJourney(refundPart: true);
        var query = planted.Query();
        JourneyOutcome[] outcomes = [Journey.Trace(query, Policy.Fifo), Journey.Trace(query, Policy.Haircut)];
        var report = JourneyReport.Of(query, outcomes, Journey.Bounds(query));
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "haetae.journey.1.schema.json")))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(report, schema));
        Assert.Equal(CanonicalJson.Digest(report), report["digest"]!.GetValue<string>());
        using var again = new PlantedJourney(refundPart: true);
        var other = again.Query();
        Assert.Equal(CanonicalJson.Bytes(report), CanonicalJson.Bytes(JourneyReport.Of(other, [Journey.Trace(other, Policy.Fifo), Journey.Trace(other, Policy.Haircut)], Journey.Bounds(other))));
    }

    [Fact]
    public void Without_an_out_the_money_stays_parked_and_the_reason_is_told()
    {
        using var planted = new PlantedJourney(null, withMemoOut: false);
        var outcome = Journey.Trace(planted.Query(), Policy.Haircut);
        var deposit = Assert.Single(outcome.Deposits);
        Assert.Empty(deposit.Outs);
        Assert.Contains("no out", deposit.Why, StringComparison.Ordinal);
        Assert.Equal(EndAt(outcome, planted.DepositOutput), (long)deposit.Tainted.Lower);
    }

    [Fact]
    public void A_streamed_swap_has_several_outs_and_each_takes_its_share()
    {
        using var planted = new PlantedJourney(null, streamed: true);
        var deposit = Journey.Trace(planted.Query(), Policy.Fifo).Deposits[0];
        Assert.Equal(3, deposit.Outs.Count);
        Assert.Equal(3, deposit.Outs.Select(one => one.Carrier.Number).Distinct().Count());
    }

    [Fact]
    public void A_refund_comes_back_on_the_chain_it_left()
    {
        using var planted = new PlantedJourney(null, refundPart: true);
        var deposit = Journey.Trace(planted.Query(), Policy.Haircut).Deposits[0];
        var refund = deposit.Outs.Single(one => one.Link.Destination.End == BridgeEnd.Refund);
        Assert.Equal((0, planted.Refunded), (refund.Link.Destination.Ledger, (long)refund.Carrier.Amount.Lower));
        Assert.Equal(2, deposit.Outs.Count);
    }

    // The router's event is one that a real one emits; only what it pays is not what was asked for.
    [Theory]
    [InlineData("ETH.USDC-0XA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48")]
    [InlineData("ETH.USDC-B48")]
    [InlineData("ETH.USDC")]
    public void An_out_in_another_asset_than_the_memo_asks_for_is_doubted_and_not_followed(string asks)
    {
        using var planted = new PlantedJourney(asks: asks);
        var query = planted.Query();
        var link = query.Match.Links.Single(one => one.Source.Ledger == 0);
        Assert.Equal((500, 0, false), (link.PerMille, link.Rivals, link.IsCertain));
        Assert.Contains($"asks for {asks}, and the out pays eip155:1/slip44:60", Assert.Single(link.Doubts), StringComparison.Ordinal);
        var outcome = Journey.Trace(query, Policy.Haircut);
        var deposit = Assert.Single(outcome.Deposits);
        Assert.Empty(deposit.Outs);
        Assert.Same(link, Assert.Single(deposit.Doubtful));
        Assert.Contains("in doubt and not followed", deposit.Why, StringComparison.Ordinal);
        Assert.Equal(EndAt(outcome, planted.DepositOutput), (long)deposit.Tainted.Lower);
        var report = JourneyReport.Of(query, [outcome], Journey.Bounds(query));
        Assert.Empty(SchemaCheck.Errors(report, JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "haetae.journey.1.schema.json")))!.AsObject()));
        Assert.Equal("500", report["results"]![0]!["deposits"]![0]!["doubtful"]![0]!["perMille"]!.ToJsonString());
    }

    [Fact]
    public void A_refund_is_no_swap_whatever_the_memo_asked_for()
    {
        using var planted = new PlantedJourney(refundPart: true, asks: "ETH.USDC");
        var deposit = Journey.Trace(planted.Query(), Policy.Haircut).Deposits[0];
        var refund = Assert.Single(deposit.Outs).Link;
        Assert.Equal(BridgeEnd.Refund, refund.Destination.End);
        Assert.True(refund.IsCertain);
        Assert.Contains(refund.Evidence, line => line.StartsWith("a refund", StringComparison.Ordinal));
        Assert.Single(deposit.Doubtful);
        Assert.Null(deposit.Why);
    }

    [Fact]
    public void A_memo_to_an_address_nobody_names_is_no_deposit()
    {
        using var planted = new PlantedJourney();
        var query = planted.Query(nameVaults: false);
        var outcome = Journey.Trace(query, Policy.Haircut);
        Assert.Empty(outcome.Deposits);
        Assert.Contains(query.Match.Alone, alone => alone.Why.Contains("name the address", StringComparison.Ordinal));
    }

    [Fact]
    public void One_round_is_named_as_too_few()
    {
        using var planted = new PlantedJourney();
        var outcome = Journey.Trace(planted.Query() with { MaxRounds = 1 }, Policy.Haircut);
        Assert.False(outcome.IsComplete);
    }

    private static long EndAt(JourneyOutcome outcome, long output) => outcome.Legs[0].Bitcoin!.Ends.Single(end => end.Output == output).Tainted;
}
