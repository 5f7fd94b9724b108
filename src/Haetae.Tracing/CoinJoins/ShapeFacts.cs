using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing;

/// <summary>Counts that several rules ask of a shape, each taken once.</summary>
internal sealed class ShapeFacts
{
    private readonly HashSet<string> _inputScripts = [];

    internal ShapeFacts(TransactionShape shape)
    {
        Shape = shape;
        Payments = [.. shape.Outputs.Where(output => Script.Classify(output.Script) != ScriptKind.NullData)];
        foreach (var input in shape.Inputs)
        {
            if (input.Script is { } script) _inputScripts.Add(Convert.ToHexString(script));
            else ScriptsKnown = false;
            if (input.Value is null) ValuesKnown = false;
        }

        var scripts = new HashSet<string>();
        foreach (var output in Payments)
        {
            var script = Convert.ToHexString(output.Script);
            scripts.Add(script);
            if (_inputScripts.Contains(script)) PaidBack++;
            Times[output.Value] = Times.GetValueOrDefault(output.Value) + 1;
        }

        PaidScripts = scripts.Count;
        foreach (var (value, times) in Times)
            if (times > Equal) (Mode, Equal) = (value, times);
    }

    internal TransactionShape Shape { get; }

    /// <summary>Outputs without the data ones.</summary>
    internal IReadOnlyList<OutputShape> Payments { get; }

    /// <summary>How often each amount is paid, by rising amount.</summary>
    internal SortedDictionary<long, int> Times { get; } = [];

    /// <summary>The most frequent amount; among equally frequent ones the lowest.</summary>
    internal long Mode { get; }

    /// <summary>How often <see cref="Mode"/> is paid.</summary>
    internal int Equal { get; }

    internal int Inputs => Shape.Inputs.Count;

    internal int DataOutputs => Shape.Outputs.Count - Payments.Count;

    /// <summary>Payments that are not of the most frequent amount.</summary>
    internal int Others => Payments.Count - Equal;

    internal bool ValuesKnown { get; } = true;

    internal bool ScriptsKnown { get; } = true;

    /// <summary>Distinct scripts that are spent, the known ones only.</summary>
    internal int SpentScripts => _inputScripts.Count;

    /// <summary>The most distinct scripts that can be spent: every unknown one might be its own.</summary>
    internal int MostSpentScripts => _inputScripts.Count + Shape.Inputs.Count(input => input.Script is null);

    /// <summary>Distinct scripts that are paid.</summary>
    internal int PaidScripts { get; }

    /// <summary>Payments to a script that the transaction spends from.</summary>
    internal int PaidBack { get; }

    /// <summary>Whether every spent script that is known is one of these kinds.</summary>
    internal bool Spends(params ReadOnlySpan<ScriptKind> kinds)
    {
        foreach (var input in Shape.Inputs)
            if (input.Script is { } script && !kinds.Contains(Script.Classify(script))) return false;
        return true;
    }

    /// <summary>Whether every payment is to one of these kinds of script.</summary>
    internal bool Pays(params ReadOnlySpan<ScriptKind> kinds)
    {
        foreach (var output in Payments)
            if (!kinds.Contains(Script.Classify(output.Script))) return false;
        return true;
    }

    /// <summary>Whether the height is known and lies before a service began.</summary>
    internal bool Before(int height) => Shape.Height is { } at && at < height;

    /// <summary>The equal amounts that are paid more than once, rising.</summary>
    internal IEnumerable<long> Repeated() => Times.Where(pair => pair.Value > 1).Select(pair => pair.Key);
}
