using System.Runtime.CompilerServices;

namespace Haetae.Ledger.Storage;

/// <summary>Stands before a stored column or index: each block of 256 KiB is checked against what was written when it is first touched.</summary>
/// <remarks>
/// So a flipped byte is an error that names its file and place, never an answer, and a look-up pays only for the blocks it reads, once.
/// Safe from many threads: two that meet at a new block both check it. Safety invariant of the pointer: the array behind it is pinned and
/// lives as long as this object; places are bounded by whoever asks, whose column is no longer than what is guarded.
/// </remarks>
internal abstract unsafe class BlockGuard
{
    /// <summary>A block is 2^18 bytes.</summary>
    internal const int Bits = 18;

    private readonly byte[] _seen;
    private readonly Func<Exception?>? _otherReason;

    /// <param name="path">The file, for messages.</param>
    /// <param name="bytes">How much of it is guarded.</param>
    /// <param name="otherReason">Asked when a block is not what was written: a better reason than damage, if there is one.</param>
    protected BlockGuard(string path, long bytes, Func<Exception?>? otherReason)
    {
        Path = path;
        Bytes = bytes;
        _otherReason = otherReason;
        _seen = GC.AllocateArray<byte>((int)(bytes >> Bits) + 1, pinned: true);
        Seen = (byte*)Unsafe.AsPointer(ref _seen[0]);
    }

    internal string Path { get; }

    internal long Bytes { get; }

    /// <summary>Per block, 1 once it was found right.</summary>
    internal byte* Seen { get; }

    /// <summary>Checks the blocks that hold bytes <paramref name="first"/> to <paramref name="last"/>, both included, where that was not done before.</summary>
    /// <exception cref="LedgerCorruptException">One is not what was written.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Touch(long first, long last)
    {
        for (var block = first >> Bits; block <= last >> Bits; block++)
            if (_seen[block] == 0) Check(block);
    }

    /// <summary>Takes the blocks from a byte on for right: they are written anew from here on.</summary>
    internal void LetGo(long from)
    {
        for (var block = (from + (1 << Bits) - 1) >> Bits; block < _seen.Length; block++) _seen[block] = 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Check(long block)
    {
        if (!Holds(block)) throw _otherReason?.Invoke() ?? Damaged(block);
        _seen[block] = 1;
    }

    /// <summary>Every block that is not what was written, as a message.</summary>
    internal IEnumerable<string> Findings()
    {
        for (long block = 0; block < _seen.Length; block++)
            if (!Holds(block)) yield return Message(block);
    }

    /// <summary>Whether a block's content is what was written; the last one may be empty.</summary>
    protected abstract bool Holds(long block);

    private string Message(long block) => $"{Path}: bytes {block << Bits} to {Math.Min(Bytes, (block + 1) << Bits)} are not what was written.";

    private LedgerCorruptException Damaged(long block) =>
        new($"{Message(block)} The file was changed or the disk is damaged: 'haetae ledger verify' lists all such places; ingest into a new folder.");
}

/// <summary>Gives the bytes of a file from a place on.</summary>
internal delegate ReadOnlySpan<byte> BlockBytes(long offset, int length);

/// <summary>Guards what is written once, by CRC-32C.</summary>
/// <param name="sums">One for each full block.</param>
/// <param name="tail">That of what follows the last full block, be it nothing.</param>
internal sealed class ChecksumGuard(string path, long bytes, uint[] sums, uint tail, BlockBytes read, Func<Exception?>? otherReason = null)
    : BlockGuard(path, bytes, otherReason)
{
    protected override bool Holds(long block)
    {
        var size = (int)Math.Min(1L << Bits, Bytes - (block << Bits));
        return Checksums.Crc(size == 0 ? default : read(block << Bits, size)) == (block < sums.Length ? sums[block] : tail);
    }
}

/// <summary>Guards <c>out.spender</c>, which is written again with every spend, by sums that a spend can be added to (<see cref="SpenderSums"/>).</summary>
internal sealed unsafe class SpenderGuard(string path, uint* spenders, long outputs, uint transactions, ulong[] sums, Func<Exception?>? otherReason = null)
    : BlockGuard(path, 4 * outputs, otherReason)
{
    protected override bool Holds(long block)
    {
        var first = block << SpenderSums.Bits;
        if (block >= sums.Length) return first >= outputs;
        return SpenderSums.Of(new ReadOnlySpan<uint>(spenders + first, (int)Math.Min(1L << SpenderSums.Bits, outputs - first)), transactions) == sums[block];
    }
}
