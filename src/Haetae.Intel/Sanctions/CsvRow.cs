using System.Text;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Sanctions;

/// <summary>Lines of comma-separated values, of a length that is bounded before they are held.</summary>
internal sealed class CsvRow(TextReader text)
{
    internal const int MaximumLength = 16 * 1024;

    private readonly StringBuilder _line = new();

    /// <summary>Counted from 1.</summary>
    internal long Line { get; private set; }

    /// <summary>The next line's fields; null at the end. A field in quotes ends on its line.</summary>
    /// <exception cref="PackRowException">The line is too long, holds what cannot be stored, or a quote stays open; the next call goes on after it.</exception>
    internal string[]? Next()
    {
        _line.Clear();
        var length = 0L;
        int letter;
        while ((letter = text.Read()) >= 0 && letter != '\n')
            if (++length <= MaximumLength) _line.Append((char)letter);
        if (letter < 0 && length == 0) return null;
        Line++;
        if (length > MaximumLength) throw new PackRowException($"a line of {length} characters; {MaximumLength} are taken");
        if (_line.Length > 0 && _line[^1] == '\r') _line.Length--;
        return Split(PackFields.Storable(_line.ToString()));
    }

    private static string[] Split(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal)) return line.Split(',');
        var (fields, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted) { fields.Add(field.ToString()); field.Clear(); }
            else field.Append(line[i]);
        }

        if (quoted) throw new PackRowException("a quote stays open");
        return [.. fields, field.ToString()];
    }
}
