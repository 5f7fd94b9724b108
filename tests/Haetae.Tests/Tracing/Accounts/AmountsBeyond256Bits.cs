using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>A made-up token may claim any amount. It costs its own figures, and never those of money.</summary>
public class AmountsBeyond256Bits
{
    private static readonly UInt256 Most = UInt256.MaxValue;

    public static TheoryData<Policy> EveryPolicy() => [.. AccountTracer.Policies];

    public static TheoryData<Policy> Conserving() => [.. AccountTracer.Policies.Where(PolicyNames.Conserves)];

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void A_hostile_token_changes_no_figure_of_any_other_asset(Policy policy) => RandomAccounts.ForEach(400, made =>
    {
        var (hostile, seeds) = WithFakes(made);
        var before = new AccountTracer(made.Scene.Ledger).Trace(made.Query, policy);
        var after = new AccountTracer(hostile).Trace(made.Query with { Seeds = seeds }, policy);
        Assert.Equal(TextOf(made.Scene.Ledger, before), TextOf(hostile, after));
        var (bounds, same) = (new AccountBounds(hostile, made.Query with { Seeds = seeds }), new AccountBounds(made.Scene.Ledger, made.Query));
        for (uint account = 0; account < made.Scene.Ledger.AccountCount; account++)
        {
            var there = hostile.FindAccount(made.Scene.Ledger.AddressOf(account))!.Value;
            Assert.Equal(same.Of([new AccountPlace(account, 0)])[0], bounds.Of([new AccountPlace(there, 0)])[0]);
            bounds.Of([new AccountPlace(there, FakeOf(hostile))]);
        }
    }, exchanges: true, limits: false);

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Stolen_fakes_beyond_every_sum_are_open_ends_and_the_report_says_so(Policy policy)
    {
        var scene = new Scene();
        var fake = scene.Tx($"- {Most} FAKE thief", $"- {Most} FAKE thief", $"- {Most} FAKE mule", "victim 10 ETH thief");
        scene.Tx("thief 4 ETH shop");
        var query = new AccountQuery { Seeds = [.. Enumerable.Range(0, 3).Select(i => new StolenTransfer(fake + i, Most)), new StolenTransfer(fake + 3, 10)] };
        var report = new AccountReportBuilder(scene.Ledger, null).Build(query, [policy], new AccountParameters(["x"], [PolicyNames.NameOf(policy)]) { Bounds = 20 }, null);
        var result = Assert.Single(report.Results);
        var books = result.Books.Single(books => books.Asset.Name == Scene.Asset("FAKE")).Book;
        Assert.Equal(Most, books.Seeds);
        var unsound = Assert.Single(result.Ends, end => end.Reason == "not-understood");
        Assert.StartsWith("amounts beyond 256 bits", unsound.Note, StringComparison.Ordinal);
        Assert.Equal((UInt256)10, result.Books.Single(one => one.Asset.Name == Scene.Asset("ETH")).Book.Seeds);
        Assert.Contains(AccountAnswer.Warnings(report), warning => warning.Contains("at least", StringComparison.Ordinal));
        using var text = new StringWriter();
        AccountReportText.Write(report, text);
        AccountReportCsv.Write(report, text);
        AccountReportPage.Write(report, text);
        AccountReportJson.Write(report, Stream.Null);
        Assert.Contains("amounts beyond 256 bits", text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void A_fake_thrown_into_a_swap_does_not_spoil_it(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 100 USDC pool", "pool 49 DAI thief", $"pool {Most} FAKE thief", $"- {Most} FAKE pool", "thief 3 ETH fee");
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.Equal(49UL, scene.At(outcome, "thief", "DAI"));
        Scene.AssertBalanced(outcome);
    }

    [Theory]
    [MemberData(nameof(Conserving))]
    public void A_payment_for_a_fake_alone_is_not_understood_and_other_payments_are_followed(Policy policy)
    {
        var scene = new Scene();
        var seed = scene.Tx("victim 100 USDC thief");
        scene.Tx("thief 60 USDC pool", $"- {Most} FAKE thief", $"- {Most} FAKE other");
        scene.Tx("thief 40 USDC shop", $"- {Most} FAKE other", $"- {Most} FAKE other");
        var outcome = scene.Trace(policy, (seed, 100));
        Assert.Equal([(AccountEndReason.NotUnderstood, (UInt256)60), (AccountEndReason.Held, (UInt256)40)], outcome.Ends.Select(end => (end.Reason, end.Tainted)));
        Assert.Equal(40UL, scene.At(outcome, "shop", "USDC"));
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Money_sent_back_and_forth_beyond_256_bits_ends_openly(Policy policy)
    {
        var scene = new Scene();
        var half = new UInt256((UInt128)1 << 127, 0);
        var seed = scene.Tx($"- {half} FAKE a");
        for (var i = 0; i < 5; i++) scene.Tx(i % 2 == 0 ? $"a {half} FAKE b" : $"b {half} FAKE a");
        var outcome = new AccountTracer(scene.Ledger).Trace(new AccountQuery { Seeds = [new StolenTransfer(seed, half)] }, policy);
        Assert.Contains("256 bits", Assert.Single(outcome.Ends).Note, StringComparison.Ordinal);
    }

    private static uint FakeOf(AccountTable ledger) => (uint)ledger.Assets.Index().Single(one => one.Item.Name == Scene.Asset("FAKE")).Index;

    // The same ledger with a token of absurd amounts, in transactions of its own and among what is called stolen.
    private static (AccountTable Ledger, List<StolenTransfer> Seeds) WithFakes(RandomAccounts made)
    {
        var (ledger, dice) = (made.Scene.Ledger, new Dice((ulong)made.Seed + 991));
        var builder = new AccountTableBuilder(ledger.Chain);
        foreach (var asset in ledger.Assets) builder.DescribeAsset(asset.Name, asset.Symbol, asset.Decimals);
        builder.DescribeAsset(Scene.Asset("FAKE"), "FAKE", null);
        var moved = new Dictionary<long, long>();
        var seeds = new List<StolenTransfer>();
        var fakes = 0;
        for (uint tx = 0; tx < ledger.Graph.TransactionCount; tx++)
        {
            if (dice.OneIn(2) || tx == 0)
            {
                builder.AddTransaction(new Hash256(SHA256.HashData(BitConverter.GetBytes(1_000_000 + fakes++))), ledger.Graph.TxTime[tx], ledger.Graph.TxBlock[tx]);
                for (var i = dice.Below(3); i >= 0; i--) Throw();
            }

            builder.AddTransaction(ledger.Graph.TxId[tx], ledger.Graph.TxTime[tx], ledger.Graph.TxBlock[tx]);
            for (var transfer = ledger.Graph.TxFirstTransfer[tx]; transfer < ledger.Graph.TxFirstTransfer[tx + 1L]; transfer++)
            {
                moved[transfer] = builder.AddTransfer(AddressOf(ledger.Graph.From[transfer]), AddressOf(ledger.Graph.To[transfer]), ledger.Assets[(int)ledger.Graph.Asset[transfer]].Name, ledger.Graph.Amount[transfer], ledger.Graph.KindOf(transfer));
            }
        }

        for (uint account = 0; account < ledger.AccountCount; account++)
        {
            for (uint asset = 0; asset < ledger.Assets.Count; asset++)
                if (ledger.OpeningOf(account, asset) is { } opening) builder.SetOpening(ledger.AddressOf(account), ledger.Assets[(int)asset].Name, opening);
        }

        seeds.AddRange(made.Query.Seeds.Select(seed => new StolenTransfer(moved[seed.Transfer], seed.Stolen)));
        return (builder.Build(), seeds);

        void Throw()
        {
            var from = dice.OneIn(2) ? (uint?)null : (uint)dice.Below(ledger.AccountCount);
            var to = (uint)dice.Below(ledger.AccountCount);
            var amount = Most - (ulong)dice.Below(3);
            var added = builder.AddTransfer(from is { } payer ? AddressOf(payer) : null, AddressOf(to), Scene.Asset("FAKE"), amount, from is null ? TransferKind.Mint : TransferKind.Token);
            if (from != to && dice.OneIn(2)) seeds.Add(new StolenTransfer(added, amount));
        }

        AccountAddress? AddressOf(uint account) => account == AccountGraph.Nobody ? null : ledger.AddressOf(account);
    }

    private static string TextOf(AccountTable ledger, AccountOutcome outcome)
    {
        var text = new StringBuilder();
        bool IsReal(uint asset) => ledger.Assets[(int)asset].Name != Scene.Asset("FAKE");
        string Of(uint account) => account == AccountGraph.Nobody ? "nobody" : ledger.AddressOf(account).ToString();
        string At(long transfer) => ledger.Graph.TxId[ledger.Graph.TransactionOf(transfer)].ToString();
        foreach (var book in outcome.Books.Where(book => IsReal(book.Asset))) text.Append(book).Append('\n');
        foreach (var end in outcome.Ends.Where(end => IsReal(end.Asset)).Select(end => $"end {Of(end.Account)} {end.Asset} {end.Reason} {end.Tainted} {At(end.FirstTransfer)} {At(end.LastTransfer)} {end.Note}").Order(StringComparer.Ordinal)) text.Append(end).Append('\n');
        foreach (var flow in outcome.Flow.Where(flow => IsReal(ledger.Graph.Asset[flow.Transfer]))) text.Append($"{At(flow.Transfer)} {ledger.Graph.Asset[flow.Transfer]} {Of(ledger.Graph.From[flow.Transfer])} {flow.Tainted}\n");
        foreach (var one in outcome.Conversions) text.Append(one with { Transaction = 0, Actor = 0, Recipient = 0 }).Append('\n');
        foreach (var one in outcome.Openings.Where(one => IsReal(one.Asset)).Select(one => $"opening {Of(one.Account)} {one.Asset} {one.Amount}").Order(StringComparer.Ordinal)) text.Append(one).Append('\n');
        return text.ToString();
    }
}
