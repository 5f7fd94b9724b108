namespace Haetae.Ledger.Storage;

/// <summary>Reading a ledger from which a writer may take blocks back meanwhile: an answer is of one branch, or an error.</summary>
/// <param name="folder">The ledger's, as the error names it.</param>
/// <param name="isReorganised">Whether anything was taken back since the ledger was opened.</param>
/// <remarks>The manifest goes first when blocks are taken back, so what was read before <paramref name="isReorganised"/> said no is of one branch.</remarks>
internal sealed class OneBranch(string folder, Func<bool> isReorganised)
{
    /// <summary>Asks what takes several reads.</summary>
    /// <exception cref="LedgerException">Something was taken back meanwhile; whatever else went wrong is put down to that.</exception>
    internal T Read<T>(Func<T> ask)
    {
        try
        {
            var answer = ask();
            if (!isReorganised()) return answer;
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException && isReorganised())
        {
            // numbers of one branch looked up in the columns of another lead anywhere
        }

        throw NoLongerThere();
    }

    /// <summary>Why a stored block may differ from what was written without being damaged: the writer took it back. Null: it did not.</summary>
    internal LedgerException? Reason() => isReorganised() ? NoLongerThere() : null;

    private LedgerException NoLongerThere() =>
        new($"The chain was reorganised while the ledger '{folder}' was being read: what was open is no longer there. Run the command again.");
}
