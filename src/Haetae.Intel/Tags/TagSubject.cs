using System.Globalization;
using System.Text;

namespace Haetae.Intel.Tags;

/// <summary>The one form of an address or transaction id that is stored and looked up.</summary>
public static class TagSubject
{
    // Letters that look like those of addresses and are not: Cyrillic and Greek, in the same order as their twins.
    private const string Lookalikes = "АВЕКМНОРСТХаеосрхуіјѕԁԛԝΑΒΕΖΗΚΜΝΟΡΤΥΧνο";
    private const string Twins = "ABEKMHOPCTXaeocpxyijsdqwABEZHKMNOPTYXvo";

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

        return IsHexWithLetterO(mended) ? mended.Replace('O', '0').Replace('o', '0').ToString() : mended.ToString();
    }

    /// <summary>An EVM address in which a round letter stands for a nought: hexadecimal has no O.</summary>
    private static bool IsHexWithLetterO(StringBuilder text)
    {
        if (text.Length != 42 || text[0] is not ('0' or 'O' or 'o') || text[1] is not ('x' or 'X')) return false;
        for (var i = 2; i < text.Length; i++)
            if (!char.IsAsciiHexDigit(text[i]) && text[i] is not ('O' or 'o')) return false;
        return true;
    }

    /// <summary>What a user should know when a text was mended; null when there was nothing to mend.</summary>
    public static string? NoteOn(string written)
    {
        var text = Mend(written);
        return text == written ? null : $"'{TagProblem.Quoted(written)}' was read as '{TagProblem.Quoted(text)}', without spaces, unseen characters and look-alike letters";
    }

    private static bool IsCaseless(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("bc1", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("tb1", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("bcrt1", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("ltc1", StringComparison.OrdinalIgnoreCase)
        || (text.Length == 64 && text.All(char.IsAsciiHexDigit));
}
