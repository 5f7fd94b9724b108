namespace Haetae.Ledger;

/// <summary>Something on the way into or out of a ledger is wrong; the message names the file, offset, height or transaction, and the way out.</summary>
public class LedgerException : Exception
{
    public LedgerException(string message) : base(message) { }

    public LedgerException(string message, Exception inner) : base(message, inner) { }

    /// <summary>What was to be read is not there at all: no ledger in the folder, no file of the name.</summary>
    public bool NothingThere { get; init; }
}

/// <summary>The stored ledger contradicts itself: a file was cut, a byte flipped, a record number leads nowhere.</summary>
public sealed class LedgerCorruptException : LedgerException
{
    public LedgerCorruptException(string message) : base(message) { }

    public LedgerCorruptException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>A block breaks the rules every node checks: length, Merkle root, proof of work, amounts.</summary>
public sealed class InvalidBlockException : LedgerException
{
    public InvalidBlockException(string message) : base(message) { }
}
