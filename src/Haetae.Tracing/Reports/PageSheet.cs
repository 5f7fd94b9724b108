namespace Haetae.Tracing.Reports;

/// <summary>Tables of exact figures on a page: names to the left, figures in letters of one width to the right, and words in the second column where a table has them.</summary>
public static class PageSheet
{
    /// <summary>Goes behind <see cref="PageStyle.Css"/>.</summary>
    public const string Css = """
        .sheet td,.sheet th{padding:7px 0 7px 16px}.sheet th:first-child{padding-left:0}.sheet td.text,.sheet th.text{text-align:left}.exact{font-family:var(--mono);font-size:13px;white-space:nowrap}
        @media (max-width:640px){.exact{white-space:normal;overflow-wrap:anywhere}}
        """;

    /// <param name="words">Whether the second column holds words.</param>
    /// <param name="heads">Markup.</param>
    public static void Start(TextWriter html, bool words, ReadOnlySpan<string> heads)
    {
        html.Write("<div class=\"card scroll\"><table class=\"sheet\"><thead><tr>");
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
