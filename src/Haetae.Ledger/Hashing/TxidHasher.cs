using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Haetae.Ledger.Hashing;

/// <summary>Double SHA-256 of many messages at once, and Merkle roots. One instance a thread.</summary>
/// <remarks>
/// A batch is <see cref="Begin"/>, any number of <see cref="Add"/> (or <see cref="Reserve"/> and <see cref="Commit"/>), then
/// <see cref="Finish"/>. Messages are copied, padded, into memory of the hasher's own, which grows to the largest batch seen
/// and is kept until <see cref="Dispose"/>: about the size of a block's transactions.
/// </remarks>
internal sealed unsafe class TxidHasher : IDisposable
{
    /// <summary>Longest message accepted: no transaction is longer than the largest block.</summary>
    internal const int MaxMessageLength = 4_000_000;

    /// <summary>Messages of more SHA blocks than this are hashed alone: in company they would keep the other lanes idle.</summary>
    internal const int MaxLaneBlocks = 48;

    private const int BlockSize = Sha256Tables.BlockSize;

    // Padding is written in whole vectors from the message's end: 64 bytes of zeros, then 16 more.
    private const int Slack = BlockSize + 16;

    // For weighing one way against the other, in units of what the platform's SHA-256 needs for one block: a step of all lanes,
    // and the fixed part of hashing a message twice through the platform. Measured; wrong values would cost time, not truth.
    private const int LaneStepCost = 7;
    private const int PlainFixedCost = 23;

    private readonly HashPath _path;
    private readonly bool _weigh;
    private readonly int[] _counts = new int[MaxLaneBlocks + 2];

    // One aligned piece of memory; the fields after it point into it. Vector i of any of them starts at lane count times i.
    private byte* _work;
    private readonly byte** _lanes;
    private readonly uint* _state;
    private readonly uint* _words;
    private readonly uint* _final;
    private readonly uint* _initial;
    private readonly uint* _pairPadding;
    private readonly int _stateBytes;
    private readonly int _wordsBytes;

    private byte* _arena;
    private long _arenaSize;
    private byte* _tree;
    private long _treeSize;

    // Message i occupies the arena's SHA blocks from _starts[i] up to _starts[i + 1].
    private int[] _starts = new int[1024];
    private int[] _order = new int[1024];
    private int _count;
    private int _reserved = -1;

    /// <summary>A hasher that runs the widest path of this processor.</summary>
    internal TxidHasher()
        : this(HashPaths.Best, weigh: true)
    {
    }

    /// <summary>A hasher that runs a given path, whether or not it pays.</summary>
    internal TxidHasher(HashPath path)
        : this(path, weigh: false)
    {
    }

    private TxidHasher(HashPath path, bool weigh)
    {
        if (!HashPaths.IsSupported(path)) throw new PlatformNotSupportedException($"This processor does not run {path}.");
        _path = path;
        _weigh = weigh;
        var lanes = (int)path;
        _stateBytes = Sha256Tables.StateWords * sizeof(uint) * lanes;
        _wordsBytes = 2 * _stateBytes;

        // Safety: the sizes allocated are those the pointers below are spaced by; only Dispose frees _work, and every use checks that.
        const int pointers = 2 * BlockSize;
        _work = (byte*)NativeMemory.AlignedAlloc((nuint)(pointers + 2 * _stateBytes + 3 * _wordsBytes), BlockSize);
        _lanes = (byte**)_work;
        _state = (uint*)(_work + pointers);
        _initial = (uint*)((byte*)_state + _stateBytes);
        _words = (uint*)((byte*)_initial + _stateBytes);
        _final = (uint*)((byte*)_words + _wordsBytes);
        _pairPadding = (uint*)((byte*)_final + _wordsBytes);

        for (var i = 0; i < Sha256Tables.StateWords; i++) FillLanes(_initial, i, Sha256Tables.Initial[i]);

        // The second hash's message is the first hash: eight words of state, then padding that never changes.
        WritePadding(_final, Sha256Tables.StateWords, Hash256.Size);

        // A pair of hashes fills one block; its padding is a block of its own.
        WritePadding(_pairPadding, 0, 2 * Hash256.Size);
    }

    /// <summary>Messages added since <see cref="Begin"/>.</summary>
    internal int Count => _count;

    /// <summary>Starts a batch; whatever was added before is forgotten.</summary>
    internal void Begin()
    {
        ObjectDisposedException.ThrowIf(_work == null, this);
        _count = 0;
        _reserved = -1;
        _starts[0] = 0;
    }

    /// <summary>Room for one message, to be filled from its start and then given to <see cref="Commit"/>.</summary>
    /// <returns>Memory of the hasher, valid until the next call of any method but <see cref="Commit"/>.</returns>
    internal Span<byte> Reserve(int maxLength)
    {
        ObjectDisposedException.ThrowIf(_work == null, this);
        if ((uint)maxLength > MaxMessageLength)
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, $"A message has 0 to {MaxMessageLength} bytes.");
        var start = (long)BlockSize * _starts[_count];
        var needed = start + maxLength + Slack;
        if (needed > _arenaSize) GrowArena(needed);
        _reserved = maxLength;

        // Safety: start + maxLength + Slack is within the arena, as just seen to.
        return new Span<byte>(_arena + start, maxLength);
    }

    /// <summary>Appends the first bytes of what <see cref="Reserve"/> gave as the next message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Commit(int length)
    {
        if (_reserved < 0 || (uint)length > (uint)_reserved)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"{Math.Max(0, _reserved)} bytes were reserved.");
        _reserved = -1;
        var first = _starts[_count];
        var blocks = BlocksOf(length);

        // Safety: Reserve saw to Slack bytes after the message; its padding ends at most 72 bytes after it.
        var start = _arena + (long)BlockSize * first;
        var end = start + length;
        Vector512<byte>.Zero.Store(end);
        Vector128<byte>.Zero.Store(end + BlockSize);
        *end = 0x80;
        Unsafe.WriteUnaligned(start + (long)BlockSize * blocks - sizeof(ulong), BinaryPrimitives.ReverseEndianness(8UL * (ulong)length));

        if (_count + 1 == _starts.Length) Array.Resize(ref _starts, 2 * _starts.Length);
        _starts[++_count] = first + blocks;
    }

    /// <summary>Appends one message in up to three pieces: of a transaction its version, its inputs and outputs, its lock time.</summary>
    internal void Add(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b = default, ReadOnlySpan<byte> c = default)
    {
        var length = (long)a.Length + b.Length + c.Length;
        var room = Reserve((int)Math.Min(length, int.MaxValue));
        a.CopyTo(room);
        b.CopyTo(room[a.Length..]);
        c.CopyTo(room[(a.Length + b.Length)..]);
        Commit(room.Length);
    }

    /// <summary>Hashes every message of the batch: result i is message i's. A new batch starts with <see cref="Begin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Finish(Span<Hash256> results)
    {
        ObjectDisposedException.ThrowIf(_work == null, this);
        if (results.Length < _count)
            throw new ArgumentException($"{_count} messages were added; there is room for {results.Length} hashes.", nameof(results));
        var inLanes = _path == HashPath.Plain ? 0 : SortByBlocks();

        // Safety: results holds _count hashes and stays put; every number in _order is below _count.
        fixed (Hash256* to = results)
        {
            if (_path == HashPath.Plain)
            {
                for (var i = 0; i < _count; i++) to[i] = HashAlone(i);
                return;
            }

            var lanes = (int)_path;
            for (var i = 0; i < inLanes; i += lanes) HashGroup(_order.AsSpan(i, Math.Min(lanes, inLanes - i)), to);
            for (var i = inLanes; i < _count; i++) to[_order[i]] = HashAlone(_order[i]);
        }
    }

    /// <summary>The Merkle root of a block's transaction hashes; all zeros for none.</summary>
    /// <param name="leaves">Not changed.</param>
    /// <param name="mutated">
    /// Whether, at some level, two hashes that are paired are the same. Repeating the end of a list of transactions does not
    /// always change the root (CVE-2012-2459): such a list is not to be taken for the block its root names.
    /// </param>
    internal Hash256 MerkleRoot(ReadOnlySpan<Hash256> leaves, out bool mutated)
    {
        ObjectDisposedException.ThrowIf(_work == null, this);
        mutated = false;
        if (leaves.IsEmpty) return default;

        // Room for one more than there are, as an odd level repeats its last.
        var needed = (long)Hash256.Size * (leaves.Length + 1L);
        if (needed > _treeSize) Grow(ref _tree, ref _treeSize, needed, used: 0);

        // Safety: _tree has room for all leaves and one more; every level writes at most half of what it read, from the start.
        var level = (Hash256*)_tree;
        leaves.CopyTo(new Span<Hash256>(level, leaves.Length));
        for (var count = leaves.Length; count > 1;)
        {
            for (var i = 0; i + 1 < count; i += 2) mutated |= level[i] == level[i + 1];
            if ((count & 1) != 0) level[count] = level[count - 1];
            count = (count + 1) / 2;
            HashPairs(level, count);
        }

        return level[0];
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_work);
        NativeMemory.AlignedFree(_arena);
        NativeMemory.AlignedFree(_tree);
        _work = _arena = _tree = null;
        _arenaSize = _treeSize = 0;
        _count = 0;
        _reserved = -1;
    }

    // Blocks of 64 bytes a message takes with its padding: a bit to mark its end and 8 bytes of length at least.
    private static int BlocksOf(int length) => (length + 8) / BlockSize + 1;

    /// <summary>Puts message numbers in order of their block counts, those too long for the lanes last.</summary>
    /// <returns>How many are for the lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int SortByBlocks()
    {
        if (_order.Length < _count) _order = new int[_starts.Length];
        var counts = _counts;
        var starts = _starts.AsSpan(0, _count + 1);
        Array.Clear(counts);
        for (var i = 0; i < starts.Length - 1; i++) counts[Math.Min(starts[i + 1] - starts[i], MaxLaneBlocks + 1)]++;
        var inLanes = _count - counts[MaxLaneBlocks + 1];
        var next = 0;
        for (var blocks = 0; blocks < counts.Length; blocks++) (counts[blocks], next) = (next, next + counts[blocks]);
        var order = _order;
        for (var i = 0; i < starts.Length - 1; i++) order[counts[Math.Min(starts[i + 1] - starts[i], MaxLaneBlocks + 1)]++] = i;
        return inLanes;
    }

    // At most as many messages as there are lanes, in order of block count.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void HashGroup(ReadOnlySpan<int> group, Hash256* to)
    {
        // Safety: Commit left each message whole in the arena, in as many blocks as _starts tells; there are as many lanes as
        // pointers, and an idle lane repeats a message that has as many blocks as the longest.
        var lanes = (int)_path;
        var last = group[^1];
        var lastStart = _arena + (long)BlockSize * _starts[last];
        var most = _starts[last + 1] - _starts[last];
        var plainCost = 0;
        for (var lane = 0; lane < group.Length; lane++)
        {
            var message = group[lane];
            _lanes[lane] = _arena + (long)BlockSize * _starts[message];
            plainCost += _starts[message + 1] - _starts[message] + PlainFixedCost;
        }

        if (_weigh && plainCost < LaneStepCost * (most + 1))
        {
            foreach (var message in group) to[message] = HashAlone(message);
            return;
        }

        for (var lane = group.Length; lane < lanes; lane++) _lanes[lane] = lastStart;
        Start();
        var done = 0;
        for (var block = 1; block <= most; block++)
        {
            CompressMessages(BlockSize * (nint)(block - 1));
            var ended = done;
            while (ended < group.Length && _starts[group[ended] + 1] - _starts[group[ended]] == block) ended++;
            if (ended == done) continue;
            if (done == 0 && ended == group.Length) break;

            // These lanes have ended: their states are put by, and they go on with a message that has enough blocks.
            for (var lane = done; lane < ended; lane++) _lanes[lane] = lastStart;
            PutByStates(done, ended);
            done = ended;
        }

        if (done == 0) Unsafe.CopyBlock(_final, _state, (uint)_stateBytes);
        HashFinal();
        for (var lane = 0; lane < group.Length; lane++) WriteHash(lane, to + group[lane]);
    }

    // Replaces the first count pairs of hashes by their hashes, which take half the room.
    private void HashPairs(Hash256* level, int count)
    {
        if (_path == HashPath.Plain)
        {
            for (var i = 0; i < count; i++) level[i] = DoubleSha256.Hash(new ReadOnlySpan<byte>(level + 2 * i, 2 * Hash256.Size));
            return;
        }

        // Safety: level holds 2 * count hashes; idle lanes repeat the last pair; a group is read whole before any of it is written.
        var lanes = (int)_path;
        for (var i = 0; i < count; i += lanes)
        {
            for (var lane = 0; lane < lanes; lane++) _lanes[lane] = (byte*)(level + 2L * Math.Min(i + lane, count - 1));
            Start();
            CompressMessages(0);
            Unsafe.CopyBlock(_words, _pairPadding, (uint)_wordsBytes);
            CompressWords();
            Unsafe.CopyBlock(_final, _state, (uint)_stateBytes);
            HashFinal();
            for (var lane = 0; lane < Math.Min(lanes, count - i); lane++) WriteHash(lane, level + i + lane);
        }
    }

    // The second hash: its message words are the first hash's state, so nothing is transposed.
    private void HashFinal()
    {
        Unsafe.CopyBlock(_words, _final, (uint)_wordsBytes);
        Start();
        CompressWords();
    }

    private void Start() => Unsafe.CopyBlock(_state, _initial, (uint)_stateBytes);

    private void CompressMessages(nint offset)
    {
        if (_path == HashPath.Lanes16) Sha256Lanes16.LoadWords(_lanes, offset, _words);
        else Sha256Lanes8.LoadWords(_lanes, offset, _words);
        CompressWords();
    }

    private void CompressWords()
    {
        if (_path == HashPath.Lanes16) Sha256Lanes16.Compress(_state, _words);
        else Sha256Lanes8.Compress(_state, _words);
    }

    private void PutByStates(int from, int to)
    {
        var lanes = (int)_path;
        for (var i = 0; i < Sha256Tables.StateWords; i++)
            for (var lane = from; lane < to; lane++)
                _final[lanes * i + lane] = _state[lanes * i + lane];
    }

    private void WriteHash(int lane, Hash256* to)
    {
        var lanes = (int)_path;
        for (var i = 0; i < Sha256Tables.StateWords; i++) ((uint*)to)[i] = BinaryPrimitives.ReverseEndianness(_state[lanes * i + lane]);
    }

    private Hash256 HashAlone(int message)
    {
        // Safety: the message's padding ends with its length in bits, as Commit wrote it.
        var start = _arena + (long)BlockSize * _starts[message];
        var end = _arena + (long)BlockSize * _starts[message + 1];
        var bits = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(end - sizeof(ulong)));
        return DoubleSha256.Hash(new ReadOnlySpan<byte>(start, (int)(bits / 8)));
    }

    private void WritePadding(uint* words, int first, int length)
    {
        for (var i = first; i < Sha256Tables.BlockWords; i++) FillLanes(words, i, 0);
        FillLanes(words, first, 0x80000000);
        FillLanes(words, Sha256Tables.BlockWords - 1, 8 * (uint)length);
    }

    private void FillLanes(uint* vectors, int index, uint value) => new Span<uint>(vectors + (int)_path * index, (int)_path).Fill(value);

    private void GrowArena(long needed) => Grow(ref _arena, ref _arenaSize, needed, used: (long)BlockSize * _starts[_count]);

    // Grows by half at least, so that a batch is copied a few times only; what is used is kept.
    private static void Grow(ref byte* memory, ref long size, long needed, long used)
    {
        var grown = Math.Max(Math.Max(needed, size + size / 2), 1 << 16);
        var larger = (byte*)NativeMemory.AlignedAlloc((nuint)grown, BlockSize);
        Buffer.MemoryCopy(memory, larger, grown, used);
        NativeMemory.AlignedFree(memory);
        memory = larger;
        size = grown;
    }
}
