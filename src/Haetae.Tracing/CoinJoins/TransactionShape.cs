using Haetae.Ledger;

namespace Haetae.Tracing;

/// <summary>What one input of a transaction spends, as far as it is known.</summary>
/// <param name="Script">The script of the spent output; null when unknown.</param>
/// <param name="Value">Its satoshi; null when unknown.</param>
/// <param name="Sequence">The input's sequence number; null when unknown.</param>
public sealed record InputShape(byte[]? Script, long? Value, uint? Sequence = null);

/// <summary>What one output pays: a script and satoshi.</summary>
public sealed record OutputShape(byte[] Script, long Value);

/// <summary>A transaction without its place in a chain: scripts, amounts and the few fields that tell wallets apart. Every CoinJoin rule reads this and nothing else.</summary>
public sealed record TransactionShape(IReadOnlyList<InputShape> Inputs, IReadOnlyList<OutputShape> Outputs)
{
    /// <summary>The transaction's version; null when unknown.</summary>
    public uint? Version { get; init; }

    /// <summary>Its lock time; null when unknown.</summary>
    public uint? LockTime { get; init; }

    /// <summary>Its height on mainnet; null when unknown or on another network, and then no rule asks for the years in which a service ran.</summary>
    public int? Height { get; init; }

    /// <summary>Whether it moved coins of value; null when unknown.</summary>
    public bool? OnMainnet { get; init; }

    /// <summary>The shape of a ledger's transaction. A coinbase has no inputs.</summary>
    public static TransactionShape Of(ILedgerView ledger, uint transaction)
    {
        var graph = ledger.Graph;
        var inputs = new List<InputShape>();
        for (var i = graph.FirstInput[transaction]; i < graph.FirstInput[transaction + 1L]; i++)
        {
            var previous = graph.Previous[i];
            if (previous != OutputNum.NotHeld)
            {
                inputs.Add(new InputShape(ledger.ScriptOf(previous), graph.Value[previous], ledger.Sequences[i]));
                continue;
            }

            var outside = ledger.OutsideOf(i);
            inputs.Add(new InputShape(outside.Script, outside.Value, ledger.Sequences[i]));
        }

        var outputs = new List<OutputShape>();
        for (var o = graph.FirstOutput[transaction]; o < graph.FirstOutput[transaction + 1L]; o++) outputs.Add(new OutputShape(ledger.ScriptOf(o), graph.Value[o]));
        var meta = ledger.Metas[transaction];
        return new TransactionShape(inputs, outputs)
        {
            Version = meta.Version,
            LockTime = meta.LockTime,
            OnMainnet = ledger.Network.Name == "mainnet",
            Height = ledger.Network.Name == "mainnet" ? graph.HeightOf(transaction) : null,
        };
    }
}
