namespace Haetae.Tracing.Thefts;

/// <summary>So many tags are mixed in so many outputs that a policy's exact amounts would take too long or too much memory.</summary>
internal sealed class TooMixedException(long work)
    : Exception(FormattableString.Invariant($"Stopped at {work} parts: too many tags are mixed in too many outputs."));
