using System.Xml.Linq;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Tracing.Reports;

public class TraceReadingTests
{
    private static string Text(TraceReport report, int width)
    {
        using var text = new StringWriter();
        TraceText.Write(report, text, width);
        return text.ToString();
    }

    [Theory]
    [InlineData(0, "0 BTC", "0.00000000")]
    [InlineData(1, "0.00000001 BTC", "0.00000001")]
    [InlineData(1_250_000_000, "12.5 BTC", "12.50000000")]
    [InlineData(123_456_700_000_000, "1,234,567 BTC", "1,234,567.00000000")]
    [InlineData(-5, "-0.00000005 BTC", "-0.00000005")]
    [InlineData(long.MaxValue, "92,233,720,368.54775807 BTC", "92,233,720,368.54775807")]
    [InlineData(long.MinValue, "-92,233,720,368.54775808 BTC", "-92,233,720,368.54775808")]
    public void Amounts_are_exact(long satoshi, string sentence, string column)
    {
        Assert.Equal(sentence, Amounts.Btc(satoshi));
        Assert.Equal(column, Amounts.Fixed(satoshi));
    }

    [Fact]
    public void The_sample_keeps_its_books()
    {
        foreach (var result in SampleReport.Large().Results.Where(result => result.Conserves))
        {
            var books = result.Books;
            Assert.Equal(books.Seeds, books.Held + books.Parked + books.Fees + books.Absorbed + books.Cut);
            Assert.InRange(books.Fees, 0, 100_000);
        }
    }

    [Theory]
    [InlineData(72)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public void Every_line_fits_the_terminal(int width)
    {
        foreach (var report in (TraceReport[])[SampleReport.Large(), SampleReport.Small(), SampleReport.Large(SampleReport.Hostile)])
        {
            Assert.All(Text(report, width).Split('\n'), line => Assert.InRange(line.Length, 0, width));
        }
    }

    [Fact]
    public void The_text_leads_with_the_answer_and_says_what_it_leaves_out()
    {
        var report = SampleReport.Large();
        var text = Text(report, 120);
        if (Environment.GetEnvironmentVariable("HAETAE_TEXT_OUT") is { Length: > 0 } path) File.WriteAllText(path, Text(report, 80) + "\n=====\n\n" + text);
        Assert.StartsWith("Of 8.74999997 BTC stolen, ", text, StringComparison.Ordinal);
        Assert.Contains(" more holding ", text, StringComparison.Ordinal);
        Assert.Contains("min-value (1000 sat)", text, StringComparison.Ordinal);
        Assert.Contains("12 blocks state a proof-of-work target", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_is_never_steered_by_an_address() =>
        Assert.DoesNotContain(Text(SampleReport.Large("\u001b[2J\u202e\u0007"), 100), c => char.IsControl(c) && c != '\n' || c == '\u202e');

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(400)]
    public void The_picture_is_the_same_each_time_and_nothing_overlaps(int copies)
    {
        var report = Many(copies);
        var layout = FlowLayout.Of(report);
        Assert.Equal(Svg(report), Svg(Many(copies)));
        Assert.InRange(layout.Nodes.Count, 3, 40);
        for (var i = 0; i < layout.Nodes.Count; i++)
        {
            var node = layout.Nodes[i];
            Assert.True(node.X >= 0 && node.Y >= 0 && node.Right <= layout.Width && node.Bottom <= layout.Height, $"{node} leaves the picture");
            foreach (var other in layout.Nodes.Skip(i + 1))
            {
                Assert.True(node.Right <= other.X || other.Right <= node.X || node.Bottom <= other.Y || other.Bottom <= node.Y, $"{node} overlaps {other}");
            }
        }

        foreach (var ribbon in layout.Ribbons)
        {
            var (from, to) = (layout.Nodes[ribbon.From], layout.Nodes[ribbon.To]);
            Assert.True(from.Right <= to.X && ribbon.Width >= 2);
            Assert.InRange(ribbon.Points[0].Y, from.Y, from.Bottom - ribbon.Width);
            Assert.InRange(ribbon.Points[^1].Y, to.Y, to.Bottom - ribbon.Width);
        }

        var drawn = layout.Nodes.Count(node => node.Kind == FlowKind.End);
        Assert.True(drawn > 0);
        Assert.Equal(layout.LeftOutEnds > 0, layout.Nodes.Any(node => node.Tip.Contains("further end", StringComparison.Ordinal)));
    }

    [Fact]
    public void Drawn_ends_and_the_rest_add_up()
    {
        var report = Many(12);
        var layout = FlowLayout.Of(report);
        var drawn = layout.Ribbons.Where(ribbon => layout.Nodes[ribbon.To].Kind == FlowKind.End).Sum(ribbon => ribbon.Tainted);
        Assert.Equal(report.Results[0].Ends.Sum(end => end.Tainted), drawn + layout.LeftOutAmount);
    }

    [Fact]
    public void A_long_chain_is_drawn_as_one_node_that_says_so()
    {
        var layout = FlowLayout.Of(SampleReport.Large());
        Assert.Contains(layout.Nodes, node => node.Kind == FlowKind.Chain && node.Lines[0] == "13 in a row");
    }

    [Fact]
    public void A_trace_without_paths_has_a_picture_of_its_rest()
    {
        var report = SampleReport.Small();
        var layout = FlowLayout.Of(report with { Results = [report.Results[0] with { Paths = [] }] });
        Assert.Equal([FlowKind.Rest, FlowKind.Rest], layout.Nodes.Select(node => node.Kind));
    }

    [Fact]
    public void The_picture_is_XML_even_with_a_hostile_address()
    {
        var svg = XDocument.Parse(Svg(SampleReport.Large(SampleReport.Hostile)));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "desc");
    }

    [Theory]
    [InlineData("a'b; rm", "'a'\\''b; rm'")]
    [InlineData("00ff:1", "00ff:1")]
    [InlineData("", "''")]
    public void The_command_to_repeat_is_safe_to_paste(string from, string expected)
    {
        var asked = new TraceParameters([from], ["fifo"], "drop", 170, null, 9, null);
        Assert.Equal($"haetae trace --ledger DIR --from {expected} --policy fifo --fee-rule drop --until 170 --max-transactions 9 --json", RepeatCommand.Of(asked));
    }

    private static string Svg(TraceReport report)
    {
        using var svg = new StringWriter();
        FlowSvg.Write(FlowLayout.Of(report), svg);
        return svg.ToString();
    }

    /// <summary>The sample's first policy several times over, each copy with names of its own.</summary>
    private static TraceReport Many(int copies)
    {
        var one = SampleReport.Large();
        var result = one.Results[0];
        return one with
        {
            Seeds = [.. Enumerable.Range(0, copies).SelectMany(i => one.Seeds.Select(seed => seed with { TxId = seed.TxId + i, Address = seed.Address + i }))],
            Results =
            [
                result with
                {
                    Ends = [.. Enumerable.Range(0, copies).SelectMany(i => result.Ends.Select(end => end with { TxId = end.TxId + i, Address = end.Address + i }))],
                    Spends = [.. Enumerable.Range(0, copies).SelectMany(i => result.Spends.Select(spend => spend with { TxId = spend.TxId + i, SpentBy = spend.SpentBy + i }))],
                    Paths = [.. Enumerable.Range(0, copies).SelectMany(i => result.Paths.Select(path => path with { Steps = [.. path.Steps.Select(step => step with { TxId = step.TxId + i, Address = step.Address + i })] }))],
                },
            ],
        };
    }
}
