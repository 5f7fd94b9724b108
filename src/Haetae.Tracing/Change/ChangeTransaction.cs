using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing.Change;

/// <summary>What change rules ask of an input.</summary>
/// <param name="Script">The script spent; null when unknown.</param>
/// <param name="Value">Satoshi; null when unknown.</param>
public sealed record ChangeInput(byte[]? Script, long? Value);

/// <summary>What change rules ask of a transaction that spends an output.</summary>
/// <param name="FeePerKilobyte">Satoshi for 1,000 virtual bytes, rounded down; null when the fee is unknown.</param>
/// <param name="IsPeelingChain">By <see cref="PeelShape"/>.</param>
public sealed record ChangeSpender(uint LockTime, long? FeePerKilobyte, bool IsPeelingChain);

/// <summary>What change rules ask of an output. What needs look-ups is asked when a rule wants it, once.</summary>
public sealed class ChangeOutput(byte[] script, long value, ChangeSpender? spender, Func<bool> isFirstPaidHere, Func<bool> isPaidOnce)
{
    private readonly Lazy<bool> _first = new(isFirstPaidHere), _once = new(isPaidOnce);

    /// <summary>The script paid.</summary>
    public byte[] Script => script;

    /// <summary>Satoshi.</summary>
    public long Value => value;

    /// <summary>The transaction that spends it; null while none does.</summary>
    public ChangeSpender? Spender => spender;

    public ScriptKind Kind { get; } = Ledger.Bitcoin.Script.Classify(script);

    /// <summary>False for scripts that begin with OP_RETURN: they carry data and are nobody's change.</summary>
    public bool IsSpendable => script is not [0x6a, ..];

    /// <summary>No earlier transaction paid this script.</summary>
    public bool IsFirstPaidHere => _first.Value;

    /// <summary>No other output of the ledger, earlier or later, pays this script.</summary>
    public bool IsPaidOnce => _once.Value;
}

/// <summary>A transaction as change rules see it. A coinbase has no inputs, and no rule names an output of it.</summary>
/// <param name="FeePerKilobyte">Satoshi for 1,000 virtual bytes, rounded down; null when the fee is unknown.</param>
/// <param name="IsPeelingChain">By <see cref="PeelShape"/>.</param>
/// <param name="IsCoinJoin">By BlockSci's test.</param>
public sealed record ChangeTransaction(IReadOnlyList<ChangeInput> Inputs, IReadOnlyList<ChangeOutput> Outputs, uint LockTime, long? FeePerKilobyte, bool IsPeelingChain, bool IsCoinJoin)
{
    /// <summary>The least an input brings, of those that are known; null when none is.</summary>
    public long? LeastInput { get; } = Inputs.Min(input => input.Value);

    /// <summary>The kind of script behind all inputs; null when there are several kinds or some input's is unknown.</summary>
    public ScriptKind? InputKind { get; } =
        Inputs.Count > 0 && Inputs.All(input => input.Script is not null) && Inputs.Select(input => Script.Classify(input.Script!)).Distinct().ToList() is [var kind] ? kind : null;

    /// <summary>Whether an output pays a script that an input spends from.</summary>
    public bool IsPaidBack(ChangeOutput output) => Inputs.Any(input => input.Script is { } script && script.AsSpan().SequenceEqual(output.Script));

    /// <summary>A transaction of a ledger.</summary>
    public static ChangeTransaction Of(BitcoinLedger ledger, uint transaction)
    {
        var graph = ledger.Graph;
        var inputs = new List<ChangeInput>();
        for (var input = graph.FirstInput[transaction]; input < graph.FirstInput[transaction + 1L]; input++)
        {
            var previous = graph.Previous[input];
            inputs.Add(previous != OutputNum.NotHeld ? new ChangeInput(ledger.ScriptOf(previous), graph.Value[previous]) : ledger.OutsideOf(input) is var outside ? new ChangeInput(outside.Script, outside.Value) : null!);
        }

        var outputs = new List<ChangeOutput>();
        for (var output = graph.FirstOutput[transaction]; output < graph.FirstOutput[transaction + 1L]; output++)
        {
            var script = ledger.ScriptOf(output);
            var paid = new Lazy<List<long>>(() => ledger.FindOutputs(script));
            var spender = graph.SpenderOf(output);
            outputs.Add(new ChangeOutput(
                script, graph.Value[output],
                spender == 0 ? null : new ChangeSpender(ledger.Metas[spender].LockTime, FeeOf(ledger, spender), PeelShape.IsPeelingChain(ledger, spender)),
                () => paid.Value is [var first, ..] && first >= graph.FirstOutput[transaction], () => paid.Value.Count == 1));
        }

        return new ChangeTransaction(inputs, outputs, ledger.Metas[transaction].LockTime, FeeOf(ledger, transaction), PeelShape.IsPeelingChain(ledger, transaction), CoinJoins.PassesBlockSci(ledger, transaction));
    }

    private static long? FeeOf(BitcoinLedger ledger, uint transaction) =>
        ledger.Graph.Fee[transaction] is var fee && fee != UtxoGraph.UnknownFee ? fee * 1_000 / ledger.Metas[transaction].VirtualSize : null;
}
