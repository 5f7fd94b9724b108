using System.Runtime.InteropServices;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>What a row of a table says, in numbers; 144 bytes, as it is kept on disk while all rows are put in order.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
internal struct TransferRow
{
    internal const int Size = 144;

    internal uint Time;
    internal uint Block; // AccountGraph.NoBlock where the table tells none
    internal long Line; // its place in the file: decides among equal times
    internal Hash256 Hash; // of the chain where Has says so; else the id made from the row, as if no equal row came before
    internal UInt256 Amount;
    internal UInt128 Fee; // of the native coin
    internal AccountAddress From;
    internal AccountAddress To;
    internal uint Asset; // place in a list of assets beside the rows
    internal byte Kind;
    internal RowHas Has;
}

/// <summary>What of a row is there.</summary>
[Flags]
internal enum RowHas : byte
{
    None = 0,
    From = 1,
    To = 2,
    Hash = 4,
    Fee = 8,

    /// <summary>Its transaction failed: nothing moved but the fee.</summary>
    Failed = 16,

    /// <summary>A row of TRON with an address as the EVM writes it.</summary>
    EvmForm = 32,
}

/// <summary>A row cannot be read.</summary>
internal sealed class RowProblem(long line, string column, string reason) : Exception(reason)
{
    /// <summary>Counted from 0 within its piece of the file.</summary>
    internal long Line { get; } = line;

    internal string Column { get; } = column;
}
