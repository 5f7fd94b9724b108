namespace Haetae.Intel.Files;

/// <summary>Reads at most so many bytes of a stream. A packed file of some kilobytes can unpack to more than a disk holds.</summary>
internal sealed class BoundedStream(Stream inner, long maximum) : Stream
{
    private long _taken;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _taken;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">There is more.</exception>
    public override int Read(Span<byte> buffer)
    {
        var taken = inner.Read(buffer);
        _taken += taken;
        return _taken <= maximum ? taken : throw new InvalidDataException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"it unpacks to more than {maximum:#,0} bytes"));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
