using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>The rows of one piece of a file.</summary>
/// <param name="Lines">Line ends in it.</param>
internal sealed record PieceRows(List<TransferRow> Rows, IReadOnlyList<AssetName> Assets, long Lines);

/// <summary>Reads pieces of a file of rows. Safe from many threads.</summary>
internal interface IPieceReader
{
    /// <exception cref="RowProblem">A row cannot be read.</exception>
    PieceRows Read(RowPiece piece);
}
