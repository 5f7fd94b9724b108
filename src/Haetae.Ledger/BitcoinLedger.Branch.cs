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
    public T OfOneBranch<T>(Func<T> ask) => Branch.Read(ask);

    private OneBranch Branch => new(Folder, IsReorganised);

    /// <summary>Why a block may differ from what was written without being damaged: the writer took it back.</summary>
    private LedgerException? Reorganised() => Branch.Reason();
}
