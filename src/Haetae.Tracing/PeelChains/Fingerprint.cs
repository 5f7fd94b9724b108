using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Tracing.PeelChains;

/// <summary>How a wallet's sequence numbers speak of replacement.</summary>
public enum SequenceStyle
{
    /// <summary>All are final.</summary>
    Final,

    /// <summary>All are 0xfffffffe, as wallets write that set a lock time and refuse replacement.</summary>
    NoReplacement,

    /// <summary>Some are lower: the fee may be raised (BIP 125).</summary>
    Replaceable,
}

/// <summary>The marks that one program leaves on every transaction it makes, whatever is paid.</summary>
/// <param name="Version">The transaction's version.</param>
/// <param name="HasLockTime">A lock time is set.</param>
/// <param name="Sequences">What the sequence numbers say of replacement.</param>
/// <param name="Kind">The kind of script behind all inputs; null when there are several or one is unknown.</param>
/// <remarks>
/// Left out on purpose: the order of inputs and outputs (with two outputs, chance sorts every other transaction as BIP 69 would) and the fee rate, which changes with the day.
/// Source: Kappos et al., "How to Peel a Million" (USENIX Security 2022), for the idea.
/// </remarks>
public readonly record struct Fingerprint(uint Version, bool HasLockTime, SequenceStyle Sequences, ScriptKind? Kind)
{
    /// <summary>The marks of a ledger's transaction.</summary>
    public static Fingerprint Of(BitcoinLedger ledger, uint transaction)
    {
        var meta = ledger.Metas[transaction];
        var style = SequenceStyle.Final;
        ScriptKind? kind = null;
        var isMixed = false;
        for (var input = ledger.Graph.FirstInput[transaction]; input < ledger.Graph.FirstInput[transaction + 1L]; input++)
        {
            var sequence = ledger.Sequences[input];
            if (sequence < 0xfffffffe) style = SequenceStyle.Replaceable;
            else if (sequence == 0xfffffffe && style == SequenceStyle.Final) style = SequenceStyle.NoReplacement;
            ScriptKind? spent = ledger.SpentScriptOf(input) is { } script ? Script.Classify(script) : null;
            isMixed |= spent is null || (kind is not null && kind != spent);
            kind = spent;
        }

        return new Fingerprint(meta.Version, meta.LockTime > 0, style, isMixed ? null : kind);
    }
}
