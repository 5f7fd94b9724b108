using System.Text;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Tests.Tracing.Bounds;

/// <summary>Bounds on the way out: the demo's theft as JSON, text and page, and the options that ask for them.</summary>
public sealed class BoundsReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-bounds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_policy_of_a_practice_heist_stands_within_its_bounds()
    {
        var (ledger, seeds) = await Heist();
        var document = JsonNode.Parse(await Run(0, "trace", "--ledger", ledger, "--from", seeds, "--policy", "all", "--json"))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(document, Schema()));
        var bounds = document["bounds"]!;
        var stolen = Amount(bounds["stolen"]);
        Assert.True((bool)bounds["tight"]!);
        Assert.True((int)bounds["transactions"]! > 50);
        var destinations = bounds["destinations"]!.AsArray();
        Assert.True(destinations.Count > 10);
        foreach (var destination in destinations)
        {
            var (least, most) = (Amount(destination!["least"]), Amount(destination["most"]));
            Assert.InRange(most, least, stolen);
            Assert.True((int)destination["ends"]! > 0);
            var figures = destination["figures"]!.AsArray();
            Assert.Equal(8, figures.Count);
            foreach (var figure in figures)
            {
                Assert.Equal((string)figure!["policy"]! != "poison", (bool)figure["bounded"]!);
                if ((bool)figure["bounded"]!) Assert.InRange(Amount(figure["tainted"]), least, most);
            }
        }

        var fees = destinations[^1]!;
        Assert.Equal("fees", (string)fees["kind"]!);
        foreach (var result in document["results"]!.AsArray())
            Assert.Equal((string)result!["books"]!["fees"]!, (string)fees["figures"]!.AsArray().First(figure => (string)figure!["policy"]! == (string)result["policy"]!)!["tainted"]!);
    }

    [Fact]
    public async Task The_options_say_how_far_and_the_answer_says_why_not()
    {
        var (ledger, seeds) = await Heist();
        string[] trace = ["trace", "--ledger", ledger, "--from", seeds];
        var off = JsonNode.Parse(await Run(0, [.. trace, "--bounds", "off", "--json"]))!;
        Assert.Null(off["bounds"]);
        Assert.Equal(0, (int)off["parameters"]!["bounds"]!);
        var short_ = JsonNode.Parse(await Run(0, [.. trace, "--bounds", "3", "--json"]))!;
        Assert.Equal("stolen money can reach more than 3 transactions", (string)short_["bounds"]!["notComputed"]!);
        Assert.Empty(SchemaCheck.Errors(short_.AsObject(), Schema()));
        Assert.Contains("were not computed: stolen money can reach more than 3 transactions", string.Join(' ', (await Run(0, [.. trace, "--bounds", "3"])).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("Under any rule", await Run(0, [.. trace, "--bounds", "on"]), StringComparison.Ordinal);
        foreach (var wrong in new[] { "0", "-1", "many" }) await Run(2, [.. trace, "--bounds", wrong]);
    }

    [Fact]
    public async Task A_trace_that_a_limit_cut_short_is_not_held_against_the_bounds()
    {
        var (ledger, seeds) = await Heist();
        var cut = JsonNode.Parse(await Run(0, "trace", "--ledger", ledger, "--from", seeds, "--max-transactions", "2", "--policy", "fifo", "--json"))!;
        Assert.All(cut["bounds"]!["destinations"]!.AsArray(), destination => Assert.False((bool)destination!["figures"]![0]!["bounded"]!));
    }

    [Fact]
    public async Task An_entity_is_bounded_as_one_and_no_wider_than_its_addresses_together()
    {
        var (folder, seeds) = await Heist();
        using var ledger = BitcoinLedger.Open(folder);
        var alone = new TraceRequest(seeds.Split(','), [], null, null, ["fifo"], "drop", null, null, null).Run(ledger, CancellationToken.None);
        var holders = alone.Results[0].Addresses.Where(total => total.Address is not null).Take(3).ToList();
        var book = new EntityBook(ledger);
        foreach (var holder in holders)
        {
            Assert.True(Address.TryParse(holder.Address!, ledger.Network, out var script, out _));
            book.Add(script, new Entity("Someone", "high", 80, "a test") { Category = "exchange" });
        }

        var named = new TraceRequest(seeds.Split(','), [], null, null, ["fifo", "haircut"], "drop", null, null, null) { Entities = book }.Run(ledger, CancellationToken.None);
        var destinations = named.Bounds!.Destinations;
        var entity = destinations.Single(destination => destination.Kind == "entity");
        var category = destinations.Single(destination => destination.Kind == "category");
        var each = holders.Select(holder => destinations.Single(destination => destination.Holder?.Address == holder.Address)).ToList();
        Assert.Equal("Someone", entity.Name);
        Assert.Equal((entity.Least, entity.Most, entity.Ends), (category.Least, category.Most, category.Ends));
        Assert.Equal(each.Sum(one => one.Ends), entity.Ends);
        Assert.InRange(entity.Most, each.Max(one => one.Most), each.Sum(one => one.Most));
        Assert.InRange(entity.Least, each.Sum(one => one.Least), entity.Most);
        Assert.All(entity.Figures, figure => Assert.InRange(figure.Tainted, entity.Least, entity.Most));
        Assert.Equal(holders.Sum(holder => holder.Tainted), entity.Figures[0].Tainted);
    }

    [Fact]
    public void Page_and_text_show_bounds_beside_every_policy_and_encode_what_they_show()
    {
        var sample = SampleReport.Large(SampleReport.Hostile);
        var holder = sample.Results[0].Addresses.First(total => total.Address is not null);
        var report = sample with
        {
            Bounds = new BoundsReport(1_000, 5, null, false, [new DestinationBounds("address", null, 2, 123_456_789, 987_654_321, [new PolicyFigure("fifo", 200_000_000, true), new PolicyFigure("poison", 5_000_000_000, false)]) { Holder = holder }]),
        };
        using StringWriter page = new(), text = new();
        TracePage.Write(report, page);
        TraceText.Write(report, text);
        using var stream = new MemoryStream();
        TraceJson.Write(report, stream);

        Assert.DoesNotContain("<script", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("123,456,789 sat", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("FIFO 2.00000000", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("(Poison 50.00000000)", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("1.23456789          9.87654321", text.ToString(), StringComparison.Ordinal);
        Assert.All(text.ToString().Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.Empty(SchemaCheck.Errors(JsonNode.Parse(Encoding.UTF8.GetString(stream.ToArray()))!.AsObject(), Schema()));
    }

    private async Task<(string Ledger, string Seeds)> Heist()
    {
        var ledger = Path.Combine(_folder, "ledger");
        var heist = Haetae.Cli.Exercise.PracticeHeist.Write(Path.Combine(_folder, "blocks"), seed: 5, 3_000, ExerciseCommand.AddressOf, CancellationToken.None);
        await Run(0, "ingest", "bitcoin", "--blocks", Path.Combine(_folder, "blocks"), "--ledger", ledger);
        return (ledger, string.Join(',', heist.Seeds));
    }

    private static long Amount(JsonNode? node) => long.Parse((string)node!, System.Globalization.CultureInfo.InvariantCulture);

    private static JsonObject Schema() => JsonNode.Parse(Architecture.Repository.Read("docs/formats/haetae.trace.1.schema.json"))!.AsObject();

    private static async Task<string> Run(int expected, params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(arguments, output, errors);
        Assert.True(exit == expected, $"exit {exit}: {errors}");
        return output.ToString();
    }
}
