namespace Haetae.Tracing.Reports;

/// <summary>Bounds without a rule in words, for the terminal and the page.</summary>
internal static class BoundsWords
{
    public const string Heading = "Under any rule";

    /// <summary>What the table says and what it does not.</summary>
    public static string Introduction(BoundsReport bounds)
    {
        if (bounds.NotComputed is not null) return $"The least and the most that any rule could place at a destination were not computed: {bounds.NotComputed}. --bounds N looks at networks of up to N transactions.";
        var text = $"However the {Amounts.Count(bounds.Transactions ?? 0, "transaction", "transactions")} reached divided the stolen money, each destination holds at least and at most this much of it: no rule that conserves amounts can say otherwise. Least and most of different rows cannot be added.";
        if (!bounds.Tight) text += " Where the reward of a block is not known, the bounds are wider than they need be.";
        return bounds.Destinations.Any(destination => destination.Figures.Any(figure => !figure.Bounded))
            ? text + " The bounds say nothing of figures in brackets: poison conserves nothing, and a trace that a limit cut short ends elsewhere."
            : text;
    }

    public static string Name(DestinationBounds destination) => destination.Kind switch
    {
        "fees" => "all fees",
        "category" => $"all tagged {StopWords.Category(destination.Name!)}",
        "entity" => StopWords.Short(destination.Entity!),
        _ => Holders.NameOf(destination.Holder!.Address, destination.Holder.ScriptType, destination.Holder.ScriptHex),
    };

    /// <summary>"FIFO 1.50000000"; in brackets where the bounds do not speak of it.</summary>
    public static string Figure(PolicyFigure figure)
    {
        var text = $"{PolicyMethod.Of(figure.Policy).Title} {Amounts.Fixed(figure.Tainted)}";
        return figure.Bounded ? text : $"({text})";
    }
}
