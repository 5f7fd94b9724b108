namespace Haetae.Tracing.Demixing;

/// <summary>Which inputs can have paid for an output, by amounts alone.</summary>
/// <remarks>
/// <c>necessary-input</c>. Contract: without this input, all the others together bring less than the output takes out; so, unless its owner was given money inside the
/// transaction, the input is the output's owner's. Nothing else is claimed, and several inputs of one output can be necessary at once: they are no rivals.
/// Errs: where one participant pays another inside the mix.
/// <c>large-enough-input</c>. Contract: the inputs that are as large as the output, the smallest of them first; all score alike, and each is a rival of the others. Errs: wherever an owner puts coins
/// together, which is why its list is worth little unless it holds one.
/// Source: the subset sums of Atlas ("Weak privacy guarantees for SharedCoin mixing service", 2014), in their simplest form.
/// </remarks>
public static class SourceAmounts
{
    /// <summary>The stronger rule's name.</summary>
    public const string Necessary = "necessary-input";

    /// <summary>The weaker rule's name.</summary>
    public const string LargeEnough = "large-enough-input";

    /// <summary>What can be said of each output, in order; nothing where the value of an input is unknown.</summary>
    public static IEnumerable<LinkEvidence> Of(TransactionShape shape)
    {
        if (shape.Inputs.Any(input => input.Value is null)) yield break;
        var all = shape.Inputs.Sum(input => input.Value!.Value);
        for (var o = 0; o < shape.Outputs.Count; o++)
        {
            var paid = shape.Outputs[o].Value;
            if (paid == 0) continue;
            for (var i = 0; i < shape.Inputs.Count; i++)
                if (all - shape.Inputs[i].Value!.Value < paid) yield return new LinkEvidence(Necessary, CoinPlace.Out(o), [CoinPlace.In(i)], 1_000, "without it the other inputs together could not have paid this output");
            List<int> enough = [.. Enumerable.Range(0, shape.Inputs.Count).Where(i => shape.Inputs[i].Value >= paid).OrderBy(i => shape.Inputs[i].Value)];
            foreach (var i in enough)
                yield return new LinkEvidence(LargeEnough, CoinPlace.Out(o), [CoinPlace.In(i)], 1_000 / enough.Count, enough.Count == 1 ? "the only input as large as this output" : $"one of {enough.Count} inputs as large as this output") { Rivals = enough.Count - 1 };
        }
    }
}
