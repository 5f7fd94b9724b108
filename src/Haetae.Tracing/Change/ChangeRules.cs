namespace Haetae.Tracing.Change;

/// <summary>All change rules by name.</summary>
public static class ChangeRules
{
    /// <summary>BlockSci's set in its order, without "none", then GraphSense's one-time change.</summary>
    public static IReadOnlyList<IChangeRule> All { get; } =
    [
        new PeelingChainRule(), new PowerOfTenRule(), new OptimalChangeRule(), new AddressTypeRule(), new LockTimeRule(), new AddressReuseRule(), new FreshAddressRule(), new LegacyRule(),
        new FixedFeeRule(), new SpentRule(), new OneTimeChangeRule(),
    ];

    /// <summary>The rule of a name; null when there is none.</summary>
    public static IChangeRule? Find(string name) => name == "none" ? new NoneRule() : All.FirstOrDefault(rule => rule.Name == name);

    /// <summary>GraphSense's consensus: for each output the surest sign that it is change, as confidence of 100.</summary>
    /// <param name="isOfInputs">Whether an output's address is in the cluster of an input by co-spending; null where clusters are not at hand.</param>
    /// <remarks>
    /// Direct change, confidence 100: the script is an input's too. One-time change, 50. Multi-input change, 50: the address is in an input's cluster, which co-spending says without looking at this
    /// transaction's outputs. Source: GraphSense, heuristics service.
    /// </remarks>
    public static IReadOnlyList<ChangeSign> Consensus(ChangeTransaction transaction, Func<int, bool>? isOfInputs = null)
    {
        var once = new OneTimeChangeRule().Candidates(transaction);
        var signs = new List<ChangeSign>();
        for (var place = 0; transaction.Inputs.Count > 0 && place < transaction.Outputs.Count; place++)
        {
            var output = transaction.Outputs[place];
            if (!output.IsSpendable) continue;
            if (transaction.IsPaidBack(output)) signs.Add(new ChangeSign(place, 100, "direct-change"));
            else if (once.Contains(place)) signs.Add(new ChangeSign(place, 50, "one-time-change"));
            else if (isOfInputs is not null && isOfInputs(place)) signs.Add(new ChangeSign(place, 50, "multi-input-change"));
        }

        return signs;
    }
}

/// <summary>A sign that an output is change.</summary>
/// <param name="Output">Its place in the transaction.</param>
/// <param name="Confidence">Of 100, as GraphSense states it; not a measured rate.</param>
public readonly record struct ChangeSign(int Output, int Confidence, string Rule);
