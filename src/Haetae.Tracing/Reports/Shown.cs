using System.Globalization;
using System.Text;

namespace Haetae.Tracing.Reports;

/// <summary>Makes text from a chain harmless before it is shown: no control characters, no reversed reading order, no markup.</summary>
public static class Shown
{
    /// <summary>Text for a terminal or as the content of an XML writer: whatever could steer the display becomes U+FFFD.</summary>
    public static string Plain(string text)
    {
        var clean = true;
        foreach (var c in text) clean &= c is >= ' ' and < '\x7f';
        if (clean) return text;
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) result.Append(Steers(rune) ? "\uFFFD" : rune.ToString());
        return result.ToString();
    }

    /// <summary>Text inside HTML, SVG or an attribute of either in double quotes.</summary>
    public static string Markup(string text)
    {
        text = Plain(text);
        if (text.AsSpan().IndexOfAny("&<>\"'") < 0) return text;
        var result = new StringBuilder(text.Length + 32);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\'' => result.Append("&#39;"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    /// <summary>At most <paramref name="width"/> characters, the middle left out where there are more: both ends are what people compare.</summary>
    public static string Middle(string text, int width)
    {
        text = Plain(text);
        if (text.Length <= width) return text;
        var tail = (width - 1) / 2;
        var head = width - 1 - tail;
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[^tail])) tail--;
        return text[..head] + "…" + text[^tail..];
    }

    private static bool Steers(Rune rune) => rune.Value is 0xFFFE or 0xFFFF || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
}
