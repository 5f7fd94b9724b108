using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>Is told of every step that touches an account where taint can be.</summary>
internal interface IMoveRecorder
{
    /// <param name="move">The step.</param>
    /// <param name="from">Whose money could be tainted; null: the payer's is clean.</param>
    /// <param name="to">Where it is followed to; null: it is not.</param>
    /// <param name="end">Why it goes no further; null: it does, or none of it is tainted, or it is paid to nobody or as a fee.</param>
    /// <param name="stolen">The part of it that is a seed.</param>
    void Record(in Move move, Purse? from, Purse? to, AccountEndReason? end, UInt256 stolen);
}
