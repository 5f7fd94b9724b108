using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <summary>What a trace and its report ask of a ledger: the graph in numbers, and what the numbers stand for.</summary>
public interface ILedgerView
{
    UtxoGraph Graph { get; }

    /// <summary>Per transaction, its id.</summary>
    Column<Hash256> TxIds { get; }

    Column<TxMeta> Metas { get; }

    /// <summary>Per input, its sequence number.</summary>
    Column<uint> Sequences { get; }

    /// <summary>Per output, the 64-bit key of its script; 0 for scripts that begin with OP_RETURN.</summary>
    Column<ulong> ScriptKeys { get; }

    BitcoinNetwork Network { get; }

    /// <summary>Height of the first block of the ledger; 0 for a whole chain.</summary>
    int FirstHeight { get; }

    int TipHeight { get; }

    Hash256 TipHash { get; }

    LedgerCounts Counts { get; }

    /// <summary>The script of an output, as it stood on chain.</summary>
    byte[] ScriptOf(long output);

    /// <summary>The outputs that pay a script, in chain order.</summary>
    List<long> FindOutputs(ReadOnlySpan<byte> script);

    /// <summary>What an input spends that is not held: its outpoint, and value and script where they are known all the same.</summary>
    OutsideOutput OutsideOf(long input);

    /// <summary>The number of a transaction, or -1.</summary>
    long FindTransaction(Hash256 id);

    /// <summary>Whether an output that nothing here spends may be spent all the same: nobody said, or its spender was not fetched. Never so in a ledger of whole blocks.</summary>
    bool IsSpenderUnknown(long output) => false;

    /// <summary>An answer that takes several reads: of one branch of the chain, or an error.</summary>
    T OfOneBranch<T>(Func<T> ask) => ask();
}
