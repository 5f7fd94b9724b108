using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Exercise;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Intel.Tags;

/// <summary>A trace goes by the tags of the store it is given, whichever kind of store that is.</summary>
public sealed class TracedTagsTests : IDisposable
{
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_trace_stops_at_the_services_that_the_store_names_and_knows_only_what_was_known_on_a_day()
    {
        var heist = PracticeHeist.Write(Path.Combine(_home.Folder, "blocks"), 5, 1_000, ExerciseCommand.AddressOf, CancellationToken.None);
        var ledger = Path.Combine(_home.Folder, "ledger");
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = heist.Folder, Ledger = ledger, Threads = 2 });
        _home.Import(heist.TagsPath);
        var seeds = string.Join(',', heist.Seeds);
        var now = await _home.Json("trace", "--ledger", ledger, "--from", seeds, "--policy", "fifo");
        Assert.Contains(now["results"]![0]!["stops"]!.AsArray(), stop => (string?)stop!["entity"]?["name"] == "Drizzle Mixer");
        Assert.Equal(15, (int)now["tags"]!["addresses"]!);
        var before = await _home.Json("trace", "--ledger", ledger, "--from", seeds, "--policy", "fifo", "--tags-as-of", "2024-12-31");
        Assert.Null(before["tags"]);
        Assert.DoesNotContain(before["results"]![0]!["stops"]!.AsArray(), stop => stop!["entity"] is not null);
        var through = await _home.Json("trace", "--ledger", ledger, "--from", seeds, "--policy", "fifo", "--through", "Drizzle Mixer");
        Assert.Equal("Drizzle Mixer", (string?)through["parameters"]!["through"]![0]);
        Assert.DoesNotContain(through["results"]![0]!["stops"]!.AsArray(), stop => (string?)stop!["entity"]?["name"] == "Drizzle Mixer");
        var peel = JsonNode.Parse(await File.ReadAllTextAsync(heist.TruthPath))!["story"]!.AsArray().First(step => (string)step!["name"]! == "peel")!["txid"]!;
        var chain = await _home.Json("peel", (string)peel!, "--ledger", ledger);
        Assert.Contains(chain["destinations"]!.AsArray(), to => (string?)to!["entity"]?["category"] == "exchange");
    }
}
