using System.Buffers;
using System.Globalization;
using System.Text;

namespace Haetae.Tracing.Reports;

/// <summary>Writes JSON in the canonical form of RFC 8785, forward only: nothing is kept but a small buffer and the names on the way in.</summary>
/// <remarks>The caller gives members in their order; a member out of order, or given twice, is an error at once and never a wrong digest later.</remarks>
public sealed class CanonicalWriter(Stream output)
{
    /// <summary>The largest integer that every reader of JSON numbers keeps exactly: 2^53 - 1.</summary>
    public const long LargestInteger = (1L << 53) - 1;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly Stack<Level> _levels = new();
    private int _used;
    private bool _named;
    private bool _finished;

    public void BeginObject() => Begin('{', isObject: true);

    public void EndObject() => End('}', isObject: true);

    public void BeginArray() => Begin('[', isObject: false);

    public void EndArray() => End(']', isObject: false);

    /// <summary>Starts a member. Names within one object rise in the order of their UTF-16 code units.</summary>
    public void Name(string name)
    {
        if (!_levels.TryPop(out var level) || !level.IsObject || _named)
            throw new InvalidOperationException($"The name '{name}' stands where no member can start.");
        if (level.LastName is { } last && string.CompareOrdinal(last, name) >= 0)
            throw new InvalidOperationException($"The member '{name}' comes after '{last}': members are written once each, in the order of their code units.");
        if (level.Count > 0) Put((byte)',');
        _levels.Push(level with { LastName = name, Count = level.Count + 1 });
        Quote(name);
        Put((byte)':');
        _named = true;
    }

    public void String(string value)
    {
        BeforeValue();
        Quote(value);
    }

    /// <summary>An integer that survives a reader who keeps numbers as doubles; larger ones belong into a string.</summary>
    public void Integer(long value)
    {
        if (value is > LargestInteger or < -LargestInteger)
            throw new ArgumentOutOfRangeException(nameof(value), value, "A JSON number beyond 2^53 - 1 loses digits in other readers: write it as a string.");
        BeforeValue();
        Span<char> digits = stackalloc char[24];
        value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        foreach (var digit in digits[..length]) Put((byte)digit);
    }

    public void Boolean(bool value)
    {
        BeforeValue();
        Ascii(value ? "true" : "false");
    }

    public void Null()
    {
        BeforeValue();
        Ascii("null");
    }

    /// <summary>Hands what is buffered to the stream; the document must be complete.</summary>
    public void Finish()
    {
        if (_levels.Count > 0 || !_finished) throw new InvalidOperationException("The document is not complete.");
        Drain();
    }

    private void Begin(char bracket, bool isObject)
    {
        BeforeValue();
        _levels.Push(new Level(isObject, null, 0));
        Put((byte)bracket);
        _finished = false;
    }

    private void End(char bracket, bool isObject)
    {
        if (_named || !_levels.TryPop(out var level) || level.IsObject != isObject)
            throw new InvalidOperationException($"'{bracket}' closes nothing that is open.");
        Put((byte)bracket);
        _finished = _levels.Count == 0;
    }

    private void BeforeValue()
    {
        if (_levels.Count == 0)
        {
            if (_finished) throw new InvalidOperationException("A document holds one value.");
            _finished = true;
            return;
        }

        if (_named)
        {
            _named = false;
            return;
        }

        var level = _levels.Pop();
        if (level.IsObject) throw new InvalidOperationException("A value in an object needs a name before it.");
        if (level.Count > 0) Put((byte)',');
        _levels.Push(level with { Count = level.Count + 1 });
    }

    // What needs no escape and is one byte in UTF-8: nearly every text of a trace.
    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create([.. Enumerable.Range(' ', 0x7f - ' ').Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    private void Quote(string text)
    {
        if (text.Length <= _buffer.Length - 2 && text.AsSpan().IndexOfAnyExcept(PlainCharacters) < 0) PutPlain(text);
        else PutEscaped(text);
    }

    private void PutPlain(string text)
    {
        if (_used + text.Length + 2 > _buffer.Length) Drain();
        _buffer[_used++] = (byte)'"';
        _used += Encoding.ASCII.GetBytes(text, _buffer.AsSpan(_used));
        _buffer[_used++] = (byte)'"';
    }

    private void PutEscaped(string text)
    {
        Put((byte)'"');
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '"' or '\\')
            {
                Put((byte)'\\');
                Put((byte)c);
            }
            else if (c < ' ')
            {
                Ascii(Escape(c));
            }
            else if (c < 0x80)
            {
                Put((byte)c);
            }
            else
            {
                if (!Rune.TryGetRuneAt(text, i, out var rune))
                    throw new ArgumentException($"Character {i} of a text is half of a surrogate pair: it has no UTF-8 form.", nameof(text));
                var length = rune.EncodeToUtf8(utf8);
                foreach (var b in utf8[..length]) Put(b);
                i += rune.Utf16SequenceLength - 1;
            }
        }

        Put((byte)'"');
    }

    private static string Escape(char c) => c switch
    {
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
    };

    private void Ascii(string text)
    {
        foreach (var c in text) Put((byte)c);
    }

    private void Put(byte value)
    {
        if (_used == _buffer.Length) Drain();
        _buffer[_used++] = value;
    }

    private void Drain()
    {
        output.Write(_buffer, 0, _used);
        _used = 0;
    }

    private readonly record struct Level(bool IsObject, string? LastName, long Count);
}
