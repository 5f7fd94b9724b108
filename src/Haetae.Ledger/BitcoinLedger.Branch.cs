using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <content>Telling when blocks were taken back under a reader.</content>
public sealed partial class BitcoinLedger
{
    /// <summary>Whether a writer took blocks back since this ledger was opened. What it answers may then mix two branches: open it anew.</summary>
    /// <remarks>The manifest goes first when blocks are taken back, so what was read before this said no is of one branch.</remarks>
    public bool IsReorganised() => Manifest.Read(Folder) is { } now && now.Undone != Manifest.Undone;

    /// <summary>An answer that takes several reads: of one branch, or an error.</summary>
    /// <exception cref="LedgerException">Blocks were taken back meanwhile; whatever else went wrong is put down to that.</exception>
    public T OfOneBranch<T>(Func<T> ask)
    {
        try
        {
            var answer = ask();
            if (!IsReorganised()) return answer;
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException && IsReorganised())
        {
            // numbers of one branch looked up in the columns of another lead anywhere
        }

        throw NoLongerThere();
    }

    /// <summary>Why a block may differ from what was written without being damaged: the writer took it back.</summary>
    private LedgerException? Reorganised() => IsReorganised() ? NoLongerThere() : null;

    private LedgerException NoLongerThere() =>
        new($"The chain was reorganised while the ledger '{Folder}' was being read: what was open is no longer there. Run the command again.");
}
