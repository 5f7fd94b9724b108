using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>For each 65,536 outputs, the sum modulo 2^64 of spender times weight: a checksum that a spend changes by one addition, and an undo by one subtraction.</summary>
/// <remarks>
/// <code>
/// weight of output o = (o mod 65,536) × 2 × 0x9e3779b97f4a7c15 + 1     odd, so one changed spender always changes the sum
/// </code>
/// An unspent output adds nothing, nor does a spender that is not below the count of transactions: a reader does not see it.
/// File: 8 bytes a sum, then the CRC-32C of those.
/// </remarks>
internal sealed class SpenderSums
{
    /// <summary>A sum stands for 2^16 outputs, which are 256 KiB of <c>out.spender</c>.</summary>
    internal const int Bits = BlockGuard.Bits - 2;

    private const ulong Step = unchecked(2 * 0x9e3779b97f4a7c15UL);

    private ulong[] _sums = [];

    /// <summary>The sums of the first <paramref name="outputs"/> outputs, which may grow and change afterwards.</summary>
    internal ulong[] Snapshot(long outputs)
    {
        Reserve(outputs);
        return _sums[..Count(outputs)];
    }

    /// <summary>The same sums, to be changed apart.</summary>
    internal SpenderSums Copy() => new() { _sums = [.. _sums] };

    internal void Reserve(long outputs)
    {
        if (_sums.Length < Count(outputs)) Array.Resize(ref _sums, Math.Max(Count(outputs), 2 * _sums.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(long output, uint spender) => _sums[output >> Bits] += spender * Weight(output);

    internal void Remove(long output, uint spender) => _sums[output >> Bits] -= spender * Weight(output);

    /// <summary>Drops what lies behind so many outputs; their spends must have been removed.</summary>
    internal void Cut(long outputs) => _sums.AsSpan(Math.Min(_sums.Length, Count(outputs))).Clear();

    private static int Count(long outputs) => checked((int)((outputs + (1L << Bits) - 1) >> Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Weight(long output) => unchecked((ulong)(output & ((1L << Bits) - 1)) * Step + 1);

    /// <summary>The sum of a stretch of outputs that begins with a multiple of 65,536.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static ulong Of(ReadOnlySpan<uint> spenders, uint transactions)
    {
        ulong sum = 0, weight = 1;
        foreach (var spender in spenders)
        {
            sum += (spender < transactions ? spender : 0) * weight;
            weight += Step;
        }

        return sum;
    }

    /// <summary>The name of the file for one state of a ledger: never that of another state.</summary>
    internal static string FileName(LedgerCounts counts, int undone) => $"out.spender.{undone}-{counts.Transactions}.sum";

    /// <summary>Whether a file's name is one for such counts, made after at most so many undos.</summary>
    internal static bool IsNamed(string file, LedgerCounts counts, int undone)
    {
        const string start = "out.spender.";
        var end = $"-{counts.Transactions}.sum";
        return file.Length > start.Length + end.Length && int.TryParse(file.AsSpan(start.Length, file.Length - start.Length - end.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var made)
            && made <= undone && file == FileName(counts, made);
    }

    internal static void Write(string path, ReadOnlySpan<ulong> sums)
    {
        var bytes = MemoryMarshal.AsBytes(sums);
        var crc = Checksums.Crc(bytes);
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(file, bytes, 0);
        RandomAccess.Write(file, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in crc)), bytes.Length);
        RandomAccess.FlushToDisk(file);
    }

    /// <exception cref="LedgerCorruptException">The file is missing, of another length, or not what was written.</exception>
    internal static ulong[] Read(string path, long outputs)
    {
        var sums = new ulong[Count(outputs)];
        var info = new FileInfo(path);
        if (!info.Exists || info.Length != 8L * sums.Length + 4)
            throw new LedgerCorruptException($"{path}: {(info.Exists ? $"{info.Length} bytes where {8L * sums.Length + 4} were written" : "the file is missing")}. Ingest into a new folder.");
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != 8 * sums.Length + 4 || Checksums.Crc(bytes.AsSpan(0, 8 * sums.Length)) != MemoryMarshal.Read<uint>(bytes.AsSpan(8 * sums.Length)))
            throw new LedgerCorruptException($"{path}: not what was written. Ingest into a new folder.");
        bytes.AsSpan(0, 8 * sums.Length).CopyTo(MemoryMarshal.AsBytes(sums.AsSpan()));
        return sums;
    }
}
