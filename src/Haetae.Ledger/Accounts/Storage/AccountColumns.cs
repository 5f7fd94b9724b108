namespace Haetae.Ledger.Accounts.Storage;

/// <summary>One column of an account ledger: its file, the width of an item, and how many items a ledger of given counts has.</summary>
/// <param name="Padding">Zero bytes after the last item, so that an 8-byte read of a 5-byte item stays inside the file.</param>
/// <param name="IsLate">Ledgers were written before this column was thought of: one without items is neither needed nor named, so that they read, resume and digest as ever.</param>
internal sealed record AccountColumn(string Name, int Width, Func<AccountCounts, long> Items, int Padding = 0, bool IsLate = false)
{
    /// <summary>Whether a ledger of given counts has this column, and its manifest a checksum for its end.</summary>
    internal bool IsIn(AccountCounts counts) => !IsLate || Items(counts) > 0;

    internal string FileName => Name + ".col";

    internal string SumsFileName => Name + ".crc";

    internal long Bytes(AccountCounts counts) => Width * Items(counts);
}

/// <summary>Every column of an account ledger. <c>docs/ledger-format.md</c> draws the same, byte by byte.</summary>
internal static class AccountColumns
{
    internal static readonly AccountColumn BlockNumber = new("block.number", 4, c => c.Blocks);
    internal static readonly AccountColumn BlockHash = new("block.hash", 32, c => c.Blocks);
    internal static readonly AccountColumn BlockParent = new("block.parent", 32, c => c.Blocks);
    internal static readonly AccountColumn BlockTime = new("block.time", 4, c => c.Blocks);
    internal static readonly AccountColumn BlockStart = new("block.start", BlockStartRow.Size, c => c.Blocks);
    internal static readonly AccountColumn TxId = new("tx.id", 32, c => c.Transactions);
    internal static readonly AccountColumn TxTime = new("tx.time", 4, c => c.Transactions);
    internal static readonly AccountColumn TxBlock = new("tx.block", 4, c => c.Transactions);
    internal static readonly AccountColumn TxMarks = new("tx.marks", 1, c => c.Transactions);
    internal static readonly AccountColumn TxFirst = new("tx.first", 5, c => c.Transactions + 1L, 8);
    internal static readonly AccountColumn TransferFrom = new("tr.from", 4, c => c.Transfers);
    internal static readonly AccountColumn TransferTo = new("tr.to", 4, c => c.Transfers);
    internal static readonly AccountColumn TransferAsset = new("tr.asset", 4, c => c.Transfers);
    internal static readonly AccountColumn TransferKind = new("tr.kind", 1, c => c.Transfers);
    internal static readonly AccountColumn TransferAmount = new("tr.amount", 16, c => c.Transfers);
    internal static readonly AccountColumn WideAt = new("wide.at", 8, c => c.WideAmounts);
    internal static readonly AccountColumn WideAmount = new("wide.amount", 32, c => c.WideAmounts);
    internal static readonly AccountColumn Address = new("account.address", AccountAddress.Size, c => c.Accounts);
    internal static readonly AccountColumn Asset = new("asset.name", AssetRow.Size, c => c.Assets);
    internal static readonly AccountColumn EventTx = new("event.tx", 4, c => c.Events);
    internal static readonly AccountColumn EventEmitter = new("event.emitter", AccountAddress.Size, c => c.Events);
    internal static readonly AccountColumn EventTopics = new("event.topics", 1, c => c.Events);
    internal static readonly AccountColumn EventFirst = new("event.first", 5, c => c.Events + 1L, 8);
    internal static readonly AccountColumn EventBytes = new("event.bytes", 1, c => c.EventBytes);
    internal static readonly AccountColumn GasTx = new("gas.tx", 4, c => c.GasWords, IsLate: true);
    internal static readonly AccountColumn GasWord = new("gas.word", 8, c => c.GasWords, IsLate: true);

    /// <summary>All columns, in the order of the format document.</summary>
    internal static readonly IReadOnlyList<AccountColumn> All =
    [
        BlockNumber, BlockHash, BlockParent, BlockTime, BlockStart, TxId, TxTime, TxBlock, TxMarks, TxFirst,
        TransferFrom, TransferTo, TransferAsset, TransferKind, TransferAmount, WideAt, WideAmount, Address, Asset,
        EventTx, EventEmitter, EventTopics, EventFirst, EventBytes, GasTx, GasWord,
    ];
}
