namespace Haetae.Cli.Commands;

/// <summary>Text of strangers on its way to a terminal.</summary>
internal static class PlainText
{
    /// <summary>One line, without anything that a terminal would obey.</summary>
    internal static string Of(string text) => text.Any(IsUnsafe) ? string.Concat(text.Select(letter => IsUnsafe(letter) ? ' ' : letter)) : text;

    private static bool IsUnsafe(char letter) =>
        char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
