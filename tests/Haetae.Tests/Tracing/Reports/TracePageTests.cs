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
}
