namespace Haetae.Tracing.Thefts;

/// <summary>So many tags are mixed in so many outputs that a policy's exact shares would take too long.</summary>
internal sealed class TooMixedException(long work)
    : Exception(FormattableString.Invariant($"Stopped after {work} shares: too many tags are mixed in too many outputs."));
