namespace Haetae.Cli.Exercise;

/// <summary>The kinds of output script that occur in an exercise.</summary>
internal enum ScriptKind
{
    P2pkh,
    P2sh,
    P2wpkh,
    P2wsh,
    P2tr,
    Data,
}

/// <summary>Script templates and what spending each costs.</summary>
internal static class ScriptKinds
{
    /// <summary>True if spending it puts data into the witness.</summary>
    /// <remarks>P2SH outputs here wrap a witness key (BIP 141, P2WPKH nested in BIP 16 P2SH).</remarks>
    public static bool HasWitness(this ScriptKind kind) => kind is not ScriptKind.P2pkh and not ScriptKind.Data;

    /// <summary>Size of an input that spends this kind, in virtual bytes, rounded up.</summary>
    public static int InputSize(this ScriptKind kind) => kind switch
    {
        ScriptKind.P2pkh => 148,
        ScriptKind.P2sh => 91,
        ScriptKind.P2wpkh => 68,
        ScriptKind.P2wsh => 105,
        ScriptKind.P2tr => 58,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Such an output is never spent."),
    };

    /// <summary>The output script of a kind over a hash or key; takes the first 20 bytes where 20 are used.</summary>
    public static byte[] Lock(this ScriptKind kind, ReadOnlySpan<byte> hash) => kind switch
    {
        ScriptKind.P2pkh => [0x76, 0xa9, 20, .. hash[..20], 0x88, 0xac],
        ScriptKind.P2sh => [0xa9, 20, .. hash[..20], 0x87],
        ScriptKind.P2wpkh => [0x00, 20, .. hash[..20]],
        ScriptKind.P2wsh => [0x00, 32, .. hash[..32]],
        ScriptKind.P2tr => [0x51, 32, .. hash[..32]],
        ScriptKind.Data => [0x6a, 32, .. hash[..32]],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no template for this kind."),
    };
}
