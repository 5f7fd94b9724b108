namespace Haetae.Tracing.Bridges;

/// <summary>Two ends that belong together, or may.</summary>
/// <param name="Source">Where value went in.</param>
/// <param name="Destination">Where it came out, or came back (<see cref="BridgeEnd.Refund"/>).</param>
/// <param name="PerMille">How probable it is that they belong together, in thousandths: 1,000 for a key that only these ends carry.</param>
/// <param name="Rivals">Other pairs that exclude this one.</param>
/// <param name="Evidence">Why, as sentences.</param>
public sealed record CrossChainLink(CrossChainMessage Source, CrossChainMessage Destination, int PerMille, int Rivals, IReadOnlyList<string> Evidence)
{
    /// <summary>The name of the method of links by key' method.</summary>
    public const string KeyMethod = "bridge-key";

    public const string KeyVersion = "1";

    /// <summary>How it was found.</summary>
    public required string Method { get; init; }

    public required string MethodVersion { get; init; }

    /// <summary>What both ends carry; null for a guess.</summary>
    public string? Key { get; init; }

    /// <summary>Whether both ends are of kinds that a real log matched.</summary>
    public bool IsVerified => Source.IsVerified && Destination.IsVerified;

    public bool IsCertain => PerMille == 1_000;
}
