using System.Globalization;

namespace Haetae.Ledger.Bitcoin;

/// <summary>Puts a character of somebody else's text into a message.</summary>
internal static class Letter
{
    /// <summary>The character in quotes; by its number when it is not visible ASCII, which a terminal might obey or a reader mistake.</summary>
    public static string Quote(char letter) =>
        letter is > ' ' and <= '~' ? $"'{letter}'" : "U+" + ((int)letter).ToString("X4", CultureInfo.InvariantCulture);
}
