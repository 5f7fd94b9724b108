using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Intel.Cases.Accounts;

/// <summary>Runs the traces of a case that rests on rows, and holds its digests against them.</summary>
public static class RowTraces
{
    /// <summary>So many destinations get bounds.</summary>
    public const int Destinations = 20;

    /// <summary>What to follow for one reading of what was stolen: only the addresses whose rows are all here.</summary>
    /// <exception cref="IntelException">A seed or an address is none.</exception>
    public static AccountQuery QueryOf(AccountPart part, RowsLedger ledger, RowTheft theft) => new()
    {
        Seeds = [.. theft.Seeds.Select(seed => new StolenTransfer(ledger.TransferOf(seed), seed.Stolen))],
        Within = part.Followed.Select(text => AccountAddress.TryParse(text, out var address, out _) && ledger.Table.FindAccount(address) is { } account
            ? account : throw new IntelException($"case.accounts.followed: '{text}' is in none of the rows.")).ToHashSet(),
        ReadConversions = false, // one asset: what was given for another is not in the rows
    };

    /// <summary>Traces one theft under every policy, named by the case's tags.</summary>
    /// <exception cref="IntelException">The case holds no such theft.</exception>
    public static AccountReport Run(CaseDocument document, string name, CancellationToken cancel = default)
    {
        var part = document.Accounts ?? throw new IntelException("The case rests on no rows.");
        var theft = part.Thefts.FirstOrDefault(one => one.Name == name)
            ?? throw new IntelException($"The case holds no theft '{name}'; it holds {string.Join(", ", part.Thefts.Select(one => one.Name))}.");
        var ledger = RowsLedger.Of(part, document.Head.Chain);
        var query = QueryOf(part, ledger, theft);
        var graph = ledger.Table.Graph;
        var parameters = new AccountParameters(
            [.. query.Seeds.Select(seed => FormattableString.Invariant($"{graph.TxId[graph.TransactionOf(seed.Transfer)]}:{seed.Transfer - graph.TxFirstTransfer[graph.TransactionOf(seed.Transfer)]}"))],
            [.. AccountTracer.Policies.Select(PolicyNames.NameOf)])
        {
            Within = [.. part.Followed.Select(address => ledger.Table.Chain.Show(AccountAddress.Parse(address)))],
            Conversions = false,
            Bounds = Destinations,
        };
        return new AccountReportBuilder(ledger.Table, null).Build(query, AccountTracer.Policies, parameters, null, cancel);
    }

    /// <summary>Runs every trace of the case again.</summary>
    /// <returns>The claims that do not hold, the first first; none: all do.</returns>
    public static IReadOnlyList<string> Check(CaseDocument document, CancellationToken cancel = default)
    {
        var wrong = new List<string>();
        var traces = document.Accounts!.Traces;
        if (traces.Count == 0) wrong.Add("case.accounts.traces: there is none, so there is nothing to check");
        for (var i = 0; i < traces.Count; i++)
        {
            try
            {
                var digest = AccountReportJson.Digest(Run(document, traces[i].Theft, cancel));
                if (digest != traces[i].Digest) wrong.Add(FormattableString.Invariant($"case.accounts.traces[{i}]: theft '{traces[i].Theft}' gives the result {digest}, where the case states {traces[i].Digest}"));
            }
            catch (Exception fault) when (fault is IntelException or LedgerException or ArgumentException or OverflowException)
            {
                wrong.Add(FormattableString.Invariant($"case.accounts.traces[{i}]: {fault.Message}"));
            }
        }

        return wrong;
    }
}
