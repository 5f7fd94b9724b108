using Haetae.Tracing.Bridges.ThorChain;

namespace Haetae.Tracing.Bridges;

/// <summary>An end without its other end, and why.</summary>
public sealed record LoneMessage(CrossChainMessage Message, string Why);

/// <summary>Joins the ends of crossings by their keys, over any number of ledgers.</summary>
/// <remarks>
/// One source may have several outs (a streamed swap, a partial refund): each is a link of its own. Where several sources carry one key, each pair is
/// told with its rivals and is no fact. So is an out that pays another asset than the deposit's memo asks for: the link is told with its doubt. An end whose speaker is not known to be the bridge joins nothing, but for an out on Bitcoin that pays the very
/// address which the deposit's memo names: nobody gains by paying a thief to look like a bridge.
/// Assumes that block times of two chains are at most two hours apart (Bitcoin's rule for a block's time).
/// </remarks>
public sealed class CrossChainMatch
{
    private const long MostClockError = 7_200;

    private CrossChainMatch(IReadOnlyList<CrossChainLink> links, IReadOnlyList<LoneMessage> alone) => (Links, Alone) = (links, alone);

    /// <summary>By source, then destination, in the order of ledgers and transactions.</summary>
    public IReadOnlyList<CrossChainLink> Links { get; }

    /// <summary>Ends that joined nothing, in the same order.</summary>
    public IReadOnlyList<LoneMessage> Alone { get; }

    /// <param name="acceptUnknown">Whether ends count whose speaker is not known to be the bridge: for looking around, not for evidence.</param>
    public static CrossChainMatch Of(IEnumerable<CrossChainMessage> messages, bool acceptUnknown = false)
    {
        var links = new List<CrossChainLink>();
        var alone = new List<LoneMessage>();
        foreach (var group in messages.GroupBy(message => (message.Protocol.Name, message.Protocol.Version, message.Key)))
        {
            CrossChainMessage[] sources = [.. group.Where(message => message.End == BridgeEnd.Source)], outs = [.. group.Where(message => message.End != BridgeEnd.Source)];
            foreach (var source in sources)
            {
                var refusals = new List<string>();
                var joined = 0;
                foreach (var destination in outs)
                {
                    if (Refusal(source, destination, acceptUnknown) is { } why) refusals.Add(why);
                    else links.Add(Link(source, destination, sources.Count(other => Refusal(other, destination, acceptUnknown) is null), ++joined));
                }

                if (joined == 0) alone.Add(new LoneMessage(source, refusals.Count > 0 ? refusals[0] : Reject(source, acceptUnknown) ?? "no out with its key is on the ledgers looked at"));
            }

            foreach (var destination in outs.Where(destination => sources.All(source => Refusal(source, destination, acceptUnknown) is not null)))
                alone.Add(new LoneMessage(destination, sources.Length > 0 ? Refusal(sources[0], destination, acceptUnknown)! : Reject(destination, acceptUnknown) ?? "no deposit with its key is on the ledgers looked at"));
        }

        links.Sort((a, b) => InOrder(a.Source, b.Source) is var order && order != 0 ? order : InOrder(a.Destination, b.Destination));
        alone.Sort((a, b) => InOrder(a.Message, b.Message));
        return new CrossChainMatch(links, alone);
    }

    private static CrossChainLink Link(CrossChainMessage source, CrossChainMessage destination, int sources, int number)
    {
        var paid = PaysTheNamed(source, destination);
        var evidence = new List<string> { $"both ends carry {source.Key}", $"in: {source.Evidence}", $"out: {destination.Evidence}" };
        if (paid.Count > 0) evidence.Add($"the out pays {source.Recipient}, which the deposit names");
        if (destination.End == BridgeEnd.Refund) evidence.Add("a refund: what was paid in came back, so much of it was not swapped");
        if (ThorPayment.Open(source, destination) is { } open) evidence.Add(open);
        if (number > 1) evidence.Add($"out {number} of this deposit");
        if (sources > 1) evidence.Add($"{sources} deposits carry this key");
        if (destination.Trust == BridgeTrust.Unknown || source.Trust == BridgeTrust.Unknown) evidence.Add("not every speaker is known to be the bridge");
        string[] doubts = ThorPayment.Doubt(source, destination) is { } doubt ? [doubt] : [];
        return new CrossChainLink(source, paid.Count > 0 ? destination with { Carriers = paid } : destination, 1_000 / (sources + doubts.Length), sources - 1, evidence)
        {
            Method = CrossChainLink.KeyMethod,
            MethodVersion = CrossChainLink.KeyVersion,
            Key = source.Key,
            Doubts = doubts,
        };
    }

    /// <summary>Why two ends with one key are no pair; null: they are.</summary>
    private static string? Refusal(CrossChainMessage source, CrossChainMessage destination, bool acceptUnknown)
    {
        if (Reject(source, acceptUnknown) is { } wrong) return wrong;
        if (PaysTheNamed(source, destination).Count == 0 && Reject(destination, acceptUnknown) is { } odd) return odd;
        if (destination.Time + MostClockError < source.Time) return "the out lies before the deposit";
        if (destination.End == BridgeEnd.Refund) return BridgeChains.Same(source.Chain, destination.Chain) ? null : $"a refund comes back on {source.Chain}, this one came on {destination.Chain}";
        if (source.OtherChain is { } to && Known(to) && !BridgeChains.Same(to, destination.Chain)) return $"it goes to {to}, the out is on {destination.Chain}";
        return destination.OtherChain is { } from && Known(from) && !BridgeChains.Same(from, source.Chain) ? $"the out says it comes from {from}, the deposit is on {source.Chain}" : null;
    }

    private static string? Reject(CrossChainMessage message, bool acceptUnknown) =>
        message.Trust == BridgeTrust.Unknown && !acceptUnknown ? $"who speaks ({message.Evidence}) is not known to be {message.Protocol.Title}: name the address, if it is" : null;

    private static List<BridgeCarrier> PaysTheNamed(CrossChainMessage source, CrossChainMessage destination) =>
        destination.End == BridgeEnd.Destination && source.Recipient is { } named && destination.Chain.StartsWith("bip122:", StringComparison.Ordinal) ? [.. destination.Carriers.Where(carrier => carrier.To == named)] : [];

    private static bool Known(string chain) => !chain.StartsWith("unknown:", StringComparison.Ordinal);

    private static int InOrder(CrossChainMessage a, CrossChainMessage b) =>
        a.Ledger != b.Ledger ? a.Ledger.CompareTo(b.Ledger) : a.Transaction != b.Transaction ? a.Transaction.CompareTo(b.Transaction) : string.CompareOrdinal(a.Protocol.Name + a.Key, b.Protocol.Name + b.Key);
}
