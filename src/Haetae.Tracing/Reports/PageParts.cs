using System.Globalization;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>The small pieces of HTML that every part of the page is made of. Whatever goes in as text comes out encoded.</summary>
internal static class PageParts
{
    /// <summary>An amount with its decimals in groups, by style and not by characters: copied, it is a plain number. The exact satoshi are its title.</summary>
    public static string Amount(long satoshi)
    {
        var (sign, whole, part) = Amounts.Split(satoshi);
        return $"<span class=\"amt\" title=\"{Amounts.Sat(satoshi)}\">{sign}{Amounts.Group(whole)}.{part[..2]}<i>{part[2..5]}</i><i>{part[5..]}</i></span>";
    }

    /// <summary>An amount and, on a second line, its satoshi: for paper, where nobody can point at a title.</summary>
    public static string AmountOnTwoLines(long satoshi) => $"{Amount(satoshi)}<span class=\"sat\">{Amounts.Sat(satoshi)}</span>";

    /// <summary>A tainted amount, its satoshi, and the whole output where that is more.</summary>
    public static string AmountOfWhole(long part, long whole) =>
        AmountOnTwoLines(part) + (part == whole ? "" : $"<span class=\"sat\">of {Amounts.Sat(whole)}</span>");

    public static string HolderName(string? address, string scriptType, string? scriptHex) =>
        $"<span class=\"id\">{Shown.Markup(Holders.NameOf(address, scriptType, scriptHex))}</span>";

    /// <summary>The same and, where there is no address, the script that stands for it.</summary>
    public static string Holder(string? address, string scriptType, string? scriptHex) =>
        HolderName(address, scriptType, scriptHex) + (address is not null || scriptHex is null ? "" : $"<span class=\"sub\">script {Shown.Markup(LongHex(scriptHex))}</span>");

    /// <summary>The name that a tag gives to an address: a claim, so dashed.</summary>
    public static string Said(Entity? entity) =>
        entity is null ? "" : $"<span class=\"said\" title=\"{Shown.Markup($"{StopWords.Full(entity)}; source: {entity.Source}")}\">{Shown.Markup(StopWords.Short(entity))}</span>";

    public static string Outpoint(string txId, int vout) => $"<span class=\"sub\">{Shown.Markup(txId)}:{Answer.Height(vout)}</span>";

    /// <summary>A height and, below it, the date and the hour of the block: two short lines leave room for the identifiers beside them.</summary>
    public static string Block(int height, uint time)
    {
        var text = Amounts.Time(time);
        var gap = text.IndexOf(' ', StringComparison.Ordinal);
        return $"{Answer.Height(height)}<span class=\"sat\">{text[..gap]}</span><span class=\"sat\">{text[(gap + 1)..]}</span>";
    }

    /// <summary>A bar for an amount: its share of the largest one; none below one in a hundred.</summary>
    public static string Bar(long part, long whole)
    {
        var share = whole <= 0 ? 0 : (int)((Int128)part * 100 / whole);
        if (share < 1) return "";
        return string.Create(CultureInfo.InvariantCulture, $"<span class=\"bar\" style=\"width:{Math.Clamp(share, 0, 100)}%\"></span>");
    }

    /// <summary>A script can be megabytes long: the middle of a long one is left out, and the length said.</summary>
    private static string LongHex(string hex) =>
        hex.Length <= 200 ? hex : $"{Shown.Middle(hex, 120)} ({Amounts.Count(hex.Length / 2)} bytes)";
}
