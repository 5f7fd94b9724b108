using Haetae.Ledger.Chains;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Accounts;

/// <summary>Amounts of transfers: 16 bytes each, and the few wider ones by themselves.</summary>
public sealed class AmountColumn
{
    private static readonly UInt128 WideMark = UInt128.MaxValue;
    private readonly Column<UInt128> _narrow;
    private readonly Column<long> _wideAt; // transfers with a wide amount, rising
    private readonly Column<UInt256> _wide;

    public AmountColumn(Column<UInt128> narrow, Column<long> wideAt, Column<UInt256> wide) => (_narrow, _wideAt, _wide) = (narrow, wideAt, wide);

    public long Length => _narrow.Length;

    /// <summary>What stands in the narrow column for an amount.</summary>
    public static UInt128 Narrow(UInt256 amount) => IsWide(amount) ? WideMark : amount.Lower;

    /// <summary>Whether an amount has its place among the wide ones.</summary>
    public static bool IsWide(UInt256 amount) => !amount.IsNarrow || amount.Lower == WideMark;

    public UInt256 this[long transfer]
    {
        get
        {
            var amount = _narrow[transfer];
            if (amount != WideMark) return amount;
            long low = 0, high = _wideAt.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) >> 1;
                var at = _wideAt[middle];
                if (at == transfer) return _wide[middle];
                if (at < transfer) low = middle + 1;
                else high = middle - 1;
            }

            throw new LedgerCorruptException(FormattableString.Invariant($"The amount of transfer {transfer} is missing among the wide amounts. Run 'haetae ledger verify'."));
        }
    }
}

/// <summary>What the time and identity of a transaction rest on.</summary>
[Flags]
public enum TxMarks : byte
{
    None = 0,

    /// <summary>Its execution failed: it moved no value and paid its fee all the same.</summary>
    Failed = 1,

    /// <summary>Its id is no hash of a chain but made from the row it was read from.</summary>
    RowId = 2,

    /// <summary>Its source gave no block: order is time, then the order of the rows.</summary>
    NoBlock = 4,
}

/// <summary>Who paid whom, in numbers only: the part of an account ledger that tracing walks. A snapshot: what a writer appends later is not seen.</summary>
/// <remarks>
/// Transactions, transfers, accounts and assets are numbered from 0; transactions and transfers in chain order (block, transaction, execution),
/// so the transfers of a transaction stand side by side, its fee last. Where rows tell no block, order is time, then the order of rows.
/// </remarks>
public sealed class AccountGraph
{
    /// <summary>Stands for nobody: where new money comes from, and destroyed money goes to.</summary>
    public const uint Nobody = uint.MaxValue;

    /// <summary>Stands for a block that is not known.</summary>
    public const uint NoBlock = uint.MaxValue;

    private readonly object[] _owners;

    public AccountGraph(
        Column<Hash256> txId, Column<uint> txTime, Column<uint> txBlock, Column<byte> txMarks, Packed40Column txFirstTransfer,
        Column<uint> from, Column<uint> to, Column<uint> asset, Column<byte> kind, AmountColumn amount, params object[] owners)
    {
        (TxId, TxTime, TxBlock, Marks, TxFirstTransfer) = (txId, txTime, txBlock, txMarks, txFirstTransfer);
        (From, To, Asset, Kind, Amount) = (from, to, asset, kind, amount);
        _owners = owners;
    }

    public uint TransactionCount => (uint)TxId.Length;

    public long TransferCount => From.Length;

    /// <summary>Per transaction, its hash as printed without 0x (see <see cref="TxMarks.RowId"/>).</summary>
    public Column<Hash256> TxId { get; }

    /// <summary>Per transaction, seconds since 1970.</summary>
    public Column<uint> TxTime { get; }

    /// <summary>Per transaction, its block's number, or <see cref="NoBlock"/>.</summary>
    public Column<uint> TxBlock { get; }

    /// <summary>Per transaction, <see cref="TxMarks"/>.</summary>
    public Column<byte> Marks { get; }

    /// <summary>Per transaction, its first transfer; one item more than transactions.</summary>
    public Packed40Column TxFirstTransfer { get; }

    /// <summary>Per transfer, the account that pays, or <see cref="Nobody"/>.</summary>
    public Column<uint> From { get; }

    /// <summary>Per transfer, the account that is paid, or <see cref="Nobody"/>.</summary>
    public Column<uint> To { get; }

    /// <summary>Per transfer, the asset's number; 0 is the native coin.</summary>
    public Column<uint> Asset { get; }

    /// <summary>Per transfer, its <see cref="TransferKind"/>.</summary>
    public Column<byte> Kind { get; }

    /// <summary>Per transfer, its amount in base units.</summary>
    public AmountColumn Amount { get; }

    public TransferKind KindOf(long transfer) => (TransferKind)Kind[transfer];

    /// <summary>The transaction a transfer belongs to.</summary>
    public uint TransactionOf(long transfer)
    {
        uint low = 0, high = TransactionCount - 1;
        while (low < high)
        {
            var middle = (uint)(((ulong)low + high + 1) >> 1);
            if (TxFirstTransfer[middle] <= transfer) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    /// <summary>Keeps the memory behind the columns alive at least until here.</summary>
    public void KeepAlive() => GC.KeepAlive(_owners);
}

/// <summary>How much of what an account did a ledger holds.</summary>
public enum Coverage : byte
{
    /// <summary>Nobody says.</summary>
    Unknown,

    /// <summary>Some of it is known to be missing.</summary>
    Truncated,

    /// <summary>All of it, as the source says.</summary>
    Complete,
}

/// <summary>An asset as a ledger knows it.</summary>
/// <param name="Symbol">As its contract or a table says it; null: not known. A claim: anyone may call a token USDC.</param>
/// <param name="Decimals">Decimal places people show; null: not known, and amounts are shown in base units.</param>
public sealed record AssetInfo(AssetName Name, string? Symbol, int? Decimals);

/// <summary>What a trace and its report ask of an account ledger.</summary>
/// <remarks>Look-ups take many at once where a trace needs many: a frontier, not one account.</remarks>
public interface IAccountView
{
    ChainName Chain { get; }

    AccountGraph Graph { get; }

    uint AccountCount { get; }

    AccountAddress AddressOf(uint account);

    /// <summary>The account of an address; null: the ledger never met it.</summary>
    uint? FindAccount(AccountAddress address);

    /// <summary>The transaction of an id; null: not in the ledger.</summary>
    uint? FindTransaction(Hash256 id);

    /// <summary>Every asset, by number; 0 is the chain's own coin.</summary>
    IReadOnlyList<AssetInfo> Assets { get; }

    /// <summary>The transfers that an account pays or is paid by, rising; one that it pays itself stands once.</summary>
    ReadOnlySpan<long> TransfersOf(uint account);

    /// <summary>Fetches what <see cref="TransfersOf"/> will be asked of, all at once: a hint.</summary>
    void Prefetch(ReadOnlySpan<uint> accounts);

    /// <summary>What an account held of an asset before its first transfer in this ledger; null: not known.</summary>
    UInt256? OpeningOf(uint account, uint asset);

    Coverage CoverageOf(uint account);

    /// <summary>Every event kept, in chain order.</summary>
    IEnumerable<ChainEvent> Events { get; }

    /// <summary>The events kept of a transaction, in order.</summary>
    IEnumerable<ChainEvent> EventsOf(uint transaction);

    /// <summary>What a unit of gas cost a transaction's sender, in wei; null: not known, as of every transaction without an event.</summary>
    UInt256? GasPriceOf(uint transaction);

    /// <summary>SHA-256 that names what the ledger holds: the same digest, the same answers.</summary>
    string Digest { get; }

    /// <summary>What a reader must know about this ledger's quality: which kinds of transfers its source did not tell (internal calls, fees, tokens), rows without hashes, and so on. Plain sentences.</summary>
    IReadOnlyList<string> Notes { get; }
}
