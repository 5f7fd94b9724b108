using System.Globalization;
using System.Text.Json;
using Haetae.Cli.Commands;
using Haetae.Cli.Exercise;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Cli.Exercise;

/// <summary>A practice heist traced as the demo does it, held against its truth.</summary>
public sealed class TruthMetTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-met-").FullName;

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(7, 20_000)]
    [InlineData(42, 5_000)]
    public void First_in_first_out_finds_every_planted_satoshi_and_names_who_has_it(ulong seed, int transactions)
    {
        var heist = PracticeHeist.Write(Path.Combine(_root, "blocks"), seed, transactions, ExerciseCommand.AddressOf, CancellationToken.None);
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = heist.Folder, Ledger = Path.Combine(_root, "ledger"), Threads = 2 });
        var database = StoreLocation.InFolder(_root);
        using (var store = TagStore.OpenForWriting(database)) TagImport.Run(store, [heist.TagsPath], new TagImportNote("test", heist.Known), null, CancellationToken.None);
        using var ledger = BitcoinLedger.Open(Path.Combine(_root, "ledger"));
        using var entities = StopOptions.Entities(database, ledger, null, null, CancellationToken.None);
        var report = new TraceRequest([.. heist.Seeds], [], null, null, ["fifo"], "drop", null, null, null) { Entities = entities }.Run(ledger, CancellationToken.None);
        var result = report.Results[0];
        var ends = result.Ends.ToDictionary(end => string.Create(CultureInfo.InvariantCulture, $"{end.TxId}:{end.Vout}"));
        using var truth = JsonDocument.Parse(File.ReadAllBytes(heist.TruthPath));
        var coinJoin = truth.RootElement.GetProperty("story").EnumerateArray().First(step => step.GetProperty("name").GetString() == "coinjoin").GetProperty("txid").GetString();
        var throughCoinJoin = 0L;
        foreach (var place in truth.RootElement.GetProperty("places").EnumerateArray())
        {
            var amount = long.Parse(place.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
            var kind = place.GetProperty("kind").GetString();
            if (place.GetProperty("txid").GetString() == coinJoin)
            {
                throughCoinJoin += amount; // whose outputs are whose, only its owners know: the trace parks it all at the door
            }
            else if (kind is "held" or "deposited")
            {
                var end = ends[place.GetProperty("outpoint").GetString()!];
                Assert.Equal(amount, end.Tainted);
                if (kind == "held") Assert.Equal("unspent", end.Reason);
                else Assert.Equal(("service", place.GetProperty("owner").GetString()), (end.Reason, end.Entity?.Name));
            }
        }

        var parked = Assert.Single(result.Stops, stop => stop.Kind == "coinjoin");
        Assert.Equal((coinJoin, throughCoinJoin), (parked.TxId, parked.Tainted));
        Assert.Contains(result.Stops, stop => stop.Entity is { Name: "Drizzle Mixer", Category: "mixing_service" });
        InsideTheBounds(report, truth);
        InsideTheBounds(new TraceRequest([.. heist.Seeds], [], null, null, ["all"], "drop", null, null, null) { Entities = entities, Through = [coinJoin!] }.Run(ledger, CancellationToken.None), truth);
        Assert.Contains(result.Entities, total => total.Entity.Name.StartsWith("Thief of ", StringComparison.Ordinal));
    }

    /// <summary>What the truth places at an address no rule can deny: it lies between the least and the most.</summary>
    private static void InsideTheBounds(TraceReport report, JsonDocument truth)
    {
        var through = report.Parameters.Through.Count > 0;
        var places = truth.RootElement.GetProperty("places").EnumerateArray()
            .Where(place => place.GetProperty("kind").GetString() is var kind && (kind is "held" or "deposited" || (through && kind == "coinjoin")))
            .GroupBy(place => place.GetProperty("address").GetString()!, place => long.Parse(place.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => group.Sum());
        var compared = 0;
        foreach (var bound in report.Bounds!.Destinations.Where(bound => bound.Kind == "address" && bound.Holder?.Address is not null))
        {
            foreach (var figure in bound.Figures.Where(figure => figure.Bounded)) Assert.InRange(figure.Tainted, bound.Least, bound.Most);
            if (!places.TryGetValue(bound.Holder!.Address!, out var planted)) continue;
            Assert.InRange(planted, bound.Least, bound.Most);
            compared++;
        }

        Assert.True(compared >= 5, $"only {compared} places of the truth are among the largest destinations");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
