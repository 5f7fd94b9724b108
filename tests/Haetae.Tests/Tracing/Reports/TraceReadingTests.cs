using System.Xml.Linq;
using Haetae.Tracing;
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
        Assert.Contains("! Outputs with less taint than the minimum (1000 sat) were not followed. Left open: ", text, StringComparison.Ordinal);
        Assert.Contains("12 blocks state a proof-of-work target", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("until", "height 170", "Looked at up to height 170 only. Held at that block, spent later: FIFO 2 ends with 0.00000007 BTC.")]
    [InlineData("min-value", "9 sat", "Outputs with less taint than the minimum (9 sat) were not followed. Left open: FIFO 2 ends with 0.00000007 BTC.")]
    [InlineData("max-transactions", "2 transactions", "The trace stopped at its maximum of transactions (2 transactions). Left open: FIFO 2 ends with 0.00000007 BTC.")]
    [InlineData("unknown-value", null, "The trace stopped where an input's value is not known. Parked there: FIFO 2 ends with 0.00000007 BTC.")]
    public void A_limit_says_what_it_did(string kind, string? setting, string warning)
    {
        var report = SampleReport.Small();
        var limited = report with { Results = [report.Results[0] with { Limits = [new TraceLimit(kind, setting, 2, 7)] }] };
        Assert.Equal([warning], Answer.Warnings(limited));
    }

    [Fact]
    public void A_trace_too_large_to_try_its_assumptions_says_so()
    {
        var report = SampleReport.Small();
        var stop = new TraceStop("coinjoin", null, new string('0', 64), new CoinJoinVerdict("rule", CoinJoinKind.EqualOutputs, Finding.Fires, "because"), 1, 1, 1, 1, 1, 1);
        TraceReport Of(long followed, int asked) => report with
        {
            Parameters = report.Parameters with { Sensitivity = asked },
            Results = [.. report.Results.Select(result => result with { Stops = [stop], TransactionsVisited = followed })],
        };
        bool Says(TraceReport one) => Answer.Warnings(one).Any(warning => warning.Contains("50,000 transactions, and this trace followed 50,001", StringComparison.Ordinal));
        Assert.True(Says(Of(50_001, 12)));
        Assert.False(Says(Of(50_000, 12)));
        Assert.False(Says(Of(50_001, 0)));
    }

    [Theory]
    [InlineData("unspent", "not moved since")]
    [InlineData("until", "not moved up to the last block looked at")]
    [InlineData("min-value", "not followed: below the minimum value")]
    public void A_seed_that_was_not_followed_says_so(string reason, string says)
    {
        var report = SampleReport.Small();
        var result = report.Results[0];
        var seed = result.Paths[0].Steps[0];
        var end = result.Ends[0] with { TxId = seed.TxId, Vout = seed.Vout, Reason = reason };
        var unmoved = report with { Results = [result with { Ends = [end], Paths = [new TracePath([seed], seed.Tainted)] }] };
        Assert.Contains($"  1. {Amounts.Fixed(seed.Tainted),33}  {says}\n", Text(unmoved, 100), StringComparison.Ordinal);
        using var page = new StringWriter();
        TracePage.Write(unmoved, page);
        Assert.Contains($"Path 1: {Amounts.Btc(seed.Tainted)}, {says}<", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Amounts_of_a_path_stand_below_each_other()
    {
        var text = Text(SampleReport.Large(), 100);
        var lines = text[text.IndexOf("Strongest paths", StringComparison.Ordinal)..].Split('\n').Where(line => line.Contains('.', StringComparison.Ordinal) && (line.Contains("at most", StringComparison.Ordinal) || line.Contains("  block ", StringComparison.Ordinal)));
        Assert.Single(lines.Select(line => line.LastIndexOf('.')).Distinct());
    }

    private const string Script = "410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac";

    [Theory]
    [InlineData("1A", "pubkeyhash", null, "1A")]
    [InlineData(null, "pubkey", Script, "pubkey 0411db93…12a3")]
    [InlineData(null, "pubkey", null, "pubkey script")]
    [InlineData(null, "multisig", "5121027a2f3c91d05b13aa6600112233445151ae", "multisig 5121027a2f3c91d0…445151ae")]
    [InlineData(null, "nonstandard", "51", "nonstandard 51")]
    public void An_output_without_an_address_is_called_by_its_kind_and_enough_of_its_script(string? address, string type, string? script, string name) =>
        Assert.Equal(name, Holders.NameOf(address, type, script));

    [Fact]
    public void Scripts_are_not_called_addresses()
    {
        var report = SampleReport.Small();
        var result = report.Results[0];
        var bare = report with { Results = [result with { Addresses = [.. result.Addresses.Select(total => total with { Address = null, ScriptType = "pubkey", ScriptHex = Script })] }] };
        Assert.Matches(" unspent at [0-9]+ scripts? ", Answer.Sentence(bare));
        Assert.Contains(" x  pubkey 0411db93…12a3\n", Text(bare, 100), StringComparison.Ordinal);
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
        Assert.Equal($"haetae trace --ledger DIR --from {expected} --policy fifo --fee-rule drop --stops none --sensitivity 0 --until 170 --max-transactions 9 --json", RepeatCommand.Of(asked));
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
