using System.Collections.Frozen;

namespace Haetae.Intel.Tags;

/// <summary>How far a tag is to be believed: the words of GraphSense's confidence taxonomy and their levels, 0 to 100.</summary>
public static class Confidence
{
    private static readonly FrozenDictionary<string, int> Levels = new Dictionary<string, int>
    {
        ["override"] = 100,
        ["ownership"] = 100,
        ["ledger_immanent"] = 100,
        ["manual_transaction"] = 90,
        ["service_api"] = 70,
        ["forensic_investigation"] = 70,
        ["authority_data"] = 60,
        ["trusted_provider"] = 50,
        ["service_data"] = 50,
        ["forensic"] = 50,
        ["untrusted_transaction"] = 40,
        ["web_crawl"] = 20,
        ["heuristic"] = 10,
        ["unknown"] = 5,
    }.ToFrozenDictionary();

    /// <summary>The level of a word; null when the taxonomy does not have it.</summary>
    public static int? LevelOf(string? word) => word is not null && Levels.TryGetValue(word, out var level) ? level : null;
}
