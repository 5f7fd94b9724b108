namespace Haetae.Ledger.Storage;

/// <summary>How much a ledger holds at one point of its history: what every column is cut to when it is read or resumed.</summary>
public sealed record LedgerCounts
{
    public int Blocks { get; init; }

    public uint Transactions { get; init; }

    /// <summary>Coinbase inputs left out.</summary>
    public long Inputs { get; init; }

    public long Outputs { get; init; }

    /// <summary>Bytes of stored scripts.</summary>
    public long ScriptBytes { get; init; }

    /// <summary>Inputs that spend an output this ledger does not hold: made before its first block.</summary>
    public long OutsideInputs { get; init; }

    /// <summary>Bytes of the scripts of those, where undo data gave them.</summary>
    public long OutsideScriptBytes { get; init; }

    /// <summary>Those of the outside inputs whose value is unknown.</summary>
    public long UnknownInputs { get; init; }

    /// <summary>Blocks whose own target is easier than the network's limit.</summary>
    public int WeakWorkBlocks { get; init; }
}
