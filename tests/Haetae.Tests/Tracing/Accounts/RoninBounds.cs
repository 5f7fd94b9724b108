using Haetae.Ledger;
using Haetae.Tests.Support;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>Bounds on the real rows of 2022 against figures that another program computed, to the wei.</summary>
public class RoninBounds
{
    [SharedDataTheory]
    [InlineData('A')]
    [InlineData('B')]
    public void Least_and_most_of_every_group_come_out_to_the_wei(char scenario)
    {
        var rows = RoninRows.Read();
        var bounds = new AccountBounds(rows.Ledger, rows.Query(scenario));
        Assert.Null(bounds.NotComputed);
        var expected = RoninRows.Expected(scenario).Where(one => one.Key.StartsWith('G') || one.Key.StartsWith('R')).ToArray();
        Assert.Equal(19, expected.Length);
        var groups = PlacesByGroup(rows, scenario);
        foreach (var (name, figures) in expected)
        {
            var bound = Assert.Single(bounds.Of(groups[name]));
            Assert.Equal((name, figures[^2], figures[^1], true), (name, bound.Least, bound.Most, bound.IsTight));
        }
    }

    [SharedDataFact]
    public void What_left_in_March_is_stolen_but_for_the_clean_ether_under_any_rule()
    {
        var rows = RoninRows.Read();
        var groups = PlacesByGroup(rows, 'B');
        AccountPlace[] march = [.. groups["G2a"], .. groups["G2b"]];
        var with = Assert.Single(new AccountBounds(rows.Ledger, rows.Query('B')).Of(march));
        Assert.Equal((RoninRows.Wei("6248.9431"), RoninRows.Wei("6250")), (with.Least, with.Most));
        var without = Assert.Single(new AccountBounds(rows.Ledger, rows.Query('A')).Of(march));
        Assert.Equal((UInt256.Zero, RoninRows.Wei("6250")), (without.Least, without.Most));
    }

    [SharedDataFact]
    public void A_ledger_beyond_the_limit_is_refused_with_the_limit_and_the_way_out()
    {
        var rows = RoninRows.Read();
        var bounds = new AccountBounds(rows.Ledger, rows.Query('A'), mostSteps: 20);
        Assert.Contains("more than 20 transfers", bounds.NotComputed, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => bounds.Of([new AccountPlace(0, 0)]));
    }

    private static Dictionary<string, HashSet<AccountPlace>> PlacesByGroup(RoninRows rows, char scenario)
    {
        var groups = new Dictionary<string, HashSet<AccountPlace>>(StringComparer.Ordinal);
        var outcome = new AccountTracer(rows.Ledger).Trace(rows.Query(scenario), Policy.Poison);
        var graph = rows.Ledger.Graph;
        foreach (var (transfer, _) in outcome.Flow)
        {
            if (rows.HopTo(graph.To[transfer]) is null) Add(rows.GroupOf(graph.From[transfer], graph.To[transfer]), new AccountPlace(graph.To[transfer], 0, graph.From[transfer]));
        }

        foreach (var end in outcome.Ends.Where(end => end.Reason == AccountEndReason.Held)) Add(rows.RestAt(end.Account), new AccountPlace(end.Account, 0));
        return groups;

        void Add(string group, AccountPlace place)
        {
            if (!groups.TryGetValue(group, out var places)) groups.Add(group, places = []);
            places.Add(place);
        }
    }
}
