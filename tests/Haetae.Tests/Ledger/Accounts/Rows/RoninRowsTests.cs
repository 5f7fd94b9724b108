using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Chains;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.Accounts.Rows;

/// <summary>The 436 rows of the Ronin theft's eight addresses, exact to the wei.</summary>
public sealed class RoninRowsTests : IDisposable
{
    private static readonly string[] s_eight =
    [
        "0x098B716B8Aaf21512996dC57EB0615e2383E2f96", "0xa0e1c89Ef1a489c9C7dE96311eD5Ce5D32c20E4B", "0x3Cffd56B47B7b41c56258D9C7731ABaDc360E073", "0x53b6936513e738f44FB50d2b9476730C0Ab3Bfc1",
        "0x35fB6f6DB4fb05e6A4cE86f2C93691425626d4b1", "0xF7B31119c2682c88d88D455dBb9d5932c65Cf1bE", "0x3e37627dEAA754090fBFbb8bd226c1CE66D255e9", "0x08723392Ed15743cc38513C4925f5e6be5c17243",
    ];

    private static readonly string[] s_helpers = ["0x665660F65e94454A64b96693a67a41D440155617", "0xe708f17240732bBfa1BaA8513F66b665Fbc7ce10"];

    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-ronin-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static TransferIngestResult Ingest(string folder) => TransferIngest.FromCsv(new TransferIngestOptions
    {
        File = SharedData.Path_("ethereum", "ronin-2022", "transactions.csv"),
        Ledger = folder,
        Table = new TransferTable
        {
            Chain = ChainName.Ethereum,
            Decimals = 18,
            Map = new Dictionary<TransferField, string> { [TransferField.Time] = "block_time", [TransferField.From] = "from", [TransferField.To] = "to", [TransferField.Amount] = "total_eth" },
        },
    }, null, CancellationToken.None);

    private static BigInteger Wei(string ether)
    {
        var point = ether.IndexOf('.', StringComparison.Ordinal);
        return BigInteger.Parse((point < 0 ? ether : ether.Remove(point, 1)) + new string('0', 18 - (point < 0 ? 0 : ether.Length - point - 1)), System.Globalization.CultureInfo.InvariantCulture);
    }

    [SharedDataFact]
    public void Every_kind_of_flow_adds_up_to_the_wei()
    {
        var result = Ingest(_folder);
        Assert.Equal((436, 436, 436), (result.Rows, result.TransactionsAdded, result.WithoutHash));
        using var ledger = AccountLedger.Open(_folder);
        var graph = ledger.Graph;
        var eight = s_eight.Select(text => ledger.FindAccount(AccountAddress.Parse(text))!.Value).ToHashSet();
        var helpers = s_helpers.Select(text => ledger.FindAccount(AccountAddress.Parse(text))!.Value).ToHashSet();
        var binance = ledger.FindAccount(AccountAddress.Parse("0x4976A4A02f38326660D17bf34b431dC6e2eb2327"))!.Value;

        void Adds(string ether, int rows, int withValue, Func<long, bool> which)
        {
            var some = Enumerable.Range(0, 436).Where(t => which(t)).ToList();
            Assert.Equal((rows, withValue, Wei(ether)), (some.Count, some.Count(t => !graph.Amount[t].IsZero), some.Aggregate(BigInteger.Zero, (sum, t) => sum + graph.Amount[t])));
        }

        Adds("8565.9069557743843726", 361, 243, t => !eight.Contains(graph.From[t]) && eight.Contains(graph.To[t]));
        Adds("1.0569", 1, 1, t => graph.From[t] == binance);
        Adds("8564.6801891307459", 5, 5, t => helpers.Contains(graph.From[t]));
        Adds("0.1698666436384726", 355, 237, t => !eight.Contains(graph.From[t]) && graph.From[t] != binance && !helpers.Contains(graph.From[t]));
        Adds("144835.99835", 7, 7, t => eight.Contains(graph.From[t]) && eight.Contains(graph.To[t]));
        Adds("182023.81508", 68, 61, t => eight.Contains(graph.From[t]) && !eight.Contains(graph.To[t]));
        Adds("2", 2, 2, t => helpers.Contains(graph.To[t]));
    }

    [SharedDataTheory]
    [InlineData(0, "8565.90308226759764805", "0", "144835.99835", "37327.95768")]
    [InlineData(1, "0.00007749", "18256.81", "0", "18256.8")]
    [InlineData(2, "0.00136034519672455", "10129.935", "0", "10081.996")]
    [InlineData(3, "0.0004185777", "21629.48215", "0", "21549.9914")]
    [InlineData(4, "0.00130836789", "33568.152", "0", "33565.35")]
    [InlineData(5, "0.000348826", "25127.5192", "0", "25124.22")]
    [InlineData(6, "0.0001615", "23528.8", "0", "23525.5")]
    [InlineData(7, "0.0001984", "12595.3", "0", "12592")]
    public void Every_address_took_and_gave_what_the_sheet_says(int which, string fromOutside, string fromSet, string toSet, string toOutside)
    {
        Ingest(_folder);
        using var ledger = AccountLedger.Open(_folder);
        var graph = ledger.Graph;
        var eight = s_eight.Select(text => ledger.FindAccount(AccountAddress.Parse(text))!.Value).ToList();
        BigInteger inOutside = 0, inSet = 0, outSet = 0, outOutside = 0;
        foreach (var t in ledger.TransfersOf(eight[which]))
        {
            if (graph.To[t] == eight[which] && eight.Contains(graph.From[t])) inSet += graph.Amount[t];
            else if (graph.To[t] == eight[which]) inOutside += graph.Amount[t];
            else if (eight.Contains(graph.To[t])) outSet += graph.Amount[t];
            else outOutside += graph.Amount[t];
        }

        Assert.Equal((Wei(fromOutside), Wei(fromSet), Wei(toSet), Wei(toOutside)), (inOutside, inSet, outSet, outOutside));
    }

    [SharedDataFact]
    public void The_same_file_again_adds_nothing()
    {
        var first = Ingest(_folder);
        var again = Ingest(_folder);
        Assert.True(again.WasThere);
        Assert.Equal((first.Digest, 0), (again.Digest, again.TransactionsAdded));
    }
}
