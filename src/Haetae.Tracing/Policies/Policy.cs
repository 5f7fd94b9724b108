namespace Haetae.Tracing.Policies;

/// <summary>A rule for which satoshi of a transaction's outputs are the stolen ones. In the order results are shown.</summary>
public enum Policy
{
    Fifo,
    Lifo,
    Haircut,
    Tiho,
    Tilo,
    DirtyFirst,
    CleanFirst,
    Poison,
    HaircutBlockSci,
}

/// <summary>Policies by the names people type.</summary>
public static class PolicyNames
{
    /// <summary>Every policy, in the order results are shown.</summary>
    public static IReadOnlyList<Policy> All { get; } = [.. Enum.GetValues<Policy>()];

    /// <summary>Whether every stolen satoshi of a trace is in exactly one book.</summary>
    public static bool Conserves(Policy policy) => policy is not (Policy.Poison or Policy.HaircutBlockSci);

    public static string NameOf(Policy policy) => policy switch
    {
        Policy.Fifo => "fifo",
        Policy.Lifo => "lifo",
        Policy.Haircut => "haircut",
        Policy.Tiho => "tiho",
        Policy.Tilo => "tilo",
        Policy.DirtyFirst => "dirty-first",
        Policy.CleanFirst => "clean-first",
        Policy.Poison => "poison",
        Policy.HaircutBlockSci => "haircut-blocksci",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };

    /// <summary>Finds a policy by its exact name; false when there is none.</summary>
    public static bool TryParse(string name, out Policy policy)
    {
        foreach (var candidate in All)
        {
            if (!string.Equals(NameOf(candidate), name, StringComparison.Ordinal)) continue;
            policy = candidate;
            return true;
        }

        policy = default;
        return false;
    }
}
