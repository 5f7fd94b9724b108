using System.Runtime.CompilerServices;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Fields of comma-separated text as RFC 4180 has them: quotes around fields with separators, line ends or (doubled) quotes; lines end in LF or CRLF.</summary>
internal static class Csv
{
    /// <summary>Reads one row. Quoted fields with doubled quotes are put right where they stand.</summary>
    /// <param name="text">Whole rows.</param>
    /// <param name="at">Where the row begins.</param>
    /// <param name="separator">Between fields.</param>
    /// <param name="take">Takes what each field is; fields beyond its length are counted only.</param>
    /// <param name="fields">How many fields there were.</param>
    /// <param name="lines">How many line ends the row took.</param>
    /// <returns>Where the next row begins.</returns>
    /// <exception cref="FormatException">A quote is not closed, or something stands behind a closed one.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int ReadRow(Span<byte> text, int at, byte separator, Span<FieldAt> take, out int fields, out int lines)
    {
        fields = 0;
        lines = 0;
        for (; ; )
        {
            int start = at, length;
            if (at < text.Length && text[at] == '"')
            {
                (start, length, at) = ReadQuoted(text, at, ref lines);
                if (at < text.Length && text[at] != separator && text[at] != '\n') throw new FormatException("something stands behind a closed quote");
            }
            else
            {
                var end = text[at..].IndexOfAny(separator, (byte)'\n');
                at = end < 0 ? text.Length : at + end;
                length = at - start;
                if (length > 0 && text[at - 1] == '\r' && (at == text.Length || text[at] == '\n')) length--;
            }

            if (fields < take.Length) take[fields] = new FieldAt(start, length);
            fields++;
            if (at >= text.Length) return at;
            if (text[at++] != '\n') continue;
            lines++;
            return at;
        }
    }

    private static (int Start, int Length, int At) ReadQuoted(Span<byte> text, int at, ref int lines)
    {
        var start = ++at;
        var put = start;
        for (; ; )
        {
            var end = text[at..].IndexOf((byte)'"');
            if (end < 0) throw new FormatException("a quote that is not closed");
            var some = text.Slice(at, end);
            lines += some.Count((byte)'\n');
            if (put != at) some.CopyTo(text[put..]);
            put += end;
            at += end + 1;
            if (at < text.Length && text[at] == '"')
            {
                text[put++] = (byte)'"';
                at++;
                continue;
            }

            if (at < text.Length && text[at] == '\r') at++;
            return (start, put - start, at);
        }
    }
}
