using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Entities and stops in words.</summary>
internal static class StopWords
{
    /// <summary>"Exchange Alpha (exchange; confidence 80 of 100; by its cluster)".</summary>
    public static string Full(Entity entity)
    {
        var parts = new List<string>();
        if (entity.Category is not null) parts.Add(Category(entity.Category));
        parts.Add(entity.ConfidenceLevel is { } level ? $"confidence {Amounts.Count(level)} of 100" : entity.Confidence is { } word ? $"confidence: {word}" : "confidence not stated");
        if (entity.Via == EntityVia.Cluster) parts.Add("by its cluster");
        if (entity.IsDisputed) parts.Add("other tags disagree");
        if (entity.Sanctions is not null) parts.Add(entity.Sanctions);
        return $"{entity.Name} ({string.Join("; ", parts)})";
    }

    /// <summary>"Exchange Alpha, exchange".</summary>
    public static string Short(Entity entity) => entity.Category is null ? entity.Name : $"{entity.Name}, {Category(entity.Category)}";

    /// <summary>What a stop is called in a list.</summary>
    public static string Name(TraceStop stop) => stop.Entity is { } entity ? entity.Name : Answer.Sentenced(CoinJoinNames.Sentence(stop.CoinJoin!.Kind));

    /// <summary>Why it is one.</summary>
    public static string Why(TraceStop stop)
    {
        if (stop.Entity is { } entity) return Full(entity)[(entity.Name.Length + 2)..^1];
        var verdict = stop.CoinJoin!;
        var places = verdict.Participants is { } count ? $"{Amounts.Count(count)} places; " : "";
        return $"{places}rule {verdict.Rule}, {verdict.Confidence?.ToString().ToLowerInvariant()} confidence";
    }

    /// <summary>The taxonomy's word as people write it.</summary>
    public static string Category(string category) => category.Replace('_', ' ');
}
