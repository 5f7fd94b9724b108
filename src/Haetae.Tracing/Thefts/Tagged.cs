namespace Haetae.Tracing.Thefts;

/// <summary>Satoshi and whose they are: a piece of an output, or one theft's part of it.</summary>
/// <param name="Tag">The theft's place in the order of thefts, or <see cref="Clean"/>.</param>
internal readonly record struct Tagged(int Tag, long Amount)
{
    public const int Clean = -1;
}
