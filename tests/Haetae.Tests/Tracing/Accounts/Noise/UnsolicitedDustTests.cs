using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Support;
using Haetae.Tracing.Accounts.Noise;

namespace Haetae.Tests.Tracing.Accounts.Noise;

public sealed class UnsolicitedDustTests
{
    private static readonly UInt256 Dust = NoiseTerms.Usual(ChainName.Ethereum).Known[0].Dust;

    [SharedDataFact]
    public void Of_the_436_rows_of_the_Ronin_case_355_are_dust_and_messages_of_174_strangers()
    {
        var ledger = RoninRows.Read(withReceipt: false).Ledger;
        var found = UnsolicitedDust.Of(ledger, RoninRows.AccountsOf(ledger), NoiseTerms.Usual(ledger.Chain));
        Assert.Equal(436, ledger.Graph.TransferCount);
        Assert.Equal(355, found.Count);
        Assert.Equal(118, found.Count(finding => finding.Kind == NoiseKind.StrangerMessage));
        Assert.Equal(174, found.Select(finding => finding.Other).Distinct().Count());
        Assert.Equal(RoninRows.Wei("0.1698666436384726"), RoninRows.Sum(ledger, found.Select(finding => finding.Transfer)));
    }

    [SharedDataFact]
    public void The_six_receipts_that_matter_in_the_Ronin_case_and_all_75_payments_stay_in_the_picture()
    {
        var ledger = RoninRows.Read(withReceipt: false).Ledger;
        var eight = RoninRows.AccountsOf(ledger);
        var noise = AccountNoise.Of(ledger, eight);
        long[] shown = [.. noise.Shown(Enumerable.Range(0, 436).Select(i => (long)i))];
        Assert.Equal(355, noise.HiddenCount);
        Assert.Empty(noise.PayOffs);
        long[] received = [.. shown.Where(transfer => !eight.Contains(ledger.Graph.From[transfer]))];
        Assert.Equal(6, received.Length);
        Assert.Equal(RoninRows.Wei("8565.7370891307459"), RoninRows.Sum(ledger, received));
        Assert.Equal(75, shown.Length - received.Length);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_gift_of_more_than_dust_is_no_noise(int above, bool noise)
    {
        var table = new AccountHistory();
        table.Add("stranger", "case", Dust + (ulong)above);
        Assert.Equal(noise, Transfers(table).Contains(0));
    }

    [Fact]
    public void A_sum_cut_into_pieces_of_dust_is_shown_with_everything_else_of_its_sender()
    {
        var table = new AccountHistory();
        table.Add("smurf", "case", Dust);
        table.Add("smurf", "second", 1UL);
        table.Add("smurf", "case", 0UL);
        table.Add("stranger", "case", Dust);
        Assert.Equal([3], Transfers(table));
    }

    [Fact]
    public void Whoever_was_ever_paid_or_called_is_no_stranger()
    {
        var table = new AccountHistory();
        table.Add("paid", "case", 1UL);
        table.Add("called", "case", 1UL);
        table.Add("stranger", "case", 1UL);
        table.Add("second", "paid", 5UL);
        table.Add("case", "called", 0UL);
        Assert.Equal([2], Transfers(table));
    }

    [Fact]
    public void A_forged_token_transfer_makes_nobody_acquainted()
    {
        var table = new AccountHistory();
        table.Add("stranger", "case", 1UL);
        table.AddToken("case", "stranger", 7UL, table.Asset("junk"), signer: "stranger");
        Assert.Equal([0], Transfers(table));
    }

    [Fact]
    public void What_a_pool_pays_out_in_a_transaction_of_the_case_is_no_gift()
    {
        var table = new AccountHistory();
        table.Add("case", "router", 0UL, ("pool", "case", 3UL));
        table.Add("stranger", "router", 0UL, ("disperser", "case", 3UL));
        Assert.Equal([3], Transfers(table));
    }

    [Fact]
    public void Tokens_without_a_threshold_are_never_dust()
    {
        var table = new AccountHistory();
        table.AddToken("stranger", "case", 1UL, table.Asset("unheard of"), signer: "stranger");
        Assert.Empty(Transfers(table));
    }

    private static long[] Transfers(AccountHistory table)
    {
        HashSet<uint> accounts = [];
        foreach (var name in new[] { "case", "second" })
            if (table.Built.FindAccount(table.Address(name)) is { } account) accounts.Add(account);
        return [.. UnsolicitedDust.Of(table.Built, accounts, NoiseTerms.Usual(table.Built.Chain)).Select(finding => finding.Transfer)];
    }
}
