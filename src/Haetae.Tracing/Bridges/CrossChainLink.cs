namespace Haetae.Tracing.Bridges;

/// <summary>Two ends that belong together, or may.</summary>
/// <param name="Source">Where value went in.</param>
/// <param name="Destination">Where it came out, or came back (<see cref="BridgeEnd.Refund"/>).</param>
/// <param name="PerMille">How probable it is that they belong together, in thousandths: 1,000 for a key that only these ends carry. Each rival and each doubt counts as one more way to explain what was seen.</param>
/// <param name="Rivals">Other pairs that exclude this one.</param>
/// <param name="Evidence">Why, as sentences.</param>
public sealed record CrossChainLink(CrossChainMessage Source, CrossChainMessage Destination, int PerMille, int Rivals, IReadOnlyList<string> Evidence)
{
    /// <summary>The name of the method of links by key' method.</summary>
    public const string KeyMethod = "bridge-key";

    /// <remarks>2: an out that pays another asset than the deposit asks for is doubtful.</remarks>
    public const string KeyVersion = "2";

    /// <summary>How it was found.</summary>
    public required string Method { get; init; }

    public required string MethodVersion { get; init; }

    /// <summary>What both ends carry; null for a guess.</summary>
    public string? Key { get; init; }

    /// <summary>What speaks against it, as sentences. One is enough for no trace to follow it.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>Whether both ends are of kinds that a real log matched.</summary>
    public bool IsVerified => Source.IsVerified && Destination.IsVerified;

    public bool IsCertain => PerMille == 1_000 && Doubts.Count == 0;
}
