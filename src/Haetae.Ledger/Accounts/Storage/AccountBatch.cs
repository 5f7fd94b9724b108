namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Transactions and transfers on their way into the columns: addresses as they came, not yet numbered.</summary>
internal sealed class AccountBatch
{
    internal const int Size = 1 << 15;

    internal readonly Hash256[] Ids = new Hash256[Size];
    internal readonly uint[] Times = new uint[Size];
    internal readonly uint[] Blocks = new uint[Size];
    internal readonly byte[] Marks = new byte[Size];
    internal readonly long[] First = new long[Size];
    internal readonly AccountAddress[] Addresses = new AccountAddress[2 * Size]; // of each transfer who pays, then who is paid
    internal readonly bool[] Somebody = new bool[2 * Size];
    internal readonly uint[] Asset = new uint[Size];
    internal readonly byte[] Kind = new byte[Size];
    internal readonly UInt128[] Amount = new UInt128[Size];
    internal readonly List<long> WideAt = [];
    internal readonly List<UInt256> Wide = [];
    internal readonly List<uint> EventTx = [];
    internal readonly List<AccountAddress> EventEmitter = [];
    internal readonly List<byte> EventTopics = [];
    internal readonly List<long> EventFirst = [];
    internal readonly List<byte> EventBytes = [];
    internal readonly List<uint> GasTx = [];
    internal readonly List<ulong> GasWord = [];
    internal readonly List<uint> BlockNumber = [];
    internal readonly List<Hash256> BlockHash = [];
    internal readonly List<Hash256> BlockParent = [];
    internal readonly List<uint> BlockTime = [];
    internal readonly List<BlockStartRow> BlockStart = [];

    internal int Transactions { get; set; }

    internal int Transfers { get; set; }

    /// <summary>Room for one more of everything; events and blocks are bounded too, though their lists could grow.</summary>
    internal bool IsFull => Transactions == Size || Transfers == Size || EventBytes.Count > 1 << 22 || BlockNumber.Count >= Size;

    internal void Clear()
    {
        Transactions = Transfers = 0;
        WideAt.Clear();
        Wide.Clear();
        EventTx.Clear();
        EventEmitter.Clear();
        EventTopics.Clear();
        EventFirst.Clear();
        EventBytes.Clear();
        GasTx.Clear();
        GasWord.Clear();
        BlockNumber.Clear();
        BlockHash.Clear();
        BlockParent.Clear();
        BlockTime.Clear();
        BlockStart.Clear();
    }
}
