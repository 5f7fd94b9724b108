namespace Haetae.Tracing.Reports;

/// <summary>Tables of exact figures on a page: names to the left, figures in letters of one width to the right, and words in the second column where a table has them.</summary>
public static class PageSheet
{
    /// <summary>Goes behind <see cref="PageStyle.Css"/>.</summary>
    public const string Css = """
        .sheet td,.sheet th{padding:7px 0 7px 16px}.sheet th:first-child{padding-left:0}.sheet td.text,.sheet th.text{text-align:left}.exact{font-family:var(--mono);font-size:13px;white-space:nowrap}
        @media (max-width:640px){.words,.words thead,.words tbody{display:block}.words tr{display:grid;grid-template-columns:fit-content(42%) minmax(0,1fr);column-gap:14px;padding:8px 0;border-bottom:1px solid var(--line)}.words tbody tr:last-child{border-bottom:0}
          .words tr>*,.words tr>th:first-child{border:0;padding:0}.words tr>:nth-child(3){grid-column:1/-1;text-align:right}}
        """;

    /// <remarks>A figure is never broken: on a phone it stands below the words of its row, and wider tables scroll sideways.</remarks>
    /// <param name="words">Whether the second column holds words.</param>
    /// <param name="heads">Markup.</param>
    public static void Start(TextWriter html, bool words, ReadOnlySpan<string> heads)
    {
        html.Write($"<div class=\"card scroll\"><table class=\"sheet{(words ? " words" : "")}\"><thead><tr>");
        for (var i = 0; i < heads.Length; i++) html.Write($"<th scope=\"col\"{(words && i == 1 ? " class=\"text\"" : "")}>{heads[i]}</th>");
        html.Write("</tr></thead><tbody>\n");
    }

    /// <param name="cells">Markup; the first is the row's name.</param>
    public static void Row(TextWriter html, bool words, ReadOnlySpan<string> cells)
    {
        html.Write($"<tr><th scope=\"row\">{cells[0]}</th>");
        for (var i = 1; i < cells.Length; i++) html.Write($"<td class=\"{(words && i == 1 ? "text" : "exact")}\">{cells[i]}</td>");
        html.Write("</tr>\n");
    }

    public static void End(TextWriter html) => html.Write("</tbody></table></div>\n");
}
