using System.Globalization;
using System.Text;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>Tokens that call themselves what a known one is called: anyone may give a contract any symbol.</summary>
internal static class FakeSymbols
{
    // Letters of other alphabets that look Latin (Unicode Technical Standard 39, "confusables"): those that capital symbols need.
    private const string Foreign = "АВЕЅЗІЈКМНОРСТУХԌԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
    private const string Latin = "ABES3IJKMHOPCTYXGQWABEZHIKMNOPTYX";

    /// <summary>For every asset of a ledger, whether it is such a token.</summary>
    internal static bool[] Of(IReadOnlyList<AssetInfo> assets, NoiseTerms terms)
    {
        HashSet<string> symbols = [.. terms.Known.Select(known => Plain(known.Symbol))];
        HashSet<AssetName> names = [.. terms.Known.Select(known => known.Name)];
        return [.. assets.Select(asset => asset is { Symbol: { } symbol, Name.Kind: AssetKind.Token or AssetKind.Trc10 } && !names.Contains(asset.Name) && symbols.Contains(Plain(symbol)))];
    }

    /// <summary>A symbol as the eye reads it: capitals, Latin letters, nothing invisible.</summary>
    internal static string Plain(string symbol)
    {
        var plain = new StringBuilder(symbol.Length);
        foreach (var letter in symbol.Normalize(NormalizationForm.FormKC).ToUpperInvariant())
        {
            if (char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark || char.IsWhiteSpace(letter)) continue;
            var at = Foreign.IndexOf(letter, StringComparison.Ordinal);
            plain.Append(at < 0 ? letter : Latin[at]);
        }

        return plain.ToString();
    }
}
