using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>Follows stolen money on an account chain.</summary>
/// <remarks>
/// Money is followed per account and asset, in chain order, and only where it is tainted: the cost follows the transfers of the accounts that
/// hold taint. What an account held before is one clean piece (<see cref="OpeningBalance"/>). The rules, what each assumes and when it errs: docs/methods.md,
/// "Account chains". The same ledger, query and policy give the same outcome on every machine.
/// </remarks>
public sealed class AccountTracer(IAccountView view)
{
    /// <summary>The policies that account chains have: all but the one that exists to compare figures with BlockSci's, which knows no accounts.</summary>
    public static IReadOnlyList<Policy> Policies { get; } = [.. PolicyNames.All.Where(policy => policy != Policy.HaircutBlockSci)];

    /// <summary>Follows a theft under a policy.</summary>
    /// <exception cref="ArgumentException">A seed is none, or the policy has no meaning on accounts.</exception>
    /// <exception cref="OperationCanceledException">The caller took it back.</exception>
    public AccountOutcome Trace(AccountQuery query, Policy policy, CancellationToken cancellation = default)
    {
        if (!Policies.Contains(policy))
            throw new ArgumentException($"{PolicyNames.NameOf(policy)} does not exist on account chains: BlockSci reads Bitcoin only. Take haircut.", nameof(policy));
        return policy is Policy.Tiho or Policy.Tilo ? new HistoryRun(view, query, policy).Run(cancellation) : new AccountRun(view, query, policy).Run(cancellation);
    }
}
