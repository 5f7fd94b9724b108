namespace Haetae.Intel.Tags;

/// <summary>Where the facts about one subject do not say the same.</summary>
public static class TagConflicts
{
    /// <summary>The fields in which they differ, with every value once, in the order it came. Silence contradicts nothing, and case makes no difference.</summary>
    public static IReadOnlyList<(string Field, IReadOnlyList<string> Values)> Of(IReadOnlyList<TagFact> facts)
    {
        var differing = new List<(string, IReadOnlyList<string>)>();
        Compare("label", said => said.Label);
        Compare("actor", said => said.Actor);
        Compare("category", said => said.Category);
        Compare("abuse", said => said.Abuse);
        return differing;

        void Compare(string field, Func<TagStatement, string?> value)
        {
            var values = facts.Select(fact => value(fact.Statement)).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (values.Count > 1) differing.Add((field, values));
        }
    }
}
