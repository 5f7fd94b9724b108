using System.Globalization;
using System.Text;

namespace Haetae.Intel.Tags;

/// <summary>The one form of an address or transaction id that is stored and looked up.</summary>
public static class TagSubject
{
    // Letters that look like those of addresses and are not: Cyrillic and Greek, in the same order as their twins.
    private const string Lookalikes = "АВЕКМНРСТХаеосрхуіјѕԁԛԝΑΒΕΖΗΚΜΝΡΤΥΧνο";
    private const string Twins = "ABEKMHPCTXaeocpxyijsdqwABEZHKMNPTYXvo";

    /// <summary>Hexadecimal and Bech32 know no case; Base58 does.</summary>
    public static string KeyOf(string text)
    {
        text = text.Trim();
        return IsCaseless(text) ? text.ToLowerInvariant() : text;
    }

    /// <summary>Takes off the spaces around it, takes out what cannot be seen and puts Latin letters for those that only look like them.</summary>
    /// <returns>The text itself when there is nothing to mend.</returns>
    public static string Mend(string text)
    {
        text = text.Trim();
        if (Ascii.IsValid(text)) return text;
        var mended = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.SpaceSeparator) continue;
            var at = Lookalikes.IndexOf(letter, StringComparison.Ordinal);
            // Full-width forms stand in the same order as ASCII.
            mended.Append(at >= 0 ? Twins[at] : letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter);
        }

        return mended.ToString();
    }

    private static bool IsCaseless(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("bc1", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("tb1", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("bcrt1", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("ltc1", StringComparison.OrdinalIgnoreCase)
        || (text.Length == 64 && text.All(char.IsAsciiHexDigit));
}
