namespace Haetae.Ledger.Proofs;

/// <summary>A transaction and its place on chain: the height of its block, its position there, and the branch that proves both against that block's header.</summary>
/// <param name="Branch">Lowest row first.</param>
public sealed record ProvenTransaction(int Height, uint Position, IReadOnlyList<Hash256> Branch, BareTransaction Transaction);

/// <summary>Headers of consecutive blocks.</summary>
/// <param name="FirstHeight">Height of the first; a header does not tell it.</param>
/// <param name="Bytes">80 bytes each.</param>
public sealed record HeaderRun(int FirstHeight, ReadOnlyMemory<byte> Bytes)
{
    public int Count => Bytes.Length / BlockHeader.Size;

    public int LastHeight => FirstHeight + Count - 1;

    public ReadOnlySpan<byte> this[int index] => Bytes.Span.Slice(BlockHeader.Size * index, BlockHeader.Size);
}
