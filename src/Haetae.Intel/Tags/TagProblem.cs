using System.Text;

namespace Haetae.Intel.Tags;

/// <summary>What was wrong in a file, and where.</summary>
/// <param name="Line">Counted from 1; 0 when it is about the whole file.</param>
public sealed record TagProblem(string File, long Line, string Reason)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Reason}" : $"{File}: {Reason}";

    /// <summary>A stranger's text for a message: short, and nothing in it that a terminal would obey or an eye would miss.</summary>
    internal static string Quoted(string text)
    {
        var quoted = new StringBuilder();
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, 100)))
        {
            if (letter is >= ' ' and <= '~' || char.IsLetter(letter)) quoted.Append(letter);
            else quoted.Append($"<U+{(int)letter:X4}>");
        }

        return text.Length > 100 ? quoted.Append('…').ToString() : quoted.ToString();
    }
}
