using System.Text.Json.Nodes;
using Haetae.Cli.Accuracy;
using Haetae.Cli.Commands;
using Haetae.Tests.Architecture;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Cli.Accuracy;

/// <summary>All figures, measured once on the recorded data for all tests of a class.</summary>
public sealed class MeasuredAccuracy
{
    internal IReadOnlyList<Figure> Figures { get; } =
        SharedData.Root is { } data ? AccuracyCommand.Measure(data, null, AccuracyMeasures.All, new ProgressLine(TextWriter.Null, terminal: false), CancellationToken.None) : [];
}

/// <summary><c>haetae accuracy</c>: its figures are those of docs/accuracy.md, and they reach what was set out to be reached.</summary>
public sealed class AccuracyTests(MeasuredAccuracy measured) : IClassFixture<MeasuredAccuracy>
{
    [SharedDataTheory]
    [InlineData("Recognition")]
    [InlineData("Silence")]
    [InlineData("Agreement")]
    [InlineData("Clusters")]
    [InlineData("ChangeOutputs")]
    [InlineData("Links")]
    [InlineData("Pools")]
    [InlineData("Bridges")]
    [InlineData("LookAlikes")]
    [InlineData("Deposits")]
    public void The_page_shows_what_the_command_prints(string section)
    {
        var table = AccuracyReport.Markdown(Enum.Parse<AccuracySection>(section), measured.Figures);
        Assert.True(table.Split('\n').Length > 3, $"nothing was measured for {section}");
        Assert.True(Page.Contains(table, StringComparison.Ordinal), $"docs/accuracy.md is not what 'haetae accuracy --data DIR --markdown' prints:\n{table}");
    }

    [SharedDataTheory]
    [InlineData("Whirlpool", "5 to 10 inputs", 100)]
    [InlineData("Wasabi 2", "labelled: shape", 100)]
    [InlineData("Wasabi 2", "of these, more", 100)]
    [InlineData("Wasabi 2", "generated", 98)]
    [InlineData("Wasabi 1", "as labelled", 98)]
    [InlineData("Wasabi 1", "coordinator's", 98)]
    [InlineData("JoinMarket", "planted rounds of 3", 90)]
    public void What_is_one_is_found(string method, string set, double least) => Assert.InRange(Only(AccuracySection.Recognition, method, set).Rate.Share!.Value, least, 100);

    [SharedDataFact]
    public void No_rule_fires_on_the_payments_of_a_real_block()
    {
        var blocks = measured.Figures.Where(figure => figure.Section == AccuracySection.Silence && figure.Set.Contains(" block ", StringComparison.Ordinal)).ToList();
        Assert.All(RealBlock.All, block => Assert.Contains(blocks, figure => figure.Set.Contains(block.Name, StringComparison.Ordinal)));
        Assert.All(blocks, figure => Assert.Equal((0, true), (figure.Rate.Hits, figure.Rate.Of > 100)));
    }

    [SharedDataFact]
    public void Ordinary_payments_are_rarely_named() => Assert.InRange(Only(AccuracySection.Silence, "every rule", "generated payments").Rate.Share!.Value, 0, 3);

    [SharedDataFact]
    public void No_recorded_pay_off_is_hidden_and_all_are_found_by_the_usual_terms()
    {
        var rows = measured.Figures.Where(figure => figure.Section == AccuracySection.LookAlikes && figure.Set.Contains("1,042", StringComparison.Ordinal)).ToList();
        Assert.Equal((0, 1_042), Rate(rows.Single(figure => figure.Measure == "hidden")));
        Assert.Equal((1_042, 1_042), Rate(rows.First(figure => figure.Measure == "found")));
        Assert.All(measured.Figures.Where(figure => figure.Section == AccuracySection.LookAlikes && figure.Measure == "named"), figure => Assert.Equal(0, figure.Rate.Hits));

        static (long, long) Rate(Figure figure) => (figure.Rate.Hits, figure.Rate.Of);
    }

    [SharedDataFact]
    public void Every_row_says_what_makes_it_weak() => Assert.All(measured.Figures, figure => Assert.NotEqual("", figure.Note));

    [SharedDataFact]
    public void The_json_is_what_its_schema_says()
    {
        var document = AccuracyReport.Json(measured.Figures);
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.accuracy.1.schema.json"))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(JsonNode.Parse(JsonText.Of(document)), schema));
        document["figures"]![0]!["hits"] = "1";
        Assert.NotEmpty(SchemaCheck.Errors(document, schema));
    }

    [SharedDataFact]
    public async Task One_part_alone_is_the_same()
    {
        var (exit, output, _) = await Run("accuracy", "--data", SharedData.Root!, "--only", "wasabi1", "--json");
        var part = AccuracyReport.Json(measured.Figures.Where(figure => figure.Method == "Wasabi 1"));
        Assert.Equal((ExitCode.Done, JsonText.Of(part)), (exit, output.TrimEnd()));
    }

    private static string Page => Repository.Read("docs/accuracy.md").ReplaceLineEndings("\n");

    private Figure Only(AccuracySection section, string method, string set) =>
        measured.Figures.Single(figure => figure.Section == section && figure.Method == method && figure.Set.StartsWith(set, StringComparison.Ordinal));

    internal static async Task<(int Exit, string Output, string Errors)> Run(params string[] args)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(args, output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
