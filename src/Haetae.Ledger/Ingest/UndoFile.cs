using System.Buffers.Binary;
using System.Security.Cryptography;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Ingest;

/// <summary>One <c>revNNNNN.dat</c> of Bitcoin Core: for each block of the block file of that number, what its inputs spend.</summary>
/// <remarks>
/// A record is magic (4 bytes), length of the undo data (4 bytes, little-endian), undo data, checksum (32 bytes: the double SHA-256 of
/// the parent block's hash and the undo data). Records stand in the order in which blocks were connected, so the checksum alone says
/// which block one belongs to; counts of transactions and inputs only spare most of the hashing.
/// </remarks>
internal sealed class UndoFile : IDisposable
{
    private const int RecordHeader = 8;

    private readonly MaskedFile _file;
    private readonly List<Record> _records = [];
    private readonly Dictionary<(int Transactions, int Inputs), Queue<int>> _waiting = [];
    private readonly Buffer<int> _outputAt = new(1 << 12);
    private readonly Buffer<int> _firstOutput = new(1 << 12);
    private byte[] _bytes = [];
    private bool _accountedFor;

    private readonly record struct Record(long Offset, int Size, bool Taken);

    internal UndoFile(MaskedFile file, BitcoinNetwork network)
    {
        _file = file;
        Index(network.Magic);
    }

    internal string Path => _file.Path;

    /// <summary>Where the record last found lies, for messages.</summary>
    internal long FoundAt { get; private set; }

    /// <summary>Finds the undo data of a block.</summary>
    /// <param name="parents">The parents of all blocks of the block file: a record that fits none of them is damaged.</param>
    /// <returns>Null when the file has none for this block.</returns>
    /// <exception cref="LedgerException">It may have had: a record is damaged.</exception>
    internal byte[]? Find(Hash256 parent, int transactions, int inputs, IEnumerable<Hash256> parents)
    {
        if (_waiting.TryGetValue((transactions, inputs), out var queue))
        {
            for (var tries = queue.Count; tries > 0; tries--)
            {
                var number = queue.Dequeue();
                var bytes = Load(number);
                if (Fits(bytes, parent))
                {
                    _records[number] = _records[number] with { Taken = true };
                    FoundAt = _records[number].Offset;
                    return bytes[..^Hash256.Size].ToArray();
                }

                queue.Enqueue(number);
            }
        }

        AccountForAll(parents);
        return null;
    }

    /// <summary>Every record that no block has taken must belong to some block of the block file.</summary>
    private void AccountForAll(IEnumerable<Hash256> parents)
    {
        if (_accountedFor) return;
        var all = parents.Distinct().ToArray();
        for (int number = 0, next = 0; number < _records.Count; number++)
        {
            if (_records[number].Taken) continue;
            var bytes = Load(number);
            var tries = 0;
            for (; tries < all.Length && !Fits(bytes, all[(next + tries) % all.Length]); tries++) { }
            if (tries == all.Length)
                throw new LedgerException($"{_file.Path} at offset {_records[number].Offset}: the undo record's checksum fits no block of the block file: the record is damaged. Fetch the file anew, or move it away: what it would tell is then unknown.");
            next += tries + 1;
        }

        _accountedFor = true;
    }

    private static bool Fits(ReadOnlySpan<byte> record, Hash256 parent)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[Hash256.Size];
        parent.CopyTo(digest);
        sha.AppendData(digest);
        sha.AppendData(record[..^Hash256.Size]);
        sha.GetHashAndReset(digest);
        SHA256.HashData(digest, digest);
        return digest.SequenceEqual(record[^Hash256.Size..]);
    }

    private ReadOnlySpan<byte> Load(int number)
    {
        var (offset, size, _) = _records[number];
        var length = size + Hash256.Size;
        if (_bytes.Length < length) _bytes = new byte[length];
        if (_file.Read(offset + RecordHeader, _bytes.AsSpan(0, length)) != length)
            throw new LedgerException($"{_file.Path} at offset {offset}: the file was cut while it was read.");
        return _bytes.AsSpan(0, length);
    }

    private void Index(uint magic)
    {
        Span<byte> header = stackalloc byte[RecordHeader];
        for (var at = SkipZeros(0); at < _file.Length; at = SkipZeros(at))
        {
            if (_file.Read(at, header) < RecordHeader || BinaryPrimitives.ReadUInt32LittleEndian(header) != magic)
                throw new LedgerException($"{_file.Path} at offset {at}: no undo record begins here: the file is damaged or of another network.");
            long size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var left = _file.Length - at - RecordHeader - Hash256.Size;
            if (size > left || size > Array.MaxLength - Hash256.Size)
                throw new LedgerException($"{_file.Path} at offset {at}: the undo record announces {size} bytes where {Math.Max(0, left)} are left: the file is cut or damaged.");
            _records.Add(new Record(at, (int)size, false));
            if (TryCount(Load(_records.Count - 1)[..^Hash256.Size], out var counts))
            {
                if (!_waiting.TryGetValue(counts, out var queue)) _waiting.Add(counts, queue = new Queue<int>());
                queue.Enqueue(_records.Count - 1);
            }

            at += RecordHeader + size + Hash256.Size;
        }
    }

    private bool TryCount(ReadOnlySpan<byte> undo, out (int Transactions, int Inputs) counts)
    {
        _outputAt.Count = _firstOutput.Count = 0;
        try
        {
            Walk(undo, _outputAt, _firstOutput);
            counts = (_firstOutput.Count, _outputAt.Count);
            return true;
        }
        catch (BlockFormatException)
        {
            counts = default; // no block takes it, so the first search without an answer says that it is damaged
            return false;
        }
    }

    /// <summary>Notes where each spent output lies in undo data, and for each transaction but the coinbase which is its first.</summary>
    internal static void Walk(ReadOnlySpan<byte> undo, Buffer<int> outputAt, Buffer<int> firstOutput)
    {
        var reader = new BlockReader(undo);
        for (var transactions = reader.Count(1); transactions > 0; transactions--)
        {
            firstOutput.Add(outputAt.Count);
            for (var inputs = reader.Count(3); inputs > 0; inputs--)
            {
                var heightAndCoinbase = CompressedOutput.VarInt(ref reader);
                if (heightAndCoinbase > 1) CompressedOutput.VarInt(ref reader); // once the version of the transaction, now 0
                outputAt.Add(reader.At);
                CompressedOutput.Skip(ref reader);
            }
        }

        if (reader.Left != 0) throw new BlockFormatException($"{reader.Left} bytes follow the last output", reader.At);
    }

    private long SkipZeros(long at)
    {
        Span<byte> window = stackalloc byte[4096];
        for (int count; (count = _file.Read(at, window)) > 0; at += count)
        {
            var zeros = window[..count].IndexOfAnyExcept((byte)0);
            if (zeros >= 0) return at + zeros;
        }

        return _file.Length;
    }

    public void Dispose() => _file.Dispose();
}
