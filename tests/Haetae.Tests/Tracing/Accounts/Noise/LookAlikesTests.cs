using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tests.Support;
using Haetae.Tests.Tracing.Support;
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
    public void Look_alikes_found_by_their_ends_are_those_found_by_comparing_all()
    {
        var dice = new Dice(31);
        for (var run = 0; run < 60; run++)
        {
            var history = new AccountHistory();
            // Four families of addresses that share their ends, more or less.
            string[] others = [.. Enumerable.Range(0, 16).Select(i => "0x" + "abcd"[i & 3] + new string("123"[(int)dice.Below(2)], 2) + $"{i:x2}" + new string('7', 29) + $"{dice.Below(3)}" + new string("456"[(int)dice.Below(2)], 4) + "9")];
            var paid = new List<string>();
            var expected = new List<string?>();
            for (var i = 0; i < 60; i++)
            {
                var to = others[dice.Below(others.Length)];
                history.Add("victim", to, UInt256.One);
                var at = paid.IndexOf(to);
                var best = paid.Take(at < 0 ? paid.Count : at).Select((used, order) => (used, order, likeness: Slow(used, to))).Where(one => one.likeness is { Head: >= 3, Tail: >= 4 })
                    .OrderByDescending(one => one.likeness.Score).ThenBy(one => one.order).Select(one => one.used).FirstOrDefault();
                expected.Add(best);
                // A pay-off makes the look-alike one that was used, too.
                if (at < 0) paid.Add(to);
            }

            var found = Noise(history).PayOffs.ToDictionary(finding => finding.Transfer, finding => history.Built.AddressOf(finding.Imitated!.Value).ToString());
            Assert.Equal(expected, Enumerable.Range(0, 60).Select(i => found.GetValueOrDefault(i)));
            Assert.NotEmpty(found);
        }

        static Likeness Slow(string left, string right) =>
            new(left[2..].Zip(right[2..]).TakeWhile(pair => pair.First == pair.Second).Count(), left.Reverse().Zip(right.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count());
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
