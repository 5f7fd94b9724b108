using System.Text.Json;
using Haetae.Cli.Demo;
using Haetae.Tests.Support;

namespace Haetae.Tests.Cli.Demo;

public sealed class DmmStoryTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"haetae-dmm-{Guid.NewGuid():N}");

    [Fact]
    public void Every_rule_puts_4_502_9_bitcoin_at_one_address_and_0_1_into_the_fee()
    {
        var (document, report, ledger) = DmmStory.Trace(_folder, CancellationToken.None);
        Assert.Equal(450_300_000_000, report.Seeds.Sum(seed => seed.Stolen));
        Assert.Equal(8, report.Results.Count);
        Assert.All(report.Results.Where(result => result.Conserves), result =>
        {
            var end = Assert.Single(result.Ends);
            Assert.Equal(("1B6rJRfjTXwEy36SCs5zofGMmdv2kdZw7P", 450_290_000_000), (end.Address, end.Tainted));
            Assert.Equal(10_000_000, result.Books.Fees);
        });
        using var text = new StringWriter();
        DmmStory.Write(document, report, ledger, text);
        Assert.Contains("200 BTC more lay at the same address", text.ToString(), StringComparison.Ordinal);
    }

    // What becomes of the output is not in the data: it must not be called unspent.
    [Fact]
    public void The_end_is_where_knowledge_ends_and_not_an_unspent_output()
    {
        var (_, report, _) = DmmStory.Trace(_folder, CancellationToken.None);
        Assert.All(report.Results, result => Assert.DoesNotContain(result.Ends, end => end.Reason == "unspent"));
    }

    [SharedDataFact]
    public void The_transactions_are_those_of_the_public_note()
    {
        using var note = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path_("bitcoin", "facts", "dmm_bitcoin_2024_theft_tx.json")));
        var (_, _, ledger) = DmmStory.Trace(_folder, CancellationToken.None);
        foreach (var transaction in note.RootElement.GetProperty("transactions").EnumerateArray())
        {
            var id = transaction.GetProperty("txid").GetString();
            var number = Enumerable.Range(0, (int)ledger.Graph.TransactionCount).Select(i => (uint)i).Single(i => ledger.TxIds[i].ToString() == id);
            Assert.Equal(transaction.GetProperty("fee").GetInt64(), ledger.Graph.Fee[number]);
            foreach (var output in transaction.GetProperty("vout").EnumerateArray())
            {
                var at = ledger.Graph.FirstOutput[number] + output.GetProperty("n").GetInt32();
                Assert.Equal(output.GetProperty("value").GetInt64(), ledger.Graph.Value[at]);
                Assert.Equal(output.GetProperty("script").GetString(), Convert.ToHexStringLower(ledger.ScriptOf(at)));
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
