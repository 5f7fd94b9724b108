using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>A step that touches an account where taint can be.</summary>
/// <param name="From">Whose money could be tainted; null: the payer's is clean.</param>
/// <param name="To">Which followed account it reaches; null: none that could hold taint.</param>
/// <param name="IsFollowed">Whether taint goes on to <paramref name="To"/>; otherwise what comes there counts as clean.</param>
/// <param name="End">Why taint goes no further; null: it does, or it is paid to nobody or as a fee.</param>
/// <param name="Stolen">The part of it that is a seed.</param>
/// <param name="Exchange">The exchange it belongs to.</param>
internal readonly record struct Step(Move Move, Purse? From, Purse? To, bool IsFollowed, AccountEndReason? End, UInt256 Stolen, Exchange? Exchange);

/// <summary>Is told of every step that touches an account where taint can be.</summary>
internal interface IMoveRecorder
{
    /// <summary>Taint can be in a purse from now on.</summary>
    /// <param name="clean">What it held before, or holds again after its taint was gone.</param>
    void Open(Purse purse, UInt256 clean);

    void Record(in Step step);
}
