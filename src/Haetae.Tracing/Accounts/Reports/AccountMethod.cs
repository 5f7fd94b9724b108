using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>How a policy reckons on accounts, in one sentence with what it takes for granted; the titles are those of Bitcoin.</summary>
public static class AccountMethod
{
    public static PolicyMethod Of(string policy) => new(PolicyMethod.Of(policy).Title, policy switch
    {
        "fifo" => "First in, first out: what an account received first leaves it first; it assumes that an account is a queue, which no chain enforces.",
        "lifo" => "Last in, first out: what an account received last leaves it first; it assumes the reverse of FIFO.",
        "haircut" => "Pro rata: each payment carries stolen money in the proportion in which the account holds it, rounded down in base units, the remainder stays; it assumes that mixed money cannot be told apart.",
        "tiho" => "Highest out: over an account's whole history the largest payment carries as much stolen money as it can, then the next, and no more has left than had come in; it assumes that the thief pays with the big part. Retrospective.",
        "tilo" => "Lowest out: the mirror image of highest out. Retrospective.",
        "dirty-first" => "Payments carry stolen money before clean money; it assumes that whoever pays spends the stolen money first.",
        "clean-first" => "Lowest intermediate balance: clean money is spent first, and clean money that comes later does not make good what was lost; it assumes that a wrongdoer spends his own money first.",
        "poison" => "From the first stolen receipt on, everything the account holds and sends counts as tainted; figures only say what was reached.",
        _ => PolicyMethod.Of(policy).Statement,
    });
}
