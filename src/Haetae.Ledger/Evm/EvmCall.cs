using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>What kind of step a call is.</summary>
public enum EvmCallKind : byte
{
    Call,
    CallCode,
    DelegateCall,
    StaticCall,
    Create,
    Create2,
    SelfDestruct,
}

/// <summary>One call of a transaction and the calls it made: the answer of geth's callTracer, or traces of trace_block put into their tree.</summary>
public sealed record EvmCall
{
    /// <summary>Calls within calls that the machine allows (Ethereum yellow paper, 9.4.2: a stack of 1024), the transaction's own on top.</summary>
    public const int Deepest = 1025;

    public required EvmCallKind Kind { get; init; }

    /// <summary>Null where the tracer leaves it out: early geth for SELFDESTRUCT.</summary>
    public AccountAddress? From { get; init; }

    /// <summary>The account called; for a creation the new contract; for a self-destruct the heir.</summary>
    public AccountAddress? To { get; init; }

    /// <summary>Wei; null where not told.</summary>
    public UInt256? Value { get; init; }

    public ulong? Gas { get; init; }

    public ulong? GasUsed { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    /// <summary>Why it failed; null: it did not. A failed call moves nothing, nor does anything below it.</summary>
    public string? Error { get; init; }

    public IReadOnlyList<EvmCall> Calls { get; init; } = [];

    /// <summary>Its own events, those of its calls aside; null where the tracer was not asked or does not tell.</summary>
    public IReadOnlyList<EvmCallLog>? Logs { get; init; }
}

/// <summary>An event with its place within its call.</summary>
/// <param name="Position">How many of the call's own calls came before it.</param>
public sealed record EvmCallLog(AccountAddress Address, IReadOnlyList<Hash256> Topics, byte[] Data, ulong Position);
