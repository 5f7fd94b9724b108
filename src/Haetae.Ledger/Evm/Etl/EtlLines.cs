using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>Reads tables as CSV with a header or as JSON lines, packed by gzip or not, one row at a time.</summary>
internal static class EtlLines
{
    /// <summary>Characters one row may have: far above what the gas of a block pays for.</summary>
    internal const int LongestRow = 64 << 20;

    internal static IEnumerable<EtlLine> Read(string file)
    {
        using var stream = Open(file);
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: false), detectEncodingFromByteOrderMarks: true, 1 << 20);
        if (reader.Peek() == '{')
        {
            foreach (var line in Json(file, reader)) yield return line;
            yield break;
        }

        using var rows = new CsvRows(reader, file);
        if (!rows.Next()) yield break;
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Fields.Count; i++)
            if (!names.TryAdd(rows.Fields[i].Trim().ToLowerInvariant(), i)) throw new LedgerException($"{file}, line 1: the column '{rows.Fields[i]}' is there twice.");
        while (rows.Next())
        {
            if (rows.Fields.Count == 1 && rows.Fields[0].Length == 0) continue; // an empty line
            if (rows.Fields.Count != names.Count) throw new LedgerException($"{file}, line {rows.Line}: it has {rows.Fields.Count} fields where the header names {names.Count}.");
            yield return new EtlLine(file, rows.Line, names, rows.Fields, default);
        }
    }

    private static Stream Open(string file)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    private static IEnumerable<EtlLine> Json(string file, StreamReader reader)
    {
        var text = new StringBuilder();
        for (long number = 1; ReadLine(reader, text, file, number); number++)
        {
            if (text.Length == 0) continue;
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(text.ToString());
            }
            catch (JsonException)
            {
                throw new LedgerException($"{file}, line {number}: it is not one JSON object.");
            }

            using (document)
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object) throw new LedgerException($"{file}, line {number}: it is not one JSON object.");
                yield return new EtlLine(file, number, null, [], document.RootElement);
            }
        }
    }

    private static bool ReadLine(StreamReader reader, StringBuilder text, string file, long number)
    {
        text.Clear();
        for (var any = false; ; any = true)
        {
            var letter = reader.Read();
            if (letter < 0) return any;
            if (letter == '\n') return true;
            if (letter == '\r') continue;
            if (text.Length == LongestRow) throw TooLong(file, number);
            text.Append((char)letter);
        }
    }

    internal static LedgerException TooLong(string file, long line) => new($"{file}, line {line}: the row is longer than {LongestRow} characters, which no row of a chain is. Is this a table of ethereum-etl?");
}

/// <summary>Rows of CSV (RFC 4180): quoted fields may hold commas, line ends and doubled quotation marks.</summary>
internal sealed class CsvRows(TextReader reader, string file) : IDisposable
{
    private readonly char[] _buffer = new char[1 << 16];
    private readonly StringBuilder _field = new();
    private int _filled, _at;
    private long _next = 1;

    /// <summary>The fields of the row read last; a new list for each.</summary>
    internal List<string> Fields { get; private set; } = [];

    /// <summary>The line it began on, from 1.</summary>
    internal long Line { get; private set; }

    /// <summary>Reads the next row; false at the end of the file.</summary>
    internal bool Next()
    {
        Fields = new List<string>(Math.Max(4, Fields.Count));
        Line = _next;
        var length = 0;
        if (Peek() < 0) return false;
        while (true)
        {
            _field.Clear();
            if (Peek() == '"') Quoted(ref length);
            Plain(ref length);
            Fields.Add(_field.ToString());
            var end = Peek();
            if (end >= 0) _at++;
            if (end == ',') continue;
            if (end == '\r' && Peek() == '\n') _at++;
            _next++;
            return true;
        }
    }

    private void Plain(ref int length)
    {
        while (Peek() >= 0)
        {
            var rest = _buffer.AsSpan(_at, _filled - _at);
            var stop = rest.IndexOfAny(',', '\n', '\r');
            var part = stop < 0 ? rest : rest[..stop];
            Grow(part, ref length);
            _at += part.Length;
            if (stop >= 0) return;
        }
    }

    private void Quoted(ref int length)
    {
        _at++;
        while (true)
        {
            if (Peek() < 0) throw new LedgerException($"{file}, line {Line}: a quotation mark is opened and never closed.");
            var rest = _buffer.AsSpan(_at, _filled - _at);
            var stop = rest.IndexOf('"');
            var part = stop < 0 ? rest : rest[..stop];
            _next += part.Count('\n');
            Grow(part, ref length);
            _at += part.Length;
            if (stop < 0) continue;
            _at++;
            if (Peek() != '"') return;
            _at++;
            _field.Append('"');
        }
    }

    private void Grow(ReadOnlySpan<char> part, ref int length)
    {
        length += part.Length;
        if (length > EtlLines.LongestRow) throw EtlLines.TooLong(file, Line);
        _field.Append(part);
    }

    private int Peek()
    {
        if (_at < _filled) return _buffer[_at];
        _at = 0;
        _filled = reader.Read(_buffer);
        return _filled > 0 ? _buffer[0] : -1;
    }

    public void Dispose() => reader.Dispose();
}
