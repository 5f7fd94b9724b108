using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>What is noise among the transfers of some accounts, and what only looks like it.</summary>
public static class AccountNoise
{
    /// <summary>Looks at a set of accounts: at each for look-alikes (<see cref="LookAlikes"/>), at all together for dust of strangers (<see cref="UnsolicitedDust"/>).</summary>
    /// <param name="ledger">Where they are.</param>
    /// <param name="accounts">By number; each a victim or a thief whose history is to be read.</param>
    /// <param name="terms">Null: <see cref="NoiseTerms.Usual"/> of the chain.</param>
    /// <param name="cancel">Ends it between two accounts.</param>
    public static NoiseFindings Of(IAccountView ledger, IReadOnlySet<uint> accounts, NoiseTerms? terms = null, CancellationToken cancel = default)
    {
        terms ??= NoiseTerms.Usual(ledger.Chain);
        var found = new List<NoiseFinding>();
        var acts = new AccountActs(ledger, terms);
        var fake = FakeSymbols.Of(ledger.Assets, terms);
        foreach (var account in accounts.Order())
        {
            cancel.ThrowIfCancellationRequested();
            found.AddRange(LookAlikes.Of(ledger, account, terms, acts, fake));
        }

        // Bait says more than dust: a transfer known as the one is not told again as the other.
        HashSet<long> told = [.. found.Select(finding => finding.Transfer)];
        found.AddRange(UnsolicitedDust.Of(ledger, accounts, terms).Where(finding => !told.Contains(finding.Transfer)));
        return new NoiseFindings(terms, [.. found.OrderBy(finding => finding.Transfer).ThenBy(finding => finding.Account)]);
    }
}
