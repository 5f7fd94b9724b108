using Haetae.Ledger;
using Haetae.Tracing.Thefts;

namespace Haetae.Tracing.Bounds;

/// <summary>Several thefts as one, whose bounds hold for the sum of what each rule places for all of them.</summary>
internal static class TheftsTogether
{
    /// <summary>Why <see cref="Seeds"/> has no answer, as the end of a sentence.</summary>
    public const string Unclear = "two thefts claim parts of one output, and rules differ in whether these are the same satoshi";

    /// <summary>What all thefts stole, each output once; null where rules differ in how much that is.</summary>
    /// <remarks>
    /// FIFO and LIFO put every theft's part at the front of an output, where they cover each other; rules that know amounts only put them beside
    /// each other while there is room. Where one theft claims as much as there is room for, it is the same.
    /// </remarks>
    public static IReadOnlyList<StolenOutput>? Seeds(UtxoGraph graph, IEnumerable<Theft> thefts)
    {
        var together = new Dictionary<long, (long Most, UInt128 Sum)>();
        foreach (var (output, stolen) in thefts.SelectMany(theft => theft.Seeds))
        {
            var (most, sum) = together.GetValueOrDefault(output);
            together[output] = (Math.Max(most, stolen), sum + (UInt128)stolen);
        }

        return together.Any(one => one.Value.Sum > (UInt128)one.Value.Most && one.Value.Most < graph.Value[one.Key]) ? null
            : [.. together.OrderBy(one => one.Key).Select(one => new StolenOutput(one.Key, one.Value.Most))];
    }
}
