using System.Text.RegularExpressions;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Tracing.Reports;

public class TracePageTests
{
    private static string Page(TraceReport report)
    {
        using var html = new StringWriter();
        TracePage.Write(report, html);
        return html.ToString();
    }

    [Fact]
    public void The_page_needs_nothing_from_outside()
    {
        var html = Page(SampleReport.Large());
        if (Environment.GetEnvironmentVariable("HAETAE_PAGE_OUT") is { Length: > 0 } path) File.WriteAllText(path, html);
        Assert.DoesNotMatch(new Regex("<script|<link|<iframe|<img|@import|url\\(", RegexOptions.IgnoreCase), html);
        Assert.DoesNotMatch(new Regex("(src|href|action)\\s*=", RegexOptions.IgnoreCase), html);
        Assert.Contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_address_is_shown_and_does_nothing()
    {
        var html = Page(SampleReport.Large(SampleReport.Hostile));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_says_the_answer_the_digest_and_the_command()
    {
        var report = SampleReport.Large();
        var html = Page(report);
        Assert.Contains(Answer.Sentence(report), html, StringComparison.Ordinal);
        Assert.Contains(TraceJson.Digest(report), html, StringComparison.Ordinal);
        Assert.Contains(" \\\n  --until 800000", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\uFFFD", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Headings_come_in_order_and_table_heads_have_a_scope()
    {
        var html = Page(SampleReport.Large());
        var levels = Regex.Matches(html, "<h([1-6])").Select(match => match.Groups[1].Value[0] - '0').ToList();
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
        Assert.All(Regex.Matches(html, "<th[ >][^>]*").Select(match => match.Value), head => Assert.Contains("scope=", head, StringComparison.Ordinal));
    }
}
