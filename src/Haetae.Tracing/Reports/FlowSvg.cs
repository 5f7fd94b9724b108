using System.Globalization;
using System.Text;

namespace Haetae.Tracing.Reports;

/// <summary>The flow picture as SVG: alone a file of its own, or a part of the page. Solid lines are on-chain fact; a dashed frame says that the name in it is a tag's claim.</summary>
public static class FlowSvg
{
    private const int LineHeight = 15, Padding = 8;

    private const string Style = """
        .haetae-flow{--f-card:#fff;--f-ink:#1b1f24;--f-soft:#555e69;--f-line:#b5b0a3;--f-flow:#e8a27c;--f-seed:#b93d08;--f-seed-soft:#fff1e7;--f-end:#1c5d99;--f-end-soft:#eef5fb;--f-warn:#8a5a00}
        @media screen and (prefers-color-scheme:dark){.haetae-flow{--f-card:#1d232b;--f-ink:#e8eaed;--f-soft:#a6b0bb;--f-line:#5a6572;--f-flow:#a65a30;--f-seed:#ff9a63;--f-seed-soft:#33231a;--f-end:#7db8ef;--f-end-soft:#182838;--f-warn:#f2c14e}}
        .haetae-flow text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:var(--f-ink);font-variant-numeric:tabular-nums}
        .haetae-flow .id{font:11.5px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        .haetae-flow .big{font-weight:650}.haetae-flow .soft{fill:var(--f-soft);font-size:11px}.haetae-flow .warn{fill:var(--f-warn);font-size:11px}
        .haetae-flow rect{fill:var(--f-card);stroke:var(--f-line)}.haetae-flow .seed rect{fill:var(--f-seed-soft);stroke:var(--f-seed)}.haetae-flow .end rect{fill:var(--f-end-soft);stroke:var(--f-end)}.haetae-flow .said rect{stroke-dasharray:5 3;stroke-width:1.5}
        .haetae-flow .ribbon{fill:var(--f-flow);fill-opacity:.62}
        """;

    public static void Write(FlowLayout layout, TextWriter output)
    {
        var title = $"Flow of the stolen money under {PolicyMethod.Of(layout.Policy).Title}";
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"<svg class=\"haetae-flow\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {layout.Width} {layout.Height}\" width=\"{layout.Width}\" height=\"{layout.Height}\" role=\"img\" aria-labelledby=\"flow-title flow-desc\">\n"));
        output.Write($"<title id=\"flow-title\">{Shown.Markup(title)}</title>\n<desc id=\"flow-desc\">{Shown.Markup(Description(layout))}</desc>\n<style>{Style}</style>\n");
        foreach (var ribbon in layout.Ribbons)
        {
            output.Write($"<path class=\"ribbon\" d=\"{Outline(ribbon)}\"><title>{Shown.Markup(ribbon.Tip)}</title></path>\n");
        }

        foreach (var node in layout.Nodes) Write(node, output);
        output.Write("</svg>\n");
    }

    private static void Write(FlowNode node, TextWriter output)
    {
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"<g class=\"{Class(node.Kind)}{(node.IsInference ? " said" : "")}\"><title>{Shown.Markup(node.Tip)}</title><rect x=\"{node.X}\" y=\"{node.Y}\" width=\"{node.Width}\" height=\"{node.Height}\" rx=\"6\"/>"));
        var y = node.Y + (node.Height - node.Lines.Count * LineHeight) / 2 + 12;
        for (var i = 0; i < node.Lines.Count; i++)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture,
                $"<text class=\"{LineClass(node, i)}\" x=\"{node.X + Padding + 2}\" y=\"{y + i * LineHeight}\">{Shown.Markup(node.Lines[i])}</text>"));
        }

        output.Write("</g>\n");
    }

    private static string LineClass(FlowNode node, int line) => node.Kind switch
    {
        FlowKind.Rest => line == 2 ? "warn" : line == 1 ? "big" : "",
        FlowKind.Seed or FlowKind.End when line == 0 => node.IsInference ? "" : "id",
        FlowKind.Seed or FlowKind.End when line == 1 => "big",
        FlowKind.Transaction when line == 0 => "id",
        FlowKind.Chain when line == 0 => "big",
        _ => node.Warning && line == node.Lines.Count - 1 ? "warn" : "soft",
    };

    private static string Class(FlowKind kind) => kind switch
    {
        FlowKind.Seed => "seed",
        FlowKind.End => "end",
        FlowKind.Rest => "rest",
        _ => "tx",
    };

    /// <summary>The ribbon's edge: along the top to the right, back along the bottom, level where it meets a node.</summary>
    private static string Outline(FlowRibbon ribbon)
    {
        var path = new StringBuilder();
        var points = ribbon.Points;
        path.Append(CultureInfo.InvariantCulture, $"M{points[0].X} {points[0].Y}");
        for (var i = 1; i < points.Count; i++) Curve(points[i - 1], points[i], 0);
        path.Append(CultureInfo.InvariantCulture, $"V{points[^1].Y + ribbon.Width}");
        for (var i = points.Count - 1; i > 0; i--) Curve(points[i], points[i - 1], ribbon.Width);
        return path.Append('Z').ToString();

        void Curve(FlowPoint from, FlowPoint to, int down)
        {
            var middle = (from.X + to.X) / 2;
            path.Append(CultureInfo.InvariantCulture, $"C{middle} {from.Y + down} {middle} {to.Y + down} {to.X} {to.Y + down}");
        }
    }

    private static string Description(FlowLayout layout)
    {
        var text = $"From left to right: stolen outputs, the transactions they were spent in, the open ends. Ribbons are tainted outputs, as wide as their tainted amount. {Amounts.Count(layout.PathsDrawn, "path is", "paths are")} drawn.";
        return layout.LeftOutEnds == 0
            ? text + " Every open end is drawn."
            : text + $" {Amounts.Count(layout.LeftOutEnds, "further end", "further ends")} with {Amounts.Btc(layout.LeftOutAmount)} are summed in one node.";
    }
}
