using System.Globalization;
using System.Numerics;
using Haetae.Ledger;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Demo;

/// <summary>The picture of the Ronin story: from the bridge to where the rows end, ribbons as wide as their amounts. Solid: in the rows. Dashed: published only.</summary>
internal sealed class RoninFlow(RoninFigures figures, TextWriter html)
{
    private const int Width = 1000, Height = 430, Bar = 12, FullHeight = 250;
    private static readonly UInt256 Full = UInt256.Parse("182182000000000000000000");

    private const string Style = """
        .ronin{--r-ink:#1b1f24;--r-soft:#555e69;--r-flow:#e8a27c;--r-node:#b93d08;--r-said:#1c5d99}
        @media screen and (prefers-color-scheme:dark){.ronin{--r-ink:#e8eaed;--r-soft:#a6b0bb;--r-flow:#a65a30;--r-node:#ff9a63;--r-said:#7db8ef}}
        .ronin text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:var(--r-ink);font-variant-numeric:tabular-nums}
        .ronin .big{font-weight:650}.ronin .soft{fill:var(--r-soft);font-size:12px}
        .ronin .flow{fill:var(--r-flow);fill-opacity:.62}.ronin .node{fill:var(--r-node)}
        .ronin .said{fill:var(--r-said);fill-opacity:.16;stroke:var(--r-said);stroke-dasharray:5 4;stroke-width:1.2}.ronin .guess{fill:var(--r-said);fill-opacity:.08;stroke:var(--r-said);stroke-dasharray:1.5 4;stroke-width:1.5;stroke-linecap:round}
        .ronin .frame{fill:none;stroke:var(--r-said);stroke-dasharray:5 4}.ronin .dots{fill:none;stroke:var(--r-said);stroke-dasharray:1.5 4;stroke-width:1.5;stroke-linecap:round}
        """;

    internal void Write()
    {
        var stated = figures.StatedEther;
        var (back, helpers, march) = (RowSums.Sum(figures.Back), RowSums.Sum(figures.ToHelpers), RowSums.Sum(figures.March));
        var (april, within) = (RowSums.Sum(figures.Paid("G3")), RowSums.Sum(figures.Sums.Within));
        var later = RowSums.Sum(figures.Spring) - april;
        html.Write(Text($"<svg class=\"ronin\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" aria-labelledby=\"rt rd\">\n"));
        html.Write("<title id=\"rt\">Where the ETH went</title><desc id=\"rd\">");
        html.Write(Shown.Markup($"From the bridge {Eth(stated)} (stated) and from the swap helpers {Eth(back)} to 0x098B; from there {Eth(march)} to five wallets in March, {Eth(april)} to eleven wallets in April, {Eth(within)} to seven other listed addresses and from those {Eth(later)} to 36 wallets."));
        html.Write($"</desc>\n<style>{Style}</style>\n");

        const int thief = 250, second = 500, third = 735;
        // Into 0x098B
        Ribbon("said", 40, 60, thief, 60, stated, "173,600 ETH: stated, in no row");
        Ribbon("flow", 40, 60 + High(stated) + 62, thief, 60 + High(stated), back, Eth(back));
        Node(28, 60, stated, true);
        Node(28, 60 + High(stated) + 62, back, false);
        Label(28, 24, "big", "Ronin bridge");
        Label(28, 44, "soft", $"{Eth(stated)}, published");
        Label(28, 60 + High(stated) + 62 + High(back) + 18, "big", "Swap helpers");
        Label(28, 60 + High(stated) + 62 + High(back) + 36, "soft", Rounded(back) + " ETH back, for the USDC");
        Node(thief, 60, figures.ThiefOut, false);
        Label(thief - 6, 24, "big", "0x098B…2f96");
        Label(thief - 6, 44, "soft", "in the OFAC list");

        // Out of it: the helpers, March, April, the other listed addresses
        int at = 60, marchY = 22, aprilY = 92, sevenY = 176;
        Ribbon("flow", thief + Bar, at, second, marchY, march + helpers, Eth(march));
        at += High(march + helpers);
        Ribbon("flow", thief + Bar, at, second, aprilY, april, Eth(april));
        at += High(april);
        Ribbon("flow", thief + Bar, at, second, sevenY, within, Eth(within));
        Node(second, marchY, march + helpers, false);
        Node(second, aprilY, april, false);
        Node(second, sevenY, within, false);
        Label(second + 20, marchY - 2, "big", "Five wallets, 28 and 29 March");
        Label(second + 20, marchY + 16, "soft", Eth(march));
        Label(second + 20, aprilY - 8, "big", "Eleven wallets, 4 to 15 April");
        Label(second + 20, aprilY + 10, "soft", Eth(april));
        Label(second - 84, sevenY + High(within) + 20, "big", "Seven other listed addresses");
        Label(second - 84, sevenY + High(within) + 38, "soft", $"{Eth(within)}; {Rounded(figures.Stayed)} ETH stay on all eight");
        Ribbon("flow", second + Bar, sevenY, third, sevenY, later, Eth(later));
        Node(third, sevenY, later, false);
        Label(third - 4, sevenY + High(later) + 20, "big", "36 wallets");
        Label(third - 4, sevenY + High(later) + 38, "soft", $"{Eth(later)}, 22 April to 19 May");

        // What is said to lie behind
        Frame("frame", 800, 4, 190, 46, "Exchanges", "published reports only");
        Line("frame", second + 230, marchY + 4, 800, 26);
        Frame("dots", 830, 112, 164, 46, "Tornado Cash", "timing, not proof");
        Line("dots", second + 230, aprilY + 4, 830, 130);
        Line("dots", third + Bar, sevenY + 14, 880, 158);
        html.Write("</svg>\n");
    }

    private void Node(int x, int y, UInt256 amount, bool said) =>
        html.Write(Text($"<rect class=\"{(said ? "said" : "node")}\" x=\"{x}\" y=\"{y}\" width=\"{Bar}\" height=\"{High(amount)}\" rx=\"2\"/>\n"));

    private void Ribbon(string style, int fromX, int fromY, int toX, int toY, UInt256 amount, string tip)
    {
        var (high, middle) = (High(amount), (fromX + toX) / 2);
        html.Write(Text($"<path class=\"{style}\" d=\"M{fromX} {fromY}C{middle} {fromY} {middle} {toY} {toX} {toY}V{toY + high}C{middle} {toY + high} {middle} {fromY + high} {fromX} {fromY + high}Z\"><title>{Shown.Markup(tip)}</title></path>\n"));
    }

    private void Label(int x, int y, string style, string text) => html.Write(Text($"<text class=\"{style}\" x=\"{x}\" y=\"{y}\">{Shown.Markup(text)}</text>\n"));

    private void Frame(string style, int x, int y, int width, int height, string title, string below)
    {
        html.Write(Text($"<rect class=\"{style}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n"));
        Label(x + 12, y + 19, "big", title);
        Label(x + 12, y + 36, "soft", below);
    }

    private void Line(string style, int fromX, int fromY, int toX, int toY) => html.Write(Text($"<path class=\"{style}\" d=\"M{fromX} {fromY}L{toX} {toY}\"/>\n"));

    // Heights to the pixel, at least two: a small amount must not vanish.
    private static int High(UInt256 amount) => Math.Max(2, (int)((BigInteger)amount * FullHeight / (BigInteger)Full));

    private static string Eth(UInt256 amount) => AssetAmounts.Exact(amount, 18) + " ETH";

    private static string Rounded(UInt256 amount) => AssetAmounts.Rounded(amount, 18, 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
