namespace Haetae.Ledger.Storage;

/// <summary>One column of the ledger: its file, the width of an item, and how many items a ledger of given counts has.</summary>
/// <param name="Padding">Zero bytes after the last item, so that an 8-byte read of a 5-byte item stays inside the file.</param>
internal sealed record ColumnSpec(string Name, int Width, Func<LedgerCounts, long> Items, int Padding = 0)
{
    internal string FileName => Name + ".col";

    internal long Bytes(LedgerCounts counts) => Width * Items(counts);
}

/// <summary>Every column there is. <c>docs/ledger-format.md</c> draws the same, byte by byte.</summary>
internal static class LedgerColumns
{
    /// <summary>Outputs to one stored script offset: a look-up walks at most this many scripts.</summary>
    internal const int ScriptGroup = 16;

    internal static readonly ColumnSpec BlockHeader = new("block.header", 80, c => c.Blocks);
    internal static readonly ColumnSpec BlockHash = new("block.hash", 32, c => c.Blocks);
    internal static readonly ColumnSpec BlockTime = new("block.time", 4, c => c.Blocks);
    internal static readonly ColumnSpec BlockSize = new("block.size", 4, c => c.Blocks);
    internal static readonly ColumnSpec BlockFirstTx = new("block.firsttx", 4, c => c.Blocks + 1L);
    internal static readonly ColumnSpec TxId = new("tx.id", 32, c => c.Transactions);
    internal static readonly ColumnSpec TxMeta = new("tx.meta", 20, c => c.Transactions);
    internal static readonly ColumnSpec TxFirstInput = new("tx.firstinput", 5, c => c.Transactions + 1L, 8);
    internal static readonly ColumnSpec TxFirstOutput = new("tx.firstoutput", 5, c => c.Transactions + 1L, 8);
    internal static readonly ColumnSpec TxFee = new("tx.fee", 8, c => c.Transactions);
    internal static readonly ColumnSpec InPrevious = new("in.previous", 5, c => c.Inputs, 8);
    internal static readonly ColumnSpec InSequence = new("in.sequence", 4, c => c.Inputs);
    internal static readonly ColumnSpec OutValue = new("out.value", 8, c => c.Outputs);
    internal static readonly ColumnSpec OutKey = new("out.key", 8, c => c.Outputs);
    internal static readonly ColumnSpec OutSpender = new("out.spender", 4, c => c.Outputs);
    internal static readonly ColumnSpec ScriptOffset = new("script.offset", 5, c => (c.Outputs + ScriptGroup - 1) / ScriptGroup, 8);
    internal static readonly ColumnSpec ScriptBytes = new("script.bytes", 1, c => c.ScriptBytes);
    internal static readonly ColumnSpec OutsideInput = new("outside.input", OutsideRow.Size, c => c.OutsideInputs);
    internal static readonly ColumnSpec OutsideScript = new("outside.script", 1, c => c.OutsideScriptBytes);

    /// <summary>All columns, in the order of the format document.</summary>
    internal static readonly IReadOnlyList<ColumnSpec> All =
    [
        BlockHeader, BlockHash, BlockTime, BlockSize, BlockFirstTx, TxId, TxMeta, TxFirstInput, TxFirstOutput, TxFee,
        InPrevious, InSequence, OutValue, OutKey, OutSpender, ScriptOffset, ScriptBytes, OutsideInput, OutsideScript,
    ];

    /// <summary>The one column that is written again after it was first written: checked against the inputs instead of by checksum.</summary>
    internal static bool IsRewritten(ColumnSpec column) => column == OutSpender;
}
