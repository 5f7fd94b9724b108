namespace Haetae.Tracing.Reports;

/// <summary>Bounds without a rule for a terminal: two lines a destination, the bounds and what each policy says.</summary>
internal static class BoundsText
{
    private const int Amount = 20, Indent = 12;

    public static void Write(BoundsReport? bounds, TraceText.Lines text, int most)
    {
        if (bounds is null) return;
        text.Line(BoundsWords.Heading);
        text.Wrapped(BoundsWords.Introduction(bounds));
        if (bounds.Destinations.Count > 0) text.Line("at least".PadLeft(Amount) + "at most, BTC".PadLeft(Amount));
        var left = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var destination in bounds.Destinations)
        {
            var shown = left[destination.Kind] = left.GetValueOrDefault(destination.Kind) + 1;
            if (shown > most) continue;
            var name = Shown.Middle(BoundsWords.Name(destination), text.Width - (2 * Amount) - 2);
            text.Line(Amounts.Fixed(destination.Least).PadLeft(Amount) + Amounts.Fixed(destination.Most).PadLeft(Amount) + "  " + name);
            Figures(destination.Figures, text);
        }

        var more = left.Values.Sum(count => Math.Max(0, count - most));
        if (more > 0) text.Line($"  and {Amounts.Count(more, "more destination", "more destinations")}: see --json");
        text.Blank();
    }

    private static void Figures(IReadOnlyList<PolicyFigure> figures, TraceText.Lines text)
    {
        var line = "";
        foreach (var figure in figures.Select(BoundsWords.Figure))
        {
            if (line.Length > 0 && Indent + line.Length + 2 + figure.Length > text.Width)
            {
                text.Line(new string(' ', Indent) + line + ",");
                line = "";
            }

            line += (line.Length == 0 ? "" : ", ") + figure;
        }

        text.Line(new string(' ', Indent) + line);
    }
}
