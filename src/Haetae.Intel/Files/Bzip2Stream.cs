namespace Haetae.Intel.Files;

/// <summary>Unpacks bzip2, block by block. The framework has no reader for it, and sanctions lists are passed on in it.</summary>
/// <remarks>
/// A block is at most 900,000 symbols, so memory is bounded whatever the file says. Each block's checksum is held against what was unpacked. Files of
/// several streams one behind another are read to their end. Blocks of the old "randomised" kind, which no packer has written since 1997, are refused.
/// </remarks>
internal sealed class Bzip2Stream(Stream packed) : Stream
{
    private const long BlockMark = 0x314159265359;
    private const long EndMark = 0x177245385090;

    private readonly Bzip2Bits _bits = new(packed);
    private readonly Bzip2Block _block = new();
    private bool _begun;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">It is not bzip2, or damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) return 0;
        while (!_ended)
        {
            if (_block.Take(buffer) is > 0 and var taken) return taken;
            NextBlock();
        }

        return 0;
    }

    private void NextBlock()
    {
        if (!_begun) Begin();
        var mark = _bits.Take48();
        if (mark == BlockMark)
        {
            _block.Read(_bits);
            return;
        }

        if (mark != EndMark) throw Damaged("a block does not begin where it should");
        _bits.Take(32); // the checksum of the checksums; each block was held against its own
        _bits.ToByte();
        _begun = false;
        _ended = !_bits.HasMore();
    }

    private void Begin()
    {
        if (_bits.Take(8) != 'B' || _bits.Take(8) != 'Z' || _bits.Take(8) != 'h') throw Damaged("it does not begin as bzip2 does");
        var size = _bits.Take(8) - '0';
        if (size is < 1 or > 9) throw Damaged("it names no size of blocks");
        _block.Resize((int)size * 100_000);
        _begun = true;
    }

    internal static InvalidDataException Damaged(string what) => new($"bzip2: {what}");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Bits of a stream, the highest of each byte first.</summary>
internal sealed class Bzip2Bits(Stream packed)
{
    private readonly byte[] _bytes = new byte[1 << 16];
    private int _at;
    private int _held;
    private ulong _bits;
    private int _count;

    /// <summary>Up to 32 bits.</summary>
    internal uint Take(int count)
    {
        while (_count < count)
        {
            if (_at == _held && !Fill()) throw Bzip2Stream.Damaged("it breaks off");
            _bits = (_bits << 8) | _bytes[_at++];
            _count += 8;
        }

        _count -= count;
        return (uint)(_bits >> _count) & (uint)((1UL << count) - 1);
    }

    internal long Take48() => ((long)Take(24) << 24) | Take(24);

    /// <summary>Passes over what is left of a byte that was begun.</summary>
    internal void ToByte() => _count -= _count % 8;

    internal bool HasMore() => _count >= 8 || _at < _held || Fill();

    private bool Fill()
    {
        _at = 0;
        _held = packed.Read(_bytes);
        return _held > 0;
    }
}
