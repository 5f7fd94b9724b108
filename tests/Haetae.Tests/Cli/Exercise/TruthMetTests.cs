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
        var result = new TraceRequest([.. heist.Seeds], [], null, null, ["fifo"], "drop", null, null, null) { Entities = entities }
            .Run(ledger, CancellationToken.None).Results[0];
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
        Assert.Contains(result.Entities, total => total.Entity.Name.StartsWith("Thief of ", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
