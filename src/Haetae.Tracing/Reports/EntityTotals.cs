using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Sums the ends of addresses that are said to be one entity's.</summary>
internal static class EntityTotals
{
    public static IReadOnlyList<EntityTotal> Of(IEnumerable<AddressTotal> addresses)
    {
        var totals = new Dictionary<string, EntityTotal>(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            if (address.Entity is not { } entity) continue;
            totals[entity.Key] = totals.TryGetValue(entity.Key, out var known)
                ? new EntityTotal(
                    known.Entity.Via == EntityVia.Cluster ? entity : known.Entity, known.Tainted + address.Tainted, known.Ends + address.Ends, known.Addresses + 1,
                    Math.Min(known.FirstHeight, address.FirstHeight), Math.Max(known.LastHeight, address.LastHeight))
                : new EntityTotal(entity, address.Tainted, address.Ends, 1, address.FirstHeight, address.LastHeight);
        }

        return [.. totals.OrderByDescending(pair => pair.Value.Tainted).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];
    }
}
