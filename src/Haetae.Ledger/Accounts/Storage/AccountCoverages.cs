namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Of which accounts a ledger says how much of their history it holds: a byte for each, up to the last of which something is said.</summary>
internal sealed class AccountCoverages
{
    private const byte Usual = 0; // nothing is said; else 1 + the coverage
    private byte[] _said = [];
    private uint _count;

    /// <summary>Reads what was written; the accounts it speaks of were checked to be there.</summary>
    internal static AccountCoverages Of(IEnumerable<CoverageStatement> statements)
    {
        var coverages = new AccountCoverages();
        foreach (var one in statements) coverages.Set(one.Account, one.Following, one.Coverage);
        return coverages;
    }

    /// <summary>What is said of an account; null: nothing.</summary>
    internal Coverage? this[uint account] => account < _count && _said[account] != Usual ? (Coverage)(_said[account] - 1) : null;

    /// <summary>Says it of an account, and of so many that follow it.</summary>
    internal void Set(uint account, uint following, Coverage coverage)
    {
        var end = (long)account + following + 1;
        if (end > Array.MaxLength) throw new LedgerException(FormattableString.Invariant($"A ledger can tell the coverage of its first {Array.MaxLength:#,0} accounts only. Begin another one, in another folder."));
        if (end > _said.Length) Array.Resize(ref _said, (int)Math.Max(end, Math.Min(2L * _said.Length, Array.MaxLength)));
        _said.AsSpan((int)account, (int)following + 1).Fill((byte)(1 + (byte)coverage));
        _count = Math.Max(_count, (uint)end);
    }

    /// <summary>Says nothing more of accounts from here on.</summary>
    internal void CutTo(uint accounts)
    {
        if (accounts >= _count) return;
        _said.AsSpan((int)accounts, (int)(_count - accounts)).Clear();
        _count = accounts;
    }

    /// <summary>What is said, accounts in a row of which the same is said together.</summary>
    internal IEnumerable<CoverageStatement> Statements()
    {
        for (uint from = 0, end; from < _count; from = end)
        {
            for (end = from + 1; end < _count && _said[end] == _said[from];) end++;
            if (_said[from] != Usual) yield return new CoverageStatement(from, (Coverage)(_said[from] - 1), end - from - 1);
        }
    }
}
