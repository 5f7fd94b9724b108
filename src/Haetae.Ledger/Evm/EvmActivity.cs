using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>A block with all that its source told of it, ready to be read as transfers.</summary>
public sealed class EvmBlockActivity
{
    public required ulong Number { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required ulong Time { get; init; }

    /// <summary>Null: the source has no rows of blocks, only what lies in them.</summary>
    public EvmBlock? Block { get; init; }

    /// <summary>Where it was read, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>In the order of the chain.</summary>
    public required IReadOnlyList<EvmActivity> Transactions { get; init; }

    /// <summary>What happened outside transactions: rewards, and what the genesis block or a fork set.</summary>
    public IReadOnlyList<EvmTrace> Loose { get; init; } = [];
}

/// <summary>A transaction with all that its source told of it.</summary>
public sealed class EvmActivity
{
    public required Hash256 Id { get; init; }

    public EvmTransaction? Transaction { get; init; }

    public EvmReceipt? Receipt { get; init; }

    /// <summary>Events in order, from its receipt or from rows of their own.</summary>
    public required IReadOnlyList<EvmLog> Logs { get; init; }

    /// <summary>Null: calls are not told.</summary>
    public EvmCall? Call { get; init; }
}
