namespace Haetae.Intel.Files;

/// <summary>One block of bzip2: Huffman codes of moves to the front of runs, sorted by Burrows and Wheeler; undone in the opposite order.</summary>
internal sealed class Bzip2Block
{
    private const int GroupLength = 50;
    private const int LongestCode = 20;
    private static readonly uint[] CheckTable = MakeCheckTable();

    private readonly byte[] _order = new byte[256];
    private uint[] _sorted = [];
    private int _length;
    private int _limit;

    // The output: where the walk through the sorted block is, and the run that is being told.
    private uint _walk;
    private int _left;
    private int _previous = -1;
    private int _equal;
    private int _repeat;
    private uint _check;
    private uint _expected;
    private bool _verified = true;

    internal void Resize(int symbols)
    {
        if (_sorted.Length < symbols) _sorted = new uint[symbols];
        _limit = symbols;
    }

    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    internal void Read(Bzip2Bits bits)
    {
        _expected = bits.Take(32);
        if (bits.Take(1) != 0) throw Bzip2Stream.Damaged("its blocks are of the old randomised kind, which is not read");
        var origin = bits.Take(24);
        var symbols = ReadAlphabet(bits);
        var tables = (int)bits.Take(3);
        if (tables is < 2 or > 6) throw Bzip2Stream.Damaged("a block has a wrong number of tables");
        var selectors = ReadSelectors(bits, tables);
        var codes = new Bzip2Codes[tables];
        for (var i = 0; i < tables; i++) codes[i] = Bzip2Codes.Read(bits, symbols + 2, LongestCode);
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        ReadSymbols(bits, codes, selectors, symbols, counts);
        if (origin >= _length) throw Bzip2Stream.Damaged("a block begins beyond its end");
        Unsort(counts);
        _walk = _sorted[_sorted[origin] >> 8];
        (_left, _previous, _equal, _repeat, _check, _verified) = (_length, -1, 0, 0, uint.MaxValue, false);
    }

    /// <summary>The next bytes of the block; 0 at its end.</summary>
    internal int Take(Span<byte> buffer)
    {
        var taken = 0;
        while (taken < buffer.Length)
        {
            if (_repeat > 0)
            {
                _repeat--;
                buffer[taken++] = Told((byte)_previous);
                continue;
            }

            if (_left == 0) break;
            var letter = (byte)_walk;
            _walk = _sorted[_walk >> 8];
            _left--;
            if (_equal == 4)
            {
                // After four equal bytes the next one counts how many more there are.
                (_repeat, _equal) = (letter, 0);
            }
            else
            {
                _equal = letter == _previous ? _equal + 1 : 1;
                _previous = letter;
                buffer[taken++] = Told(letter);
            }
        }

        if (_left == 0 && _repeat == 0) Verify();
        return taken;
    }

    private void Verify()
    {
        if (_verified) return;
        _verified = true;
        if (~_check != _expected) throw Bzip2Stream.Damaged("the checksum of a block does not match");
    }

    private byte Told(byte letter)
    {
        _check = (_check << 8) ^ CheckTable[(_check >> 24) ^ letter];
        return letter;
    }

    /// <summary>Which of the 256 letters occur, in their order.</summary>
    private int ReadAlphabet(Bzip2Bits bits)
    {
        var (groups, symbols) = (bits.Take(16), 0);
        for (var group = 0; group < 16; group++)
        {
            if ((groups >> (15 - group) & 1) == 0) continue;
            var letters = bits.Take(16);
            for (var i = 0; i < 16; i++)
                if ((letters >> (15 - i) & 1) != 0) _order[symbols++] = (byte)(group * 16 + i);
        }

        return symbols > 0 ? symbols : throw Bzip2Stream.Damaged("a block has no letters");
    }

    private static byte[] ReadSelectors(Bzip2Bits bits, int tables)
    {
        var selectors = new byte[bits.Take(15)];
        if (selectors.Length == 0) throw Bzip2Stream.Damaged("a block names no tables");
        Span<byte> order = stackalloc byte[6] { 0, 1, 2, 3, 4, 5 };
        for (var i = 0; i < selectors.Length; i++)
        {
            var at = 0;
            while (bits.Take(1) != 0)
                if (++at >= tables) throw Bzip2Stream.Damaged("a block names a table that is not there");
            var table = order[at];
            order[..at].CopyTo(order[1..]);
            selectors[i] = order[0] = table;
        }

        return selectors;
    }

    private void ReadSymbols(Bzip2Bits bits, Bzip2Codes[] codes, byte[] selectors, int symbols, Span<int> counts)
    {
        var (group, inGroup, runLength, runDigit) = (0, 0, 0, 1);
        _length = 0;
        while (true)
        {
            if (inGroup == 0 && group == selectors.Length) throw Bzip2Stream.Damaged("a block goes on beyond its tables");
            var symbol = codes[selectors[group]].Next(bits);
            if (++inGroup == GroupLength) (group, inGroup) = (group + 1, 0);
            if (symbol <= 1)
            {
                // Runs of the front letter are numbers whose digits are 1 and 2.
                runLength += runDigit << symbol;
                runDigit <<= 1;
                if (runLength > _limit) throw Bzip2Stream.Damaged("a block is longer than it may be");
                continue;
            }

            Add(_order[0], runLength, counts);
            (runLength, runDigit) = (0, 1);
            if (symbol == symbols + 1) return;
            var at = symbol - 1;
            var letter = _order[at];
            _order.AsSpan(0, at).CopyTo(_order.AsSpan(1));
            _order[0] = letter;
            Add(letter, 1, counts);
        }
    }

    private void Add(byte letter, int times, Span<int> counts)
    {
        if (times > _limit - _length) throw Bzip2Stream.Damaged("a block is longer than it may be");
        _sorted.AsSpan(_length, times).Fill(letter);
        _length += times;
        counts[letter] += times;
    }

    /// <summary>Puts above each letter (its lowest eight bits) the place of the letter that follows it.</summary>
    private void Unsort(Span<int> counts)
    {
        var sum = 0;
        for (var i = 0; i < 256; i++) (counts[i], sum) = (sum, sum + counts[i]);
        for (var i = 0; i < _length; i++) _sorted[counts[(byte)_sorted[i]]++] |= (uint)i << 8;
    }

    private static uint[] MakeCheckTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var check = i << 24;
            for (var bit = 0; bit < 8; bit++) check = (check & 0x80000000) != 0 ? (check << 1) ^ 0x04C11DB7 : check << 1;
            table[i] = check;
        }

        return table;
    }
}

/// <summary>One table of Huffman codes, known by the lengths of the codes.</summary>
internal sealed class Bzip2Codes
{
    private readonly int[] _first;
    private readonly int[] _offset;
    private readonly int[] _count;
    private readonly ushort[] _symbols;

    private Bzip2Codes(ReadOnlySpan<byte> lengths, int longest)
    {
        (_first, _offset, _count, _symbols) = (new int[longest + 2], new int[longest + 2], new int[longest + 2], new ushort[lengths.Length]);
        foreach (var length in lengths) _count[length]++;
        for (var length = 1; length <= longest; length++)
        {
            _first[length + 1] = (_first[length] + _count[length]) << 1;
            _offset[length + 1] = _offset[length] + _count[length];
        }

        Span<int> next = stackalloc int[longest + 2];
        _offset.CopyTo(next);
        for (var symbol = 0; symbol < lengths.Length; symbol++) _symbols[next[lengths[symbol]]++] = (ushort)symbol;
    }

    internal static Bzip2Codes Read(Bzip2Bits bits, int symbols, int longest)
    {
        Span<byte> lengths = stackalloc byte[258];
        var length = (int)bits.Take(5);
        for (var i = 0; i < symbols; i++)
        {
            while (true)
            {
                if (length < 1 || length > longest) throw Bzip2Stream.Damaged("a code has a length that no code has");
                if (bits.Take(1) == 0) break;
                length += bits.Take(1) == 0 ? 1 : -1;
            }

            lengths[i] = (byte)length;
        }

        return new Bzip2Codes(lengths[..symbols], longest);
    }

    /// <summary>The symbol of the next code.</summary>
    internal int Next(Bzip2Bits bits)
    {
        var code = 0;
        for (var length = 1; length < _count.Length; length++)
        {
            code = (code << 1) | (int)bits.Take(1);
            var at = code - _first[length];
            if (at >= 0 && at < _count[length]) return _symbols[_offset[length] + at];
        }

        throw Bzip2Stream.Damaged("a code stands in no table");
    }
}
