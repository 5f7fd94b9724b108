using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Support;
using Haetae.Tracing.Accounts.Noise;

namespace Haetae.Tests.Tracing.Accounts.Noise;

public sealed class LookAlikesTests
{
    private const string Friend = "0xa7B4BAC8f0f9692e56750aEFB5f6cB5516E90570";
    private const string Fake = "0xa7Bf48749D2E4aA29e3209879956b9bAa9E90570";
    private const string Usdt = "0xdAC17F958D2ee523a2206206994597C13D831ec7";

    [Fact]
    public void A_transfer_of_nothing_to_a_look_alike_that_the_victim_did_not_sign_is_bait()
    {
        var history = AfterPayment();
        var bait = history.AddToken("victim", Fake, UInt256.Zero, history.Asset(Usdt), signer: "attacker");
        var found = Assert.Single(Noise(history).All);
        Assert.Equal((bait, NoiseKind.ZeroBait, history.Built.FindAccount(AccountAddress.Parse(Friend)), new Likeness(3, 6)), (found.Transfer, found.Kind, found.Imitated, found.Likeness));
    }

    [Fact]
    public void Dust_from_a_look_alike_is_bait()
    {
        var history = AfterPayment();
        var bait = history.AddToken(Fake, "victim", 10_000UL, history.Asset(Usdt), signer: Fake);
        Assert.Equal([(bait, NoiseKind.DustBait)], Noise(history).All.Select(finding => (finding.Transfer, finding.Kind)));
    }

    [Theory]
    [InlineData("USDT", true)]
    [InlineData("UЅDТ", true)] // two letters are Cyrillic
    [InlineData("U\u200bSDT ", true)] // a space without width, and one with
    [InlineData("SHIB", false)]
    public void A_token_that_borrows_a_known_symbol_is_bait_from_a_look_alike_in_any_amount(string symbol, bool bait)
    {
        var history = AfterPayment();
        var transfer = history.AddToken("victim", Fake, 5_000_000_000UL, history.Asset("its own contract", symbol), signer: "attacker");
        Assert.Equal(bait, Noise(history).Hides(transfer));
    }

    [Fact]
    public void Value_paid_to_a_look_alike_is_a_suspected_pay_off_with_the_account_that_was_meant()
    {
        var history = AfterPayment();
        history.AddToken("victim", Fake, UInt256.Zero, history.Asset(Usdt), signer: "attacker");
        long[] paid = [.. Enumerable.Range(0, 3).Select(_ => history.AddToken("victim", Fake, 900_000_000UL, history.Asset(Usdt), signer: "victim"))];
        var noise = Noise(history);
        Assert.Equal(paid, noise.PayOffs.Select(finding => finding.Transfer));
        Assert.All(noise.PayOffs, finding => Assert.Equal(history.Built.FindAccount(AccountAddress.Parse(Friend)), finding.Imitated));
        Assert.All(paid, transfer => Assert.False(noise.Hides(transfer)));
    }

    [Fact]
    public void Even_dust_that_the_victim_itself_pays_to_a_look_alike_is_shown()
    {
        var history = AfterPayment();
        history.Add("victim", Fake, UInt256.One);
        Assert.Equal(NoiseKind.SuspectedPayOff, Assert.Single(Noise(history).All).Kind);
    }

    [Fact]
    public void The_account_used_first_is_not_taken_for_a_look_alike_of_its_imitator()
    {
        var history = AfterPayment();
        history.AddToken("victim", Fake, 900_000_000UL, history.Asset(Usdt), signer: "victim");
        var later = history.AddToken("victim", Friend, 900_000_000UL, history.Asset(Usdt), signer: "victim");
        Assert.DoesNotContain(Noise(history).All, finding => finding.Transfer == later);
    }

    [Fact]
    public void Nobody_is_imitated_before_being_used()
    {
        var history = new AccountHistory();
        history.AddToken(Fake, "victim", 1UL, history.Asset(Usdt), signer: Fake);
        history.AddToken("victim", Friend, 900_000_000UL, history.Asset(Usdt), signer: "victim");
        Assert.DoesNotContain(Noise(history).All, finding => finding.Imitated is not null);
    }

    [Fact]
    public void A_pay_off_of_one_account_stays_though_it_is_dust_of_a_stranger_to_another()
    {
        var history = AfterPayment();
        history.Add("victim", Fake, UInt256.One);
        var transfer = history.Built.Graph.TransferCount - 1;
        var noise = AccountNoise.Of(history.Built, Accounts(history, "victim", Fake));
        Assert.False(noise.Hides(transfer));
        Assert.Contains(noise.PayOffs, finding => finding.Transfer == transfer);
    }

    [SharedDataFact]
    public void None_of_the_1042_real_pay_offs_is_hidden_and_each_names_the_account_that_was_meant()
    {
        var rows = File.ReadLines(SharedData.Path_("ethereum", "address-poisoning", "payoff_transfers_ethereum.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(1042, rows.Count);
        foreach (var row in rows)
        {
            var history = new AccountHistory();
            var token = history.Asset(row[2]);
            var amount = RoninRows.Units(row[5], 0);
            var (victim, fake, meant) = (row[3], row[4], row[10]);
            history.AddToken(victim, meant, amount, token, signer: victim);
            history.AddToken(victim, fake, UInt256.Zero, token, signer: "attacker");
            var paid = history.AddToken(victim, fake, amount, token, signer: victim);
            var noise = AccountNoise.Of(history.Built, Accounts(history, victim));
            Assert.Contains(paid, noise.Shown([paid]));
            var payOff = Assert.Single(noise.PayOffs);
            Assert.Equal((paid, AccountAddress.Parse(meant)), (payOff.Transfer, history.Built.AddressOf(payOff.Imitated!.Value)));
            Assert.Equal((int.Parse(row[8], CultureInfo.InvariantCulture), int.Parse(row[9], CultureInfo.InvariantCulture)), (payOff.Likeness!.Value.Head, payOff.Likeness.Value.Tail));
        }
    }

    private static AccountHistory AfterPayment()
    {
        var history = new AccountHistory();
        history.AddToken("victim", Friend, 900_000_000UL, history.Asset(Usdt), signer: "victim");
        return history;
    }

    private static NoiseFindings Noise(AccountHistory history) => AccountNoise.Of(history.Built, Accounts(history, "victim"));

    private static HashSet<uint> Accounts(AccountHistory history, params string[] names) => [.. names.Select(name => history.Built.FindAccount(history.Address(name))!.Value)];
}
