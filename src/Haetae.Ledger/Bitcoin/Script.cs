namespace Haetae.Ledger.Bitcoin;

/// <summary>Tells the kind of an output script, by the same rules and in the same order as Bitcoin Core (script/solver.cpp). It allocates nothing.</summary>
public static class Script
{
    /// <summary>A longer script can never be run, in bytes (Bitcoin Core, script/script.h, MAX_SCRIPT_SIZE).</summary>
    public const int MaximumLength = 10_000;

    private const int MaximumMultiSigKeys = 20;

    /// <summary>True when no input can ever spend the output: OP_RETURN comes first, or the script is over <see cref="MaximumLength"/>.</summary>
    /// <remarks>Wider than <see cref="ScriptKind.NullData"/>: what follows OP_RETURN need not be well formed.</remarks>
    public static bool IsUnspendable(ReadOnlySpan<byte> script) =>
        script.Length > MaximumLength || (script.Length > 0 && script[0] == Opcode.Return);

    public static ScriptKind Classify(ReadOnlySpan<byte> script)
    {
        if (IsScriptHash(script)) return ScriptKind.ScriptHash;
        if (TryReadWitnessProgram(script, out var version, out var program)) return ClassifyWitness(version, program);
        if (IsNullData(script)) return ScriptKind.NullData;
        if (IsPubKey(script)) return ScriptKind.PubKey;
        if (IsPubKeyHash(script)) return ScriptKind.PubKeyHash;
        return IsMultiSig(script) ? ScriptKind.MultiSig : ScriptKind.NonStandard;
    }

    /// <summary>Reads a witness program: a version opcode, 0 to 16, and one direct push of 2 to 40 bytes (BIP 141).</summary>
    public static bool TryReadWitnessProgram(ReadOnlySpan<byte> script, out int version, out ReadOnlySpan<byte> program)
    {
        version = 0;
        program = default;
        if (script.Length is < 4 or > 42 || script[1] != script.Length - 2) return false;
        if (script[0] is >= Opcode.One and <= Opcode.Sixteen) version = script[0] - Opcode.One + 1;
        else if (script[0] != Opcode.Zero) return false;
        program = script[2..];
        return true;
    }

    private static ScriptKind ClassifyWitness(int version, ReadOnlySpan<byte> program) => (version, program.Length) switch
    {
        (0, 20) => ScriptKind.WitnessV0KeyHash,
        (0, 32) => ScriptKind.WitnessV0ScriptHash,
        (0, _) => ScriptKind.NonStandard,
        (1, 32) => ScriptKind.WitnessV1Taproot,
        (1, 2) when program[0] == 0x4e && program[1] == 0x73 => ScriptKind.Anchor,
        _ => ScriptKind.WitnessUnknown,
    };

    private static bool IsScriptHash(ReadOnlySpan<byte> script) =>
        script.Length == 23 && script[0] == Opcode.Hash160 && script[1] == 20 && script[22] == Opcode.Equal;

    private static bool IsPubKeyHash(ReadOnlySpan<byte> script) =>
        script.Length == 25 && script[0] == Opcode.Duplicate && script[1] == Opcode.Hash160 && script[2] == 20
        && script[23] == Opcode.EqualVerify && script[24] == Opcode.CheckSig;

    private static bool IsPubKey(ReadOnlySpan<byte> script) =>
        script.Length is 35 or 67 && script[0] == script.Length - 2 && script[^1] == Opcode.CheckSig && HasKeyShape(script[1..^1]);

    /// <summary>Length and first byte agree; whether the point lies on the curve is not asked, as Core does not ask it here.</summary>
    private static bool HasKeyShape(ReadOnlySpan<byte> key) => key.Length switch
    {
        33 => key[0] is 2 or 3,
        65 => key[0] is 4 or 6 or 7,
        _ => false,
    };

    private static bool IsNullData(ReadOnlySpan<byte> script)
    {
        if (script.IsEmpty || script[0] != Opcode.Return) return false;
        var reader = new ScriptReader(script[1..]);
        while (!reader.Rest.IsEmpty)
        {
            // Everything up to OP_16 counts as a push, OP_RESERVED (0x50) among them.
            if (!reader.TryRead(out var opcode, out _) || opcode > Opcode.Sixteen) return false;
        }

        return true;
    }

    private static bool IsMultiSig(ReadOnlySpan<byte> script)
    {
        if (script.IsEmpty || script[^1] != Opcode.CheckMultiSig) return false;
        var reader = new ScriptReader(script);
        if (!reader.TryRead(out var opcode, out var data) || !TryReadCount(opcode, data, out var required)) return false;

        // The keys may be pushed by any push opcode, the shortest or not; what ends them must be their number.
        var keys = 0;
        bool read;
        while ((read = reader.TryRead(out opcode, out data)) && HasKeyShape(data)) keys++;
        return read && TryReadCount(opcode, data, out var total) && required <= total && total == keys && reader.Rest.Length == 1;
    }

    /// <summary>Reads 1 to 20: OP_1 to OP_16, and from 17 on one pushed byte, for only the shortest form counts.</summary>
    private static bool TryReadCount(byte opcode, ReadOnlySpan<byte> data, out int count)
    {
        if (opcode is >= Opcode.One and <= Opcode.Sixteen) count = opcode - Opcode.One + 1;
        else if (opcode == 1 && data[0] is > 16 and <= MaximumMultiSigKeys) count = data[0];
        else count = 0;
        return count > 0;
    }
}
