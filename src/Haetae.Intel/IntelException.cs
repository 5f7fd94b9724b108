namespace Haetae.Intel;

/// <summary>What is known could not be read or written; the message names the file or database, and what to do.</summary>
public sealed class IntelException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What was to be read is not there at all.</summary>
    public bool NothingThere { get; init; }
}
