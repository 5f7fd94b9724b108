using Haetae.Ledger;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts.Reports;

public class BoundedDestinations
{
    [Fact]
    public void A_destination_that_only_another_policy_reaches_is_bounded_too()
    {
        var scene = new Scene();
        scene.Opening("thief", "USDC", 100);
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 50 USDC friend");
        var report = new AccountReportBuilder(scene.Ledger, null).Build(scene.Query((seed, 100)), [Policy.Fifo, Policy.Lifo], new AccountParameters([], ["fifo", "lifo"]) { Bounds = 20 }, null);
        var friend = Assert.Single(report.Bounds, bound => bound.Address == scene.Ledger.Chain.Show(Scene.Address("friend")));
        Assert.Equal(((UInt256)0, (UInt256)50), (friend.Least, friend.Most));
        var one = new AccountReportBuilder(scene.Ledger, null).Build(scene.Query((seed, 100)), [Policy.Fifo], new AccountParameters([], ["fifo"]) { Bounds = 20 }, null);
        Assert.Single(one.Bounds);
    }
}
