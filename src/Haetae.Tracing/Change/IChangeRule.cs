namespace Haetae.Tracing.Change;

/// <summary>A rule about which output of a transaction is its change.</summary>
/// <remarks>
/// One contract for all: <see cref="Candidates"/> returns the places of the outputs that the rule cannot rule out as change. An empty set is no verdict; one place is a
/// verdict; several leave the question open. Outputs of OP_RETURN and of a coinbase are never named. No rule alone is fit for clustering: each is wrong often enough to join strangers.
/// </remarks>
public interface IChangeRule
{
    /// <summary>The rule's name, the same from version to version.</summary>
    string Name { get; }

    /// <summary>Places of outputs that may be the change.</summary>
    SortedSet<int> Candidates(ChangeTransaction transaction);
}

/// <summary>Rules put together.</summary>
public static class ChangeRuleSets
{
    /// <summary>What either rule cannot rule out.</summary>
    public static IChangeRule Or(this IChangeRule one, IChangeRule other) => new Combined($"({one.Name} or {other.Name})", one, other, static (a, b) => a.UnionWith(b));

    /// <summary>What neither rule can rule out.</summary>
    public static IChangeRule And(this IChangeRule one, IChangeRule other) => new Combined($"({one.Name} and {other.Name})", one, other, static (a, b) => a.IntersectWith(b));

    /// <summary>What the first cannot rule out and the second does.</summary>
    public static IChangeRule Minus(this IChangeRule one, IChangeRule other) => new Combined($"({one.Name} minus {other.Name})", one, other, static (a, b) => a.ExceptWith(b));

    /// <summary>The only candidate; none when there are several.</summary>
    public static IChangeRule Unique(this IChangeRule rule) => new Single(rule);

    private sealed class Combined(string name, IChangeRule one, IChangeRule other, Action<SortedSet<int>, SortedSet<int>> join) : IChangeRule
    {
        public string Name => name;

        public SortedSet<int> Candidates(ChangeTransaction transaction)
        {
            var candidates = new SortedSet<int>(one.Candidates(transaction));
            join(candidates, other.Candidates(transaction));
            return candidates;
        }
    }

    private sealed class Single(IChangeRule rule) : IChangeRule
    {
        public string Name => $"unique {rule.Name}";

        public SortedSet<int> Candidates(ChangeTransaction transaction) => rule.Candidates(transaction) is { Count: 1 } one ? one : [];
    }
}

/// <summary>What the rules share: outputs are looked at one by one, those that carry data left out.</summary>
public abstract class OutputRule : IChangeRule
{
    public abstract string Name { get; }

    public SortedSet<int> Candidates(ChangeTransaction transaction)
    {
        var candidates = new SortedSet<int>();
        if (transaction.Inputs.Count == 0 || !Applies(transaction)) return candidates;
        for (var place = 0; place < transaction.Outputs.Count; place++)
            if (transaction.Outputs[place] is var output && output.IsSpendable && MayBeChange(transaction, output)) candidates.Add(place);
        return candidates;
    }

    /// <summary>False: the rule has no verdict about this transaction.</summary>
    protected virtual bool Applies(ChangeTransaction transaction) => true;

    /// <summary>False: the rule rules this output out.</summary>
    protected abstract bool MayBeChange(ChangeTransaction transaction, ChangeOutput output);
}
