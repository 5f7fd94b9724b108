using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>Laws that hold on every account ledger, tried on thousands of random ones.</summary>
public class AccountsOnRandomGraphs
{
    public static TheoryData<Policy> EveryPolicy() => [.. AccountTracer.Policies];

    public static TheoryData<Policy> Conserving() => [.. AccountTracer.Policies.Where(PolicyNames.Conserves)];

    public static TheoryData<Policy> InOrder() => [.. AccountTracer.Policies.Where(policy => policy is not (Policy.Tiho or Policy.Tilo))];

    [Theory]
    [MemberData(nameof(InOrder))]
    public void The_engine_agrees_with_its_slow_twin(Policy policy) => RandomAccounts.ForEach(1000, made =>
    {
        var query = made.Query with { ReadConversions = false };
        var outcome = new AccountTracer(made.Scene.Ledger).Trace(query, policy);
        Assert.Equal(new SlowAccounts(made.Scene.Ledger, query, policy).Text, SlowAccounts.TextOf(outcome));
    });

    [Theory]
    [InlineData(Policy.Tiho)]
    [InlineData(Policy.Tilo)]
    public void Without_circles_tiho_and_tilo_agree_with_their_slow_twin(Policy policy) => RandomAccounts.ForEach(800, made =>
    {
        var query = made.Query with { ReadConversions = false };
        var outcome = new AccountTracer(made.Scene.Ledger).Trace(query, policy);
        Assert.Equal(new SlowHistories(made.Scene.Ledger, query, policy).Text, SlowHistories.TextOf(outcome));
    }, forward: true, limits: false);

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Books_close_with_exchanges_circles_and_limits(Policy policy) => RandomAccounts.ForEach(800, made =>
    {
        var outcome = new AccountTracer(made.Scene.Ledger).Trace(made.Query, policy);
        Scene.AssertBalanced(outcome);
        Assert.Equal(made.Query.Seeds.Aggregate(UInt256.Zero, (sum, seed) => sum + seed.Stolen), outcome.Books.Aggregate(UInt256.Zero, (sum, book) => sum + book.Seeds));
        foreach (var (transfer, tainted) in outcome.Flow.Where(_ => outcome.Conversions.Count == 0)) Assert.True(tainted <= made.Scene.Ledger.Graph.Amount[transfer]);
    }, exchanges: true);

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void No_account_holds_more_taint_than_money(Policy policy) => RandomAccounts.ForEach(800, made =>
    {
        var ledger = made.Scene.Ledger;
        foreach (var end in new AccountTracer(ledger).Trace(made.Query, policy).Ends.Where(end => end.Reason == AccountEndReason.Held))
        {
            var balance = SlowAccounts.LeastOpening(ledger, end.Account, end.Asset);
            for (var i = 0L; i < ledger.Graph.TransferCount; i++)
            {
                if (ledger.Graph.Asset[i] != end.Asset || ledger.Graph.From[i] == ledger.Graph.To[i]) continue;
                if (ledger.Graph.From[i] == end.Account) balance -= (long)(ulong)ledger.Graph.Amount[i].Lower;
                if (ledger.Graph.To[i] == end.Account) balance += (long)(ulong)ledger.Graph.Amount[i].Lower;
            }

            Assert.InRange((long)(ulong)end.Tainted.Lower, 1, balance);
        }
    }, exchanges: true, limits: false);

    [Theory]
    [MemberData(nameof(Conserving))]
    public void Every_rule_lies_inside_the_bounds_also_behind_exchanges(Policy policy) => RandomAccounts.ForEach(600, made =>
    {
        var query = made.Query with { MinValue = null, MaxTransactions = null };
        var outcome = new AccountTracer(made.Scene.Ledger).Trace(query, policy);
        var bounds = new AccountBounds(made.Scene.Ledger, query);
        var dice = new Dice((ulong)made.Seed + 77);
        var asked = Enumerable.Range(0, (int)made.Scene.Ledger.AccountCount).Where(_ => dice.OneIn(2)).Select(account => (uint)account).ToHashSet();
        foreach (var asset in Enumerable.Range(0, made.Scene.Ledger.Assets.Count).Select(asset => (uint)asset))
        {
            var bound = bounds.Of(asked.Select(account => new AccountPlace(account, asset)));
            var figure = outcome.Ends.Where(end => end.Asset == asset && asked.Contains(end.Account)).Aggregate(UInt256.Zero, (sum, end) => sum + end.Tainted);
            if (bound.Count == 0) continue;
            Assert.True(bound[0].Holds(figure), $"{figure} is not from {bound[0].Least} to {bound[0].Most}");
        }
    }, exchanges: true);

    [Theory]
    [MemberData(nameof(Conserving))]
    public void The_fees_of_every_rule_lie_inside_their_bounds(Policy policy)
    {
        var paid = 0;
        RandomAccounts.ForEach(600, made =>
        {
            var query = made.Query with { MinValue = null, MaxTransactions = null };
            var outcome = new AccountTracer(made.Scene.Ledger).Trace(query, policy);
            var bounds = new AccountBounds(made.Scene.Ledger, query).OfFees().ToDictionary(bound => bound.Asset);
            foreach (var book in outcome.Books)
            {
                if (!book.Fees.IsZero) paid++;
                var bound = bounds.GetValueOrDefault(book.Asset);
                Assert.True(bound.Holds(book.Fees), $"{book.Fees} is not from {bound.Least} to {bound.Most}");
            }
        }, exchanges: true);
        Assert.True(paid > 20, $"only {paid} books had fees");
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void A_second_run_says_the_same(Policy policy) => RandomAccounts.ForEach(200, made =>
    {
        var (first, second) = (new AccountTracer(made.Scene.Ledger).Trace(made.Query, policy), new AccountTracer(made.Scene.Ledger).Trace(made.Query, policy));
        Assert.Equal(first.Ends, second.Ends);
        Assert.Equal(first.Flow, second.Flow);
        Assert.Equal(first.Books, second.Books);
        Assert.Equal(first.Conversions, second.Conversions);
    }, exchanges: true);

    [Fact]
    public void A_payment_filled_by_the_tree_takes_what_trying_every_amount_finds()
    {
        for (var seed = 0; seed < 4000; seed++)
        {
            var dice = new Dice((ulong)seed);
            var payments = new List<Outgoing>();
            UInt256 tainted = 0, clean = 0, paid = 0;
            for (var i = 0; i < 1 + dice.Below(6); i++)
            {
                tainted += (ulong)dice.Below(4);
                clean += (ulong)dice.Below(4);
                var amount = (UInt256)(ulong)dice.Below(1 + (long)(ulong)(tainted + clean - paid).Lower);
                paid += amount;
                payments.Add(new Outgoing(amount, tainted, clean, dice.OneIn(5)));
            }

            Assert.Equal(SlowHistories.Fill(payments, seed % 2 == 0), HistoryFill.Fill(payments, seed % 2 == 0));
        }
    }

    [Fact]
    public void Amounts_of_any_width_are_filled_alike()
    {
        Outgoing Of(UInt256 amount, UInt256 tainted, UInt256 clean) => new(amount, tainted, clean, false);
        var unit = new UInt256((UInt128)1 << 100, 0);
        var narrow = HistoryFill.Fill([Of(3, 5, 2), Of(4, 5, 4)], true);
        var wide = HistoryFill.Fill([Of(Times(3), Times(5), Times(2)), Of(Times(4), Times(5), Times(4))], true);
        Assert.Equal(narrow.Select(amount => Times((ulong)amount.Lower)), wide);

        UInt256 Times(ulong count) => Enumerable.Range(0, (int)count).Aggregate(UInt256.Zero, (sum, _) => sum + unit);
    }
}
