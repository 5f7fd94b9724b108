using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Cli.Demo;

/// <summary>What each rule says of each group of destinations, for one reading of what was stolen, and what holds under any rule.</summary>
/// <param name="Seed">Base units stolen under this reading.</param>
/// <param name="Jointly">The least and most of the two groups of March taken together.</param>
internal sealed record RoninRules(RowTheft Theft, UInt256 Seed, IReadOnlyList<GroupFigures> Groups, GroupFigures Jointly)
{
    internal static RoninRules Of(AccountPart part, RowsLedger ledger, RowTheft theft, CancellationToken cancel)
    {
        var table = ledger.Table;
        var query = RowTraces.QueryOf(part, ledger, theft);
        var tracer = new AccountTracer(table);
        var outcomes = Policies.Select(policy => tracer.Trace(query, policy, cancel)).ToList();
        var bounds = new AccountBounds(table, query, cancellation: cancel);
        var groups = new List<GroupFigures>();
        foreach (var group in part.Groups)
        {
            var transfers = Transfers(ledger, part, [group]);
            groups.Add(Figures(group.Id, group.Title, outcome => Carried(outcome, transfers), Places([group])));
        }

        foreach (var address in part.Followed)
        {
            var account = table.FindAccount(AccountAddress.Parse(address))!.Value;
            groups.Add(Figures("R " + address[..6], "Stays at " + RoninText.Short(address), outcome => Held(outcome, account), [new AccountPlace(account, 0)]));
        }

        var five = part.Groups.Where(group => group.Id is "G2a" or "G2b").ToList();
        var march = Transfers(ledger, part, five);
        var jointly = Figures("G2", "All five wallets of March, together", outcome => Carried(outcome, march), Places(five));
        return new RoninRules(theft, theft.Seeds.Aggregate(UInt256.Zero, (sum, seed) => sum + seed.Stolen), groups, jointly);

        uint AccountOf(string address) => table.FindAccount(AccountAddress.Parse(address))!.Value;

        IEnumerable<AccountPlace> Places(IEnumerable<RowGroup> asked) =>
            asked.SelectMany(group => group.Payers.SelectMany(payer => group.Payees.Select(payee => new AccountPlace(AccountOf(payee), 0, AccountOf(payer)))));

        GroupFigures Figures(string id, string title, Func<AccountOutcome, UInt256> figure, IEnumerable<AccountPlace> places)
        {
            var bound = bounds.Of(places, cancel).Single();
            return new GroupFigures(id, title, [.. outcomes.Select(outcome => (outcome.Policy, figure(outcome)))], bound.Least, bound.Most);
        }
    }

    private static IReadOnlyList<Policy> Policies { get; } = [Policy.Fifo, Policy.Lifo, Policy.Haircut, Policy.Tiho, Policy.Tilo, Policy.DirtyFirst, Policy.CleanFirst, Policy.Poison];

    private static HashSet<long> Transfers(RowsLedger ledger, AccountPart part, IEnumerable<RowGroup> groups)
    {
        var transfers = new HashSet<long>();
        foreach (var group in groups)
            for (var i = 0; i < part.Rows.Items.Count; i++)
                if (!part.Rows.Items[i].Amount.IsZero && group.Payers.Contains(part.Rows.Items[i].From) && group.Payees.Contains(part.Rows.Items[i].To)) transfers.Add(ledger.TransferOfRow[i]);
        return transfers;
    }

    private static UInt256 Carried(AccountOutcome outcome, HashSet<long> transfers) =>
        outcome.Flow.Where(flow => transfers.Contains(flow.Transfer)).Aggregate(UInt256.Zero, (sum, flow) => sum + flow.Tainted);

    private static UInt256 Held(AccountOutcome outcome, uint account) =>
        outcome.Ends.Where(end => end.Account == account && end.Reason == AccountEndReason.Held).Aggregate(UInt256.Zero, (sum, end) => sum + end.Tainted);
}

/// <summary>One group of destinations: each rule's figure, and the least and most under any rule, base units.</summary>
internal sealed record GroupFigures(string Id, string Title, IReadOnlyList<(Policy Policy, UInt256 Amount)> ByPolicy, UInt256 Least, UInt256 Most);
