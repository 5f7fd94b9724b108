using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>What is kept of a transaction beside its id, inputs, outputs and fee; 20 bytes.</summary>
/// <param name="Version">As in the transaction.</param>
/// <param name="LockTime">As in the transaction.</param>
/// <param name="Size">Serialised bytes, witness included.</param>
/// <param name="StrippedSize">Serialised bytes without witness, marker and flag.</param>
/// <param name="Offset">Where the transaction begins in its block's bytes.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Bytes)]
public readonly record struct TxMeta(uint Version, uint LockTime, uint Size, uint StrippedSize, uint Offset)
{
    public const int Bytes = 20;

    /// <summary>BIP 141: three times the stripped size and the size once.</summary>
    public long Weight => 3L * StrippedSize + Size;

    /// <summary>BIP 141: a quarter of the weight, rounded up.</summary>
    public long VirtualSize => (Weight + 3) / 4;
}

/// <summary>An input that spends an output from before the ledger's first block; 64 bytes, sorted by input.</summary>
/// <param name="Input">The input's number.</param>
/// <param name="Value">Satoshi, or -1 when unknown.</param>
/// <param name="ScriptOffset">Where the spent script lies in <c>outside.script</c>.</param>
/// <param name="ScriptLength">Its length, or 2^32 - 1 when unknown.</param>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
internal readonly record struct OutsideRow(Hash256 TxId, long Input, long Value, long ScriptOffset, uint Vout, uint ScriptLength)
{
    internal const int Size = 64;
    internal const uint UnknownScript = uint.MaxValue;
}
