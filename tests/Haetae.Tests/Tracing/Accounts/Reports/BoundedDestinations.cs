using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Reports;
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
        Assert.Empty(one.FeeBounds);
    }

    [Fact]
    public void Where_all_goes_to_fees_no_destination_has_bounds_and_the_reason_stands_beside_it()
    {
        var scene = new Scene();
        scene.Opening("thief", "ETH", 0);
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("thief 10 ETH fee");
        var report = Report(scene, seed, 10);
        Assert.Empty(report.Bounds);
        Assert.Contains("goes to fees", report.NoBounds, StringComparison.Ordinal);
        var fees = Assert.Single(report.FeeBounds);
        Assert.Equal(((UInt256)10, (UInt256)10, true), (fees.Least, fees.Most, fees.Tight));
        var json = Json(report);
        Assert.Equal("[]", json["bounds"]!.ToJsonString());
        Assert.Equal(report.NoBounds, json["noBounds"]!.GetValue<string>());
        Assert.Equal(("10", "10"), (json["feeBounds"]![0]!["least"]!.GetValue<string>(), json["feeBounds"]![0]!["figures"]![0]!["tainted"]!.GetValue<string>()));
        using var text = new StringWriter();
        AccountReportText.Write(report, text);
        Assert.Contains("No bounds: stolen money comes to rest nowhere", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("to fees", text.ToString(), StringComparison.Ordinal);
    }

    // 5 clean and 10 stolen, 3 paid for execution and 12 kept: no rule must pay a stolen unit, and none can pay more than 3.
    [Fact]
    public void Fees_are_a_place_of_their_own_with_a_least_and_a_most()
    {
        var scene = new Scene();
        scene.Opening("thief", "ETH", 5);
        var seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("thief 3 ETH fee");
        var fees = Assert.Single(Report(scene, seed, 10).FeeBounds);
        Assert.Equal(((UInt256)0, (UInt256)3), (fees.Least, fees.Most));
        scene = new Scene();
        scene.Opening("thief", "ETH", 5);
        seed = scene.Tx("!victim 10 ETH thief");
        scene.Tx("thief 8 ETH fee");
        fees = Assert.Single(Report(scene, seed, 10).FeeBounds);
        Assert.Equal(((UInt256)3, (UInt256)8), (fees.Least, fees.Most));
        Assert.All(fees.Figures, figure => Assert.InRange((int)figure.Amount.Lower, 3, 8));
    }

    private static AccountReport Report(Scene scene, long seed, ulong stolen) =>
        new AccountReportBuilder(scene.Ledger, null).Build(scene.Query((seed, stolen)), [Policy.Fifo, Policy.Haircut], new AccountParameters([], ["fifo", "haircut"]) { Bounds = 20 }, null);

    private static JsonNode Json(AccountReport report)
    {
        using var bytes = new MemoryStream();
        AccountReportJson.Write(report, bytes);
        var json = JsonNode.Parse(bytes.ToArray())!;
        Assert.Empty(SchemaCheck.Errors(json.AsObject(), JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "haetae.trace.1.accounts.schema.json")))!.AsObject()));
        return json;
    }
}
