namespace Haetae.Ledger.Node;

/// <summary>A node gave no answer, or none that can be used, though it was asked several times: asking later may help.</summary>
public sealed class NodeUnreachableException(string message) : LedgerException(message);

/// <summary>The node's chain changed between two questions: ask again from the beginning.</summary>
internal sealed class NodeChangedException(string message) : LedgerException(message);

/// <summary>The node answered a call with an error of its own.</summary>
internal sealed class NodeErrorException(int code, string message, string said) : LedgerException(message)
{
    internal const int WarmingUp = -28;
    internal const int OutOfRange = -8;
    private const int NotFound = -5;
    private const int Misc = -1;
    private const int WrongType = -3;
    private const int InvalidRequest = -32600;
    private const int UnknownMethod = -32601;
    private const int InvalidParams = -32602;

    internal int Code { get; } = code;

    /// <summary>The block asked for is not there: Core's code for it, or the words of nodes that use a general code.</summary>
    internal bool IsNotFound => Code == NotFound || said.Contains("not found", StringComparison.OrdinalIgnoreCase);

    /// <summary>The node does not have the method at all, or keeps it shut.</summary>
    internal bool IsUnknownMethod => Code == UnknownMethod || said.Contains("does not exist", StringComparison.OrdinalIgnoreCase) || said.Contains("not supported", StringComparison.OrdinalIgnoreCase);

    /// <summary>The node takes fewer calls at once.</summary>
    internal bool IsBatchTooLong => said.Contains("batch", StringComparison.OrdinalIgnoreCase);

    /// <summary>The node does not know this form of the question: it says so about a type, a value or their number, or, older, in general.</summary>
    internal bool IsRefusedQuestion => !IsPruned && Code is (OutOfRange or Misc or WrongType or InvalidParams or InvalidRequest or UnknownMethod);

    /// <summary>The node has the method, and has thrown away the state of that time which it needs: in the words of go-ethereum and its kin, Erigon, Nethermind, Besu and Reth.</summary>
    internal bool IsStateGone => IsPruned || StateGone.Any(words => said.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] StateGone =
        ["missing trie node", "historical state", "state not available", "state is not available", "state unavailable", "no state available", "world state unavailable", "old data not available", "proof window", "parent state", "archive"];

    /// <summary>What the node said, in its own words.</summary>
    internal string Said => said;

    /// <summary>The node has thrown the block away.</summary>
    internal bool IsPruned => said.Contains("pruned", StringComparison.OrdinalIgnoreCase);
}

/// <summary>An answer is longer than the question allows for.</summary>
internal sealed class AnswerTooLongException(string message) : LedgerException(message);

/// <summary>One attempt failed in a way that may pass.</summary>
/// <param name="isRefused">Nothing listens there.</param>
internal sealed class PassingTroubleException(string message, bool isRefused = false) : Exception(message)
{
    internal bool IsRefused { get; } = isRefused;
}
