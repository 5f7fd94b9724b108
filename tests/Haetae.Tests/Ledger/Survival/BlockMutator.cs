using System.Buffers.Binary;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>Breaks blocks where it hurts: counts, amounts, lengths, outpoints; and anywhere.</summary>
internal sealed class BlockMutator(Random random, IReadOnlyList<byte[]> blocks)
{
    private static readonly long[] s_amounts = [-1, long.MinValue, long.MaxValue, 2_100_000_000_000_000, 2_100_000_000_000_001, 0, 1, 1L << 62];
    private static readonly ulong[] s_counts = [0, 1, 252, 253, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, long.MaxValue, ulong.MaxValue];

    private readonly List<int>[] _counts = [.. blocks.Select(_ => new List<int>())];
    private readonly List<int>[] _amounts = [.. blocks.Select(_ => new List<int>())];
    private readonly List<int>[] _outpoints = [.. blocks.Select(_ => new List<int>())];

    internal static BlockMutator Of(Random random, IReadOnlyList<byte[]> blocks)
    {
        var mutator = new BlockMutator(random, blocks);
        for (var b = 0; b < blocks.Count; b++) mutator.Walk(b);
        return mutator;
    }

    private void Walk(int block)
    {
        var reader = new BlockReader(blocks[block]);
        reader.Bytes(80);
        _counts[block].Add(reader.At);
        for (var transactions = reader.Count(60); transactions > 0; transactions--)
        {
            reader.Bytes(4);
            var witness = reader.Peek() == 0;
            if (witness) reader.Bytes(2);
            _counts[block].Add(reader.At);
            var inputs = reader.Count(41);
            for (var i = 0; i < inputs; i++)
            {
                _outpoints[block].Add(reader.At);
                reader.Bytes(36);
                _counts[block].Add(reader.At);
                reader.Bytes(reader.Count(1));
                reader.Bytes(4);
            }

            _counts[block].Add(reader.At);
            for (var outputs = reader.Count(9); outputs > 0; outputs--)
            {
                _amounts[block].Add(reader.At);
                reader.Bytes(8);
                _counts[block].Add(reader.At);
                reader.Bytes(reader.Count(1));
            }

            for (var i = 0; witness && i < inputs; i++)
            {
                _counts[block].Add(reader.At);
                for (var items = reader.Count(1); items > 0; items--) reader.Bytes(reader.Count(1));
            }

            reader.Bytes(4);
        }
    }

    /// <summary>A broken copy of one of the blocks.</summary>
    internal byte[] Next(out string what) => Next(random.Next(blocks.Count), out what);

    internal byte[] Next(int from, out string what)
    {
        var bytes = (byte[])blocks[from].Clone();
        what = $"block {from}";
        for (var times = 1 + random.Next(3); times > 0; times--)
        {
            var how = random.Next(9);
            what += $", mutation {how}";
            bytes = how switch
            {
                0 => Flip(bytes),
                1 or 2 => Count(bytes, Pick(_counts[from])),
                3 => Amount(bytes, Pick(_amounts[from])),
                4 => bytes[..random.Next(81, Math.Max(82, bytes.Length))],
                5 => Splice(bytes),
                6 => Outpoint(bytes, Pick(_outpoints[from]), Pick(_outpoints[from])),
                7 => Repeat(bytes),
                _ => LongScript(bytes, Pick(_counts[from])),
            };
            if (bytes.Length < 82) return blocks[from][..82];
        }

        return bytes;
    }

    private int Pick(List<int> places) => places[random.Next(places.Count)];

    private byte[] Flip(byte[] bytes)
    {
        bytes[random.Next(80, bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private byte[] Count(byte[] bytes, int at)
    {
        if (at >= bytes.Length) return bytes;
        var count = s_counts[random.Next(s_counts.Length)];
        Span<byte> written = stackalloc byte[9];
        written[0] = (byte)random.Next(0xfd, 0x100);
        BinaryPrimitives.WriteUInt64LittleEndian(written[1..], count);
        var width = written[0] switch { 0xfd => 3, 0xfe => 5, _ => 9 };
        return random.Next(3) == 0 ? [.. bytes[..at], (byte)random.Next(0xfd), .. bytes[(at + 1)..]] : [.. bytes[..at], .. written[..width], .. bytes[(at + 1)..]];
    }

    private byte[] Amount(byte[] bytes, int at)
    {
        if (at + 8 <= bytes.Length) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), s_amounts[random.Next(s_amounts.Length)]);
        return bytes;
    }

    /// <summary>One input spends what another of the block spends: twice over, or a null outpoint in the wrong place.</summary>
    private static byte[] Outpoint(byte[] bytes, int from, int to)
    {
        if (from + 36 <= bytes.Length && to + 36 <= bytes.Length) bytes.AsSpan(from, 36).ToArray().CopyTo(bytes, to);
        return bytes;
    }

    private byte[] Splice(byte[] bytes)
    {
        var other = blocks[random.Next(blocks.Count)];
        int at = random.Next(80, bytes.Length), from = random.Next(80, other.Length);
        return [.. bytes[..at], .. other[from..]];
    }

    private byte[] Repeat(byte[] bytes)
    {
        int at = random.Next(80, bytes.Length), length = random.Next(Math.Min(400, bytes.Length - at));
        return [.. bytes[..(at + length)], .. bytes[at..]];
    }

    private byte[] LongScript(byte[] bytes, int at)
    {
        if (at >= bytes.Length || random.Next(40) != 0) return Flip(bytes); // megabytes are slow: now and then is enough
        var length = random.Next(1 << 16, 3 << 20);
        var prefix = new byte[5];
        prefix[0] = 0xfe;
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(1), length);
        return [.. bytes[..at], .. prefix, .. new byte[length], .. bytes[Math.Min(bytes.Length, at + 1 + bytes[at])..]];
    }
}
