using Haetae.Ledger.Bitcoin;
using Haetae.Tracing;
using static Haetae.Tests.Tracing.CoinJoins.Shapes;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>One shape for each kind, and for everything that must not be taken for it.</summary>
public class CoinJoinRuleTests
{
    [Theory]
    [InlineData(100_000, 5)]
    [InlineData(1_000_000, 8)]
    [InlineData(2_500_000, 5)]
    [InlineData(25_000_000, 6)]
    [InlineData(50_000_000, 10)]
    public void A_whirlpool_mix_has_a_pools_amount_out_of_remixes_and_entries(long pool, int count)
    {
        var found = First(Mix(pool, count));
        Assert.Equal((CoinJoinKind.Whirlpool, count, (Confidence?)Confidence.High), (found!.Kind, found.Participants, found.Confidence));
        Assert.Equal([pool], found.Denominations);
    }

    [Fact]
    public void A_mix_without_a_new_entry_cannot_pay_its_fee() =>
        Assert.Equal(Finding.Silent, Verdict("whirlpool", new TransactionShape(In(Times(5, 100_000)), Out(Times(5, 100_000)))).Finding);

    [Fact]
    public void A_mix_from_before_whirlpool_is_none() => Assert.Equal(Finding.Silent, Verdict("whirlpool", Mix(100_000, 5) with { Height = 500_000 }).Finding);

    [Fact]
    public void A_mix_whose_inputs_are_not_known_is_undecided()
    {
        var known = Mix(100_000, 5);
        var shape = known with { Inputs = [.. known.Inputs.Select(input => input with { Value = null, Script = null })] };
        Assert.Null(First(shape));
        Assert.Equal(Finding.Undecided, Verdict("whirlpool", shape).Finding);
    }

    [Fact]
    public void A_script_used_twice_vetoes_a_mix()
    {
        var mix = Mix(100_000, 5);
        Assert.Equal(Finding.Vetoed, Verdict("whirlpool", mix with { Inputs = [mix.Inputs[0] with { Script = mix.Inputs[1].Script }, .. mix.Inputs.Skip(1)] }).Finding);
    }

    [Theory]
    [InlineData(64, 3, Confidence.High)]
    [InlineData(80, 3, Confidence.High)]
    [InlineData(64, 1, Confidence.Medium)]
    public void A_tx0_cuts_a_coin_into_entries_and_pays_the_pools_fee(int data, int entries, Confidence confidence)
    {
        var found = First(Tx0(data, entries));
        Assert.Equal((CoinJoinKind.WhirlpoolTx0, 1, (Confidence?)confidence), (found!.Kind, found.Participants, found.Confidence));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(63)]
    public void Data_of_another_length_is_no_tx0(int data) => Assert.Equal(Finding.Silent, Verdict("whirlpool-tx0", Tx0(data, 3)).Finding);

    [Fact]
    public void Wasabi_2_has_78_published_denominations() => Assert.Equal(78, Wasabi2Rule.Denominations.Count);

    [Fact]
    public void A_wasabi_2_round_pays_published_amounts_sorted()
    {
        var found = First(Round());
        Assert.Equal((CoinJoinKind.Wasabi2, (Confidence?)Confidence.High, null), (found!.Kind, found.Confidence, found.Participants));
        Assert.Equal([5_000, 6_561, 8_192, 10_000, 13_122], found.Denominations);
    }

    [Fact]
    public void A_round_out_of_order_is_none()
    {
        var round = Round();
        Assert.Equal(Finding.Silent, Verdict("wasabi2", round with { Outputs = [.. round.Outputs.Reverse()] }).Finding);
    }

    [Fact]
    public void A_round_of_one_script_is_one_wallets_own()
    {
        var round = Round();
        var script = Taproot();
        Assert.Equal(Finding.Vetoed, Verdict("wasabi2", round with { Inputs = [.. round.Inputs.Select(input => input with { Script = script })] }).Finding);
    }

    [Fact]
    public void Round_payments_in_order_are_no_small_round() =>
        Assert.Null(First(new TransactionShape(In([20_000_000, 10_000_000, 8_000_000, 7_000_000, 6_000_000]), Out([.. Times(4, 10_000_000), .. Times(4, 1_000_000), 123_456]))));

    [Fact]
    public void A_wasabi_1_round_is_known_by_the_coordinators_address()
    {
        Assert.True(Address.TryParse("bc1qa24tsgchvuxsaccp8vrnkfd85hrcpafg20kmjw", BitcoinNetwork.Mainnet, out var script, out _));
        var shape = new TransactionShape(In(Times(4, 6_000_000)), [.. Out([.. Times(3, 5_003_217), 7_000_100]), new OutputShape(script, 60_000)]);
        Assert.Equal((CoinJoinKind.Wasabi1, (Confidence?)Confidence.High, 3), (First(shape)!.Kind, First(shape)!.Confidence, First(shape)!.Participants));
    }

    [Fact]
    public void A_wasabi_1_round_has_ten_equal_outputs_near_a_tenth_of_a_bitcoin()
    {
        var found = First(new TransactionShape(In(Times(14, 15_000_000)), Out([.. Times(12, 10_002_345), 2_111_111, 7_333_333, 55_123])));
        Assert.Equal((CoinJoinKind.Wasabi1, (Confidence?)Confidence.Medium, 12), (found!.Kind, found.Confidence, found.Participants));
    }

    [Fact]
    public void Levels_of_twice_and_four_times_are_wasabi_1_1()
    {
        var found = First(new TransactionShape(In(Times(14, 25_000_000)), Out([.. Times(12, 10_002_345), 20_004_001, 20_004_001, 40_003_000, 40_003_000, 2_111_111, 55_123, 33_111])));
        Assert.Equal(CoinJoinKind.Wasabi11, found!.Kind);
        Assert.Equal([10_002_345, 20_004_001, 40_003_000], found.Denominations);
    }

    [Fact]
    public void Joinmarket_gives_everyone_an_equal_output_and_a_change()
    {
        var found = First(Market());
        Assert.Equal((CoinJoinKind.JoinMarket, (Confidence?)Confidence.Medium, 4), (found!.Kind, found.Confidence, found.Participants));
    }

    [Fact]
    public void Inputs_that_cannot_be_shared_out_veto_joinmarket()
    {
        // One coin pays nearly all: the others could not have paid for their equal outputs.
        var shape = Market() with { Inputs = In([200_000_000, 40_000, 40_000, 40_000]) };
        Assert.Equal(Finding.Vetoed, Verdict("joinmarket", shape).Finding);
        Assert.Null(First(shape));
    }

    [Fact]
    public void Without_a_paid_maker_it_is_not_joinmarkets()
    {
        // The same coins, and four changes that share the miners' fee.
        var shape = Market() with { Outputs = Out([.. Times(4, 50_000_321), 9_999_179, 25_122_635, 13_999_179, 39_999_956]) };
        Assert.Equal(Finding.Vetoed, Verdict("joinmarket", shape).Finding);
        Assert.Equal((CoinJoinKind.EqualOutputs, (Confidence?)Confidence.Medium, 4), (First(shape)!.Kind, First(shape)!.Confidence, First(shape)!.Participants));
    }

    [Fact]
    public void A_coinjoin_of_two_is_told_by_its_makers_gain()
    {
        // 154,300,000 - 100,000,321 = 54,299,679, and 120 for the maker.
        var found = First(new TransactionShape(In([154_300_000, 90_000_000, 45_123_456]), Out([.. Times(2, 100_000_321), 54_299_799, 35_120_015])));
        Assert.Equal((CoinJoinKind.JoinMarket, (Confidence?)Confidence.Low, 2), (found!.Kind, found.Confidence, found.Participants));
    }

    [Fact]
    public void Two_halves_that_split_the_fee_are_stonewall()
    {
        // Both halves pay 3,447 (recorded: da8a42550b508e90...).
        var shape = new TransactionShape(In([13_768_640, 154_300_000, 245_247_133, 41_569_661]), Out([21_725_193, 146_340_000, 146_340_000, 140_473_347]));
        Assert.Null(First(shape));
        Assert.Contains("Stonewall", Verdict("joinmarket", shape).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void More_coins_than_can_be_searched_leave_joinmarket_low()
    {
        var places = Enumerable.Range(1, 9).Select(place => (Coins: Enumerable.Range(1, 5).Select(coin => 11_000_000L + 1_000_003 * place + 70_007 * coin).ToList(), Fee: 100L * place)).ToList();
        var shape = new TransactionShape(
            In(places.SelectMany(place => place.Coins)),
            Out([.. Times(9, 50_000_000), .. places.Select((place, i) => place.Coins.Sum() - 50_000_000 + (i < 8 ? place.Fee : -20_000))]));
        Assert.Equal((CoinJoinKind.JoinMarket, (Confidence?)Confidence.Low), (First(shape)!.Kind, First(shape)!.Confidence));
    }

    [Fact]
    public void Joinmarket_is_undecided_where_an_inputs_value_is_unknown()
    {
        var market = Market();
        var shape = market with { Inputs = [market.Inputs[0] with { Value = null }, .. market.Inputs.Skip(1)] };
        Assert.Equal((null, Finding.Undecided), (First(shape), Verdict("joinmarket", shape).Finding));
    }

    [Fact]
    public void Chips_are_ten_equal_outputs_of_a_power_of_two()
    {
        var found = First(new TransactionShape(In([500_000_000]), Out([.. Times(12, 3_200_000), 1_600_000, 77_123_456])));
        Assert.Equal((CoinJoinKind.ChipMixerFunding, (Confidence?)Confidence.Low, 1), (found!.Kind, found.Confidence, found.Participants));
        Assert.Equal([1_600_000, 3_200_000], found.Denominations);
    }

    [Fact]
    public void Chips_of_test_coins_are_none() =>
        Assert.Null(First(new TransactionShape(In([500_000_000]), Out([.. Times(12, 3_200_000), 77_123_456])) { OnMainnet = false }));

    [Fact]
    public void Chips_after_the_seizure_are_none() =>
        Assert.Null(First(new TransactionShape(In([500_000_000]), Out([.. Times(12, 3_200_000), 77_123_456])) { Height = 866_342 }));

    [Fact]
    public void Equal_outputs_of_several_owners_are_a_coinjoin_of_no_known_wallet()
    {
        var found = First(new TransactionShape(In(Times(5, 41_000_123)), Out([.. Times(5, 33_333_000), 7_660_001, 7_321_777])));
        Assert.Equal((CoinJoinKind.EqualOutputs, (Confidence?)Confidence.Low, 5), (found!.Kind, found.Confidence, found.Participants));
    }

    [Fact]
    public void Stonewall_cannot_be_told_from_a_coinjoin_of_two() =>
        Vetoed("Stonewall", new TransactionShape(In([41_000_000, 52_000_000]), Out([30_000_123, 30_000_123, 10_990_000, 21_990_000])));

    [Fact]
    public void A_payjoin_has_no_equal_outputs() => Assert.Null(First(new TransactionShape(In([41_000_000, 52_000_000]), Out([60_000_000, 32_990_000]))));

    [Fact]
    public void An_exchanges_batch_has_fewer_owners_than_equal_payments() =>
        Vetoed("batch", new TransactionShape(In([90_000_000, 80_000_000]), Out([.. Times(5, 20_000_000), 41_000_111, 22_000_222])));

    [Fact]
    public void Equal_payments_and_one_change_are_a_batch() =>
        Vetoed("one payer", new TransactionShape(In(Times(8, 20_100_000)), Out([.. Times(7, 20_000_000), 20_699_000])));

    [Fact]
    public void Round_amounts_beside_the_equal_ones_are_payments() =>
        Vetoed("round", new TransactionShape(In(Times(8, 20_000_000)), Out([.. Times(5, 20_000_000), 30_000_000, 10_000_000, 9_000_000, 1_234_567])));

    [Fact]
    public void Dust_that_carries_tokens_is_not_mixed() => Vetoed("dust", new TransactionShape(In(Times(5, 100_000)), Out([.. Times(4, 546), 90_111, 80_222])));

    [Fact]
    public void A_market_that_pays_a_seller_back_is_no_coinjoin()
    {
        var inputs = In(Times(5, 41_000_123));
        Vetoed("spent from", new TransactionShape(inputs, [.. Out([.. Times(5, 33_333_000), 7_660_001]), new OutputShape(inputs[0].Script!, 15_321_777)]));
    }

    [Fact]
    public void A_coinbase_is_none() => Assert.Null(First(new TransactionShape([], Out([312_500_000]))));

    [Fact]
    public void Amounts_and_numbers_of_a_hostile_transaction_end_soon()
    {
        var many = new TransactionShape(In(Enumerable.Range(1, 3_000).Select(i => 100_000_000L + i)), Out([.. Times(1_500, 90_000_001), .. Enumerable.Range(1, 1_400).Select(i => 10_000_001L + i)]));
        Assert.Equal(CoinJoinKind.EqualOutputs, First(many)!.Kind);
        Assert.Equal(Confidence.Low, First(many)!.Confidence);
    }

    internal static TransactionShape Mix(long pool, int count) => new(In([.. Times(count - 2, pool), pool + 302, pool + 62_000]), Out(Times(count, pool)));

    private static TransactionShape Tx0(int data, int entries) =>
        new(In([9_000_000]), [new OutputShape(Data(data), 0), .. Out([50_000, 3_000_123, .. Times(entries, 1_004_500)])]);

    private static TransactionShape Round() => new(
        In(Enumerable.Range(0, 22).Select(i => 60_000L - i * 1_000)),
        Out([31_234, .. Times(4, 13_122), .. Times(6, 10_000), .. Times(5, 8_192), .. Times(5, 6_561), .. Times(3, 5_000)]));

    private static TransactionShape Market() => new(
        In([60_000_000, 75_123_456, 31_000_000, 33_000_000, 90_000_777]),
        Out([.. Times(4, 50_000_321), 10_000_111, 25_124_000, 14_000_991, 39_999_001]));

    private static void Vetoed(string because, TransactionShape shape)
    {
        Assert.Null(First(shape));
        var verdict = Verdict("equal-outputs", shape);
        Assert.Equal(Finding.Vetoed, verdict.Finding);
        Assert.Contains(because, verdict.Reason, StringComparison.Ordinal);
    }
}
