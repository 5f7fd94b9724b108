namespace Haetae.Tracing.Demixing;

/// <summary>A coin that goes into a transaction or comes out of it, by its place there.</summary>
/// <param name="IsInput">An input; else an output.</param>
public readonly record struct CoinPlace(bool IsInput, int Index) : IComparable<CoinPlace>
{
    /// <summary>The place of an input.</summary>
    public static CoinPlace In(int index) => new(true, index);

    /// <summary>The place of an output.</summary>
    public static CoinPlace Out(int index) => new(false, index);

    /// <inheritdoc/>
    public int CompareTo(CoinPlace other) => IsInput != other.IsInput ? (IsInput ? -1 : 1) : Index.CompareTo(other.Index);

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(IsInput ? "in" : "out")} {Index}");
}

/// <summary>A reason to think that one owner stands behind a coin and some others of the same mix. Evidence, never a fact.</summary>
/// <param name="Rule">The rule that fired; its name is the same from version to version.</param>
/// <param name="Of">The coin that is asked about.</param>
/// <param name="With">The coins said to be its owner's too, in order of place.</param>
/// <param name="Score">How much the rule thinks of it, 0 to 1,000: comparable among candidates of one rule, a share of certainty in no other sense. Measured rates stand in docs/accuracy.md.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record LinkEvidence(string Rule, CoinPlace Of, IReadOnlyList<CoinPlace> With, int Score, string Reason)
{
    /// <summary>How many other candidates the same rule has for the same coin that exclude this one and score as much or more.</summary>
    public int Rivals { get; init; }

    /// <summary>The transaction, by number in the ledger, that bears witness; null: the mix itself does.</summary>
    public uint? Witness { get; init; }

    /// <summary>Counts rivals among candidates of one rule for one coin and puts the best first; of equal score, the earlier place.</summary>
    internal static IEnumerable<LinkEvidence> Ranked(IEnumerable<LinkEvidence> candidates)
    {
        List<LinkEvidence> all = [.. candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.With, PlaceOrder.Instance)];
        return all.Select(candidate => candidate with { Rivals = all.Count(other => other.Score >= candidate.Score) - 1 });
    }

    private sealed class PlaceOrder : IComparer<IReadOnlyList<CoinPlace>>
    {
        internal static readonly PlaceOrder Instance = new();

        public int Compare(IReadOnlyList<CoinPlace>? one, IReadOnlyList<CoinPlace>? other)
        {
            for (var i = 0; i < Math.Min(one!.Count, other!.Count); i++)
                if (one[i].CompareTo(other[i]) is var order and not 0) return order;
            return one.Count.CompareTo(other!.Count);
        }
    }
}
