using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Whole rows of a file, in memory that goes back to the pool when they are read.</summary>
internal readonly record struct RowPiece(byte[] Bytes, int Start, int End);

/// <summary>A file of rows cut into pieces of whole rows, unpacked where it is packed with gzip; its SHA-256 is that of the file as it lies there.</summary>
internal sealed class RowPieces : IDisposable
{
    private const int PieceBytes = 1 << 20;
    private const int MostRowBytes = 64 << 20;

    private readonly HashingStream _file;
    private readonly Stream _text;
    private readonly bool _quoted;
    private byte[] _rest = []; // what was read behind the last whole row

    /// <param name="quoted">Line ends may stand inside quotes.</param>
    internal RowPieces(string path, bool quoted)
    {
        Path_ = path;
        _quoted = quoted;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        Length = file.Length;
        _file = new HashingStream(file);
        Span<byte> magic = stackalloc byte[2];
        var isPacked = RandomAccess.Read(file.SafeFileHandle, magic, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        _text = isPacked ? new GZipStream(_file, CompressionMode.Decompress) : _file;
    }

    internal string Path_ { get; }

    /// <summary>Bytes of the file as it lies there.</summary>
    internal long Length { get; }

    /// <summary>How many of them were read.</summary>
    internal long Done => _file.Done;

    /// <summary>The next piece: whole rows, but for the last, which may lack its line end. False at the end.</summary>
    internal bool TryNext(out RowPiece piece)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(_rest.Length + PieceBytes);
        _rest.CopyTo(bytes, 0);
        var filled = _rest.Length;
        var isFirst = Pieces == 0;
        for (; ; )
        {
            while (filled < bytes.Length)
            {
                var more = Read(bytes.AsSpan(filled));
                if (more == 0)
                {
                    _rest = [];
                    Pieces++;
                    piece = Begin(bytes, filled, isFirst);
                    return filled > 0;
                }

                filled += more;
            }

            var cut = Cut(bytes);
            if (cut > 0)
            {
                _rest = bytes[cut..];
                Pieces++;
                piece = Begin(bytes, cut, isFirst);
                return true;
            }

            if (bytes.Length > MostRowBytes) throw new LedgerException($"{Path_}: a row of more than {MostRowBytes} bytes: this is no table of transfers, or a quote is not closed.");
            Array.Resize(ref bytes, 2 * bytes.Length);
        }
    }

    private long Pieces { get; set; }

    private int Read(Span<byte> target)
    {
        try
        {
            return _text.Read(target);
        }
        catch (InvalidDataException wrong)
        {
            throw new LedgerException($"{Path_}: not readable as gzip: {wrong.Message}", wrong);
        }
    }

    /// <summary>Without the mark that some programs put before UTF-8.</summary>
    private static RowPiece Begin(byte[] bytes, int length, bool isFirst) => new(bytes, isFirst && bytes.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0, length);

    /// <summary>Where the last whole row ends.</summary>
    private int Cut(ReadOnlySpan<byte> piece)
    {
        if (!_quoted || piece.IndexOf((byte)'"') < 0) return piece.LastIndexOf((byte)'\n') + 1;
        // Rows begin outside quotes, so a line end behind an even number of quotes is the end of a row.
        var cut = 0;
        var isOutside = true;
        for (var at = 0; at < piece.Length;)
        {
            var next = piece[at..].IndexOfAny((byte)'"', (byte)'\n');
            if (next < 0) break;
            at += next;
            if (piece[at] == '"') isOutside = !isOutside;
            else if (isOutside) cut = at + 1;
            at++;
        }

        return cut;
    }

    /// <summary>SHA-256 of the file; after the last piece only.</summary>
    internal string Sha256() => _file.Finish();

    public void Dispose()
    {
        _text.Dispose();
        _file.Dispose();
    }

    /// <summary>Hashes what is read from a file.</summary>
    private sealed class HashingStream(FileStream file) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        internal long Done { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = file.Read(buffer);
            _hash.AppendData(buffer[..read]);
            Done += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        internal string Finish()
        {
            Span<byte> rest = new byte[1 << 16];
            while (Read(rest) > 0)
            {
            }

            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get => Done; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
                _hash.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
