using Haetae.Ledger;
using Haetae.Tests.Support;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>The real rows of 2022 against figures that another program computed, to the wei.</summary>
public class RoninOracle
{
    private static readonly Policy[] s_columns = [Policy.Fifo, Policy.Lifo, Policy.Haircut, Policy.Tiho, Policy.DirtyFirst, Policy.CleanFirst, Policy.Poison];

    public static TheoryData<char, Policy> EveryColumn()
    {
        var columns = new TheoryData<char, Policy>();
        foreach (var policy in s_columns)
        {
            columns.Add('A', policy);
            columns.Add('B', policy);
        }

        return columns;
    }

    [SharedDataTheory]
    [MemberData(nameof(EveryColumn))]
    public void Every_group_and_hop_comes_out_to_the_wei(char scenario, Policy policy)
    {
        var rows = RoninRows.Read();
        var outcome = new AccountTracer(rows.Ledger).Trace(rows.Query(scenario), policy);
        var expected = RoninRows.Expected(scenario);
        Assert.Equal(28, expected.Count);
        var found = expected.Keys.ToDictionary(name => name, _ => UInt256.Zero, StringComparer.Ordinal);
        var graph = rows.Ledger.Graph;
        foreach (var (transfer, tainted) in outcome.Flow)
        {
            var hop = rows.HopTo(graph.To[transfer]);
            if (hop is not null) found[hop] += tainted;
            else
            {
                found[rows.GroupOf(graph.From[transfer], graph.To[transfer])] += tainted;
                found["left the eight"] += tainted;
            }
        }

        foreach (var end in outcome.Ends.Where(end => end.Reason == AccountEndReason.Held))
        {
            found[rows.RestAt(end.Account)] += end.Tainted;
            found["stays in the eight"] += end.Tainted;
        }

        var column = Array.IndexOf(s_columns, policy);
        Assert.Equal(expected.Select(one => $"{one.Key} {one.Value[column]}"), expected.Keys.Select(name => $"{name} {found[name]}"));
    }

    [SharedDataTheory]
    [MemberData(nameof(EveryColumn))]
    public void The_books_balance_and_every_assumed_opening_is_zero(char scenario, Policy policy)
    {
        var rows = RoninRows.Read();
        var outcome = new AccountTracer(rows.Ledger).Trace(rows.Query(scenario), policy);
        var book = Assert.Single(outcome.Books);
        Assert.Equal(RoninRows.Wei(scenario == 'A' ? "173600" : "182164.6801891307459"), book.Seeds);
        if (PolicyNames.Conserves(policy)) Assert.Equal(book.Seeds, book.Held + book.Parked + book.Fees + book.Destroyed + book.Absorbed + book.Cut);
        Assert.Equal(8, outcome.Openings.Count);
        Assert.All(outcome.Openings, opening => Assert.Equal((UInt256.Zero, false), (opening.Amount, opening.Known)));
        Assert.All(outcome.Ends, end => Assert.Contains(end.Reason, new[] { AccountEndReason.Held, AccountEndReason.Outside }));
    }
}
