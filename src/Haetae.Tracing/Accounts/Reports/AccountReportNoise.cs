using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Noise;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>What was kept out of the picture of a trace: see <see cref="AccountNoise"/>.</summary>
/// <param name="Accounts">Accounts whose histories were looked at: those that the trace followed or ended at.</param>
/// <param name="LeftOut">Accounts where the trace stopped at a service, a mixer, a bridge or a contract not understood: what strangers send there is their business, and was not looked at.</param>
/// <param name="Kinds">In the order of the kinds; kinds without any are left out. Each transfer counts once.</param>
/// <param name="Terms">What counted as noise.</param>
public sealed record AccountReportNoise(int Accounts, int LeftOut, IReadOnlyList<AccountNoiseCount> Kinds, NoiseTerms Terms)
{
    public int Transfers => Kinds.Sum(kind => kind.Transfers);
}

/// <summary>Noise of one kind.</summary>
/// <param name="Tainted">So many of the transfers carried taint under some policy: the books and files hold them.</param>
/// <param name="Sums">What they moved, by asset: dust of known assets. Bait of nothing and of fake tokens has none.</param>
public sealed record AccountNoiseCount(NoiseKind Kind, int Transfers, int Tainted, IReadOnlyList<(AssetInfo Asset, UInt256 Amount)> Sums);

/// <summary>A payment of value to an account that looks like one used before: a suspicion, and never noise.</summary>
/// <param name="Meant">The account that the payer seems to have meant.</param>
/// <param name="Likeness">Equal letters of the two addresses at both ends.</param>
/// <param name="IsSeed">Whether it is one of the stolen transfers.</param>
public sealed record AccountPayOff(AccountMove Move, string Meant, Likeness Likeness, bool IsSeed);
