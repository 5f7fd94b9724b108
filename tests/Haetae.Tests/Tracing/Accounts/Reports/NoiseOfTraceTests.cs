using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Demo;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Tracing.Accounts.Noise;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Accounts.Noise;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Stops;

namespace Haetae.Tests.Tracing.Accounts.Reports;

/// <summary>Noise and suspected pay-offs as reports of traces tell them.</summary>
public sealed class NoiseOfTraceTests
{
    private const string Friend = "0xa7B4BAC8f0f9692e56750aEFB5f6cB5516E90570";
    private const string Fake = "0xa7Bf48749D2E4aA29e3209879956b9bAa9E90570";
    private static readonly UInt128 Ether = 1_000_000_000_000_000_000UL;

    [Fact]
    public void Dust_of_strangers_is_counted_by_kind_with_its_sum_and_leaves_out_what_a_service_received()
    {
        var history = new AccountHistory();
        history.Add("victim", "thief", 10UL * Ether);
        history.Add("stranger", "thief", 1_000UL);
        history.Add("another", "thief", 2_000UL);
        history.Add("another", "exchange", 2_000UL);
        history.Add("gossip", "thief", UInt256.Zero);
        history.Add("thief", "exchange", 4UL * Ether);
        var names = new AccountNames(history.Built);
        names.Add(history.Address("exchange"), new Entity("An Exchange", null, 50, "a test") { Category = "exchange", IsService = true });
        var stops = new NamedStops(history.Built, names, new HashSet<uint>(), new HashSet<string>());
        var report = Report(history, [0], stops);
        Assert.Equal((1, 1, 3), (report.Noise.Accounts, report.Noise.LeftOut, report.Noise.Transfers));
        Assert.Equal([(NoiseKind.StrangerDust, 2), (NoiseKind.StrangerMessage, 1)], report.Noise.Kinds.Select(kind => (kind.Kind, kind.Transfers)));
        Assert.Equal((UInt256)3_000UL, Assert.Single(report.Noise.Kinds[0].Sums).Amount);
        Assert.Empty(report.Noise.Kinds[1].Sums);
        Assert.Contains("2 of dust from strangers: 0.000000000000003 ETH", Text(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_paid_to_a_look_alike_is_a_suspected_pay_off_with_the_account_that_was_meant()
    {
        var history = new AccountHistory();
        history.Add("victim", Friend, Ether);
        history.Add(Fake, "victim", 1UL);
        history.Add("victim", Fake, 5UL * Ether);
        history.Add(Fake, "hoard", 5UL * Ether);
        var report = Report(history, [2]);
        var payOff = Assert.Single(report.PayOffs);
        Assert.Equal((history.Built.Chain.Show(history.Address(Friend)), new Likeness(3, 6), true), (payOff.Meant, payOff.Likeness, payOff.IsSeed));
        Assert.Equal((UInt256)(5UL * Ether), payOff.Move.Amount);
        Assert.Contains($"seems to have meant {payOff.Meant}", Text(report), StringComparison.Ordinal);
        Assert.Contains("<ul class=\"notes suspected\">", Page(report), StringComparison.Ordinal);
        var json = Json(report)["payOffs"]![0]!;
        Assert.Equal((3, 6, true, "68719476736"), (json["head"]!.GetValue<int>(), json["tail"]!.GetValue<int>(), json["seed"]!.GetValue<bool>(), json["oneIn"]!.GetValue<string>()));
    }

    [Fact]
    public void Without_the_account_that_was_meant_nothing_is_suspected()
    {
        var history = new AccountHistory();
        history.Add("victim", Fake, 5UL * Ether);
        var report = Report(history, [0]);
        Assert.Empty(report.PayOffs);
        Assert.DoesNotContain("notes suspected\"", Page(report), StringComparison.Ordinal);
    }

    // The look-alike passes stolen dust on to an account that was also stolen from: bait with taint on it.
    [Fact]
    public void Bait_that_carries_taint_stays_in_books_and_files_and_only_the_list_on_the_page_leaves_it_out()
    {
        var history = new AccountHistory();
        history.Add("victim", "thief", Ether);
        history.Add("thief", Friend, 1_000_000UL);
        history.Add("thief", "carrier", 5_000UL);
        history.Add("carrier", Fake, 5_000UL);
        history.Add(Fake, "thief", 5_000UL);
        history.Add("thief", "hoard", Ether / 2UL);
        var report = Report(history, [0]);
        Assert.Equal([NoiseKind.DustBait], report.Noise.Kinds.Select(kind => kind.Kind));
        Assert.Equal(1, report.Noise.Kinds[0].Tainted);
        var result = Assert.Single(report.Results);
        var book = Assert.Single(result.Books).Book;
        Assert.Equal(book.Seeds + book.ConvertedIn, book.Held + book.Parked + book.Fees + book.Destroyed + book.Absorbed + book.Cut + book.ConvertedOut);
        var bait = Assert.Single(result.Flow, flow => flow.Noise == NoiseKind.DustBait);
        Assert.Equal((UInt256)5_000UL, bait.Tainted);
        Assert.Single(Json(report)["results"]![0]!["transfers"]!.AsArray(), flow => flow!["noise"]?.GetValue<string>() == "dust-bait");
        Assert.Contains("1 transfer of bait left out of this list", Page(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_is_the_same_with_noise_around_it_and_without()
    {
        var dice = new Dice(77);
        for (var run = 0; run < 20; run++)
        {
            AccountHistory quiet = new(), loud = new();
            long at = 0;
            quiet.Add("victim", "a", 100UL * Ether);
            loud.Add("victim", "a", 100UL * Ether);
            for (var i = 0; i < 30; i++)
            {
                var (from, to) = ("abcd"[(int)dice.Below(4)].ToString(), "abcdef"[(int)dice.Below(6)].ToString());
                var wei = Ether * (ulong)(1 + dice.Below(20));
                quiet.Add(from, to, wei);
                loud.Add(from, to, wei);
                // Zero, so that no balance changes: strangers' messages.
                for (; dice.OneIn(2); at++) loud.Add($"stranger {at}", "abcd"[(int)dice.Below(4)].ToString(), UInt256.Zero);
            }

            foreach (var policy in new[] { Policy.Fifo, Policy.Haircut, Policy.Lifo })
            {
                AccountReport one = Report(quiet, [0], policy: policy), other = Report(loud, [0], policy: policy);
                Assert.Equal(one.Results[0].Books, other.Results[0].Books);
                Assert.Equal(one.Results[0].Ends.Select(end => (end.Address, end.Tainted)), other.Results[0].Ends.Select(end => (end.Address, end.Tainted)));
                Assert.Equal(one.Results[0].Flow.Select(flow => (flow.Move.From, flow.Move.To, flow.Tainted)), other.Results[0].Flow.Select(flow => (flow.Move.From, flow.Move.To, flow.Tainted)));
            }
        }
    }

    // 355 of the 436 rows are strangers' (FACTS of the case); the built-in case holds them too.
    [Fact]
    public void The_Ronin_trace_counts_the_dust_of_strangers_and_suspects_nobody()
    {
        var ronin = RoninCase.Read().Accounts;
        var rows = RowsLedger.Of(ronin, "eip155:1");
        var asked = new AccountTraceRequest(["0xc28fad5e8d5e0ce6a2eaf67b6687be5d58113e16be590824d6cfa1a94467d0b7"], ["fifo"]) { Within = [.. ronin.Followed] };
        var report = asked.Run(rows.Table, CancellationToken.None);
        Assert.Empty(report.PayOffs);
        Assert.True(report.Noise.Transfers > 0 && report.Noise.Kinds.All(kind => kind.Tainted == 0), string.Join('\n', NoiseWords.Lines(report.Noise)));
        Assert.All(report.Results.SelectMany(result => result.Flow), flow => Assert.Null(flow.Noise));
    }

    private static AccountReport Report(AccountHistory history, long[] seeds, IAccountStops? stops = null, Policy policy = Policy.Fifo)
    {
        var query = new AccountQuery { Seeds = [.. seeds.Select(seed => new StolenTransfer(seed, history.Built.Graph.Amount[seed]))], Stops = stops };
        return new AccountReportBuilder(history.Built, null).Build(query, [policy], new AccountParameters([], [PolicyNames.NameOf(policy)]), null);
    }

    private static string Text(AccountReport report)
    {
        using var text = new StringWriter();
        AccountReportText.Write(report, text, 400);
        return text.ToString();
    }

    private static string Page(AccountReport report)
    {
        using var text = new StringWriter();
        AccountReportPage.Write(report, text);
        return text.ToString();
    }

    private static JsonNode Json(AccountReport report)
    {
        using var stream = new MemoryStream();
        AccountReportJson.Write(report, stream);
        return JsonNode.Parse(stream.ToArray())!;
    }
}
