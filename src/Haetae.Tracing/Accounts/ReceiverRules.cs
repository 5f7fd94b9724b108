using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts;

/// <summary>Whether taint that arrives somewhere is followed further.</summary>
internal sealed class ReceiverRules(IAccountView view, AccountQuery query)
{
    private readonly Dictionary<uint, bool> _uncovered = [];
    private bool? _someAreComplete;

    /// <summary>Why taint that a transfer brings to an account goes no further; null: it does.</summary>
    public AccountEndReason? EndAt(uint account, long transfer)
    {
        if (query.Stops?.At(transfer) is { } stopped) return stopped;
        if (query.Within is { } within && !within.Contains(account)) return AccountEndReason.Outside;
        return IsUncovered(account) ? AccountEndReason.Uncovered : null;
    }

    private bool IsUncovered(uint account)
    {
        if (_uncovered.TryGetValue(account, out var known)) return known;
        var uncovered = view.CoverageOf(account) != Coverage.Complete && SomeAreComplete();
        _uncovered.Add(account, uncovered);
        return uncovered;
    }

    private bool SomeAreComplete()
    {
        if (_someAreComplete is { } known) return known;
        var found = false;
        for (uint account = 0; !found && account < view.AccountCount; account++) found = view.CoverageOf(account) == Coverage.Complete;
        _someAreComplete = found;
        return found;
    }
}
