using Haetae.Ledger;
using Haetae.Tracing.Bridges;

namespace Haetae.Tracing.Crossings;

/// <summary>A stolen output or transfer of one of the ledgers.</summary>
/// <param name="Ledger">Which ledger, from 0.</param>
/// <param name="Number">The output's or transfer's number there.</param>
/// <param name="Stolen">Base units: more than 0, at most its amount.</param>
public readonly record struct JourneySeed(int Ledger, long Number, UInt256 Stolen);

/// <summary>What to follow over several chains. All seeds belong to one theft.</summary>
public sealed record JourneyQuery
{
    /// <summary>The rounds that are enough for any honest data: each crossing takes one at most.</summary>
    public const int UsualRounds = 1_000;

    public required IReadOnlyList<JourneyLedger> Ledgers { get; init; }

    public required IReadOnlyList<JourneySeed> Seeds { get; init; }

    /// <summary>Every end of a crossing that was found: taint stops at each source, whether it has another end or not.</summary>
    public required IReadOnlyList<CrossChainMessage> Messages { get; init; }

    /// <summary>Both ends joined; only certain links carry taint.</summary>
    public required CrossChainMatch Match { get; init; }

    /// <summary>Ends whose speaker is not known to be the bridge stop taint too.</summary>
    public bool StopAtUnknown { get; init; }

    public bool ReadConversions { get; init; } = true;

    /// <summary>Passed to every leg: a count of transactions.</summary>
    public long? MaxTransactions { get; init; }

    /// <summary>Give up after so many rounds; the outcome says so.</summary>
    public int MaxRounds { get; init; } = UsualRounds;

    /// <summary>Looks for the ends of crossings on the ledgers and joins them.</summary>
    public static JourneyQuery Over(
        IReadOnlyList<JourneyLedger> ledgers, IReadOnlyList<JourneySeed> seeds, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, bool acceptUnknown = false, CancellationToken cancel = default)
    {
        CrossChainMessage[] messages = [.. ledgers.Index().SelectMany(one => one.Item.Messages(one.Index, protocols, names, cancel))];
        return new JourneyQuery { Ledgers = ledgers, Seeds = seeds, Messages = messages, Match = CrossChainMatch.Of(messages, acceptUnknown), StopAtUnknown = acceptUnknown };
    }
}
