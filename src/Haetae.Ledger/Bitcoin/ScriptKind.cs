namespace Haetae.Ledger.Bitcoin;

/// <summary>What shape of output script this is, by the templates Bitcoin Core knows (script/solver.cpp). The numbers are fixed: they may be stored.</summary>
public enum ScriptKind : byte
{
    /// <summary>None of the templates below; it may still be spendable.</summary>
    NonStandard = 0,

    /// <summary>A bare public key and OP_CHECKSIG: the form of the first blocks. It has no address.</summary>
    PubKey = 1,

    /// <summary>The 20-byte hash of a public key; addresses beginning "1" on mainnet.</summary>
    PubKeyHash = 2,

    /// <summary>The 20-byte hash of a script (BIP 16); addresses beginning "3" on mainnet.</summary>
    ScriptHash = 3,

    /// <summary>Witness version 0 with a 20-byte key hash (BIP 141).</summary>
    WitnessV0KeyHash = 4,

    /// <summary>Witness version 0 with a 32-byte script hash (BIP 141).</summary>
    WitnessV0ScriptHash = 5,

    /// <summary>Witness version 1 with a 32-byte output key (BIP 341).</summary>
    WitnessV1Taproot = 6,

    /// <summary>A witness program that no rule covers yet: versions 2 to 16, or version 1 of another length. Anyone may spend it today.</summary>
    WitnessUnknown = 7,

    /// <summary>Pay to anchor: witness version 1 with the program 4e73, spendable by anyone so as to raise a fee.</summary>
    Anchor = 8,

    /// <summary>Bare "m of n" public keys (BIP 11). It has no address.</summary>
    MultiSig = 9,

    /// <summary>OP_RETURN and pushes only: data carried on chain. It can never be spent.</summary>
    NullData = 10,
}

/// <summary>The names Bitcoin Core prints for the kinds of script.</summary>
public static class ScriptKindNames
{
    /// <summary>Core's word for the kind, as in the "type" field of its decoded transactions.</summary>
    public static string CoreName(this ScriptKind kind) => kind switch
    {
        ScriptKind.NonStandard => "nonstandard",
        ScriptKind.PubKey => "pubkey",
        ScriptKind.PubKeyHash => "pubkeyhash",
        ScriptKind.ScriptHash => "scripthash",
        ScriptKind.WitnessV0KeyHash => "witness_v0_keyhash",
        ScriptKind.WitnessV0ScriptHash => "witness_v0_scripthash",
        ScriptKind.WitnessV1Taproot => "witness_v1_taproot",
        ScriptKind.WitnessUnknown => "witness_unknown",
        ScriptKind.Anchor => "anchor",
        ScriptKind.MultiSig => "multisig",
        ScriptKind.NullData => "nulldata",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of script."),
    };
}
