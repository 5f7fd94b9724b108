using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Tracing.Mixers;

public sealed class PoolRuleTests
{
    private static readonly PoolTerms Terms = new();

    [Fact]
    public void A_recipient_who_deposited_before_is_linked_with_what_it_deposited()
    {
        var run = AddressMatch.Of(new PoolScene().In(1, 'a').In(2, 'b').In(3, 'a').Out(4, 'a').In(5, 'a').Out(6, 'c').Book());
        var link = Assert.Single(run.Links);
        Assert.Equal((0, 1_000), (link.Withdrawal, link.Score));
        Assert.Equal([0, 2], link.Deposits); // the one of block 5 came too late
    }

    [Fact]
    public void A_deposit_of_the_same_block_counts_as_before()
    {
        Assert.Single(AddressMatch.Of(new PoolScene().In(4, 'a').Out(4, 'a').Book()).Links);
        Assert.Empty(AddressMatch.Of(new PoolScene().In(5, 'a').Out(4, 'a').Book()).Links);
    }

    [Fact]
    public void A_gas_price_of_one_deposit_alone_links()
    {
        var run = GasPriceMatch.Of(new PoolScene().In(1, 'a', gas: 7).In(2, 'b', gas: 9).In(3, 'c', gas: 9).Out(4, 'd', gas: 7).Out(5, 'e', gas: 9).Out(6, 'f', gas: 7, fee: 1).Book(), Terms);
        Assert.Equal((0, 0), (Assert.Single(run.Links).Withdrawal, run.Links[0].Deposits[0]));
        var two = GasPriceMatch.Of(new PoolScene().In(1, 'a', gas: 7).Out(4, 'd', gas: 7).Out(6, 'f', gas: 7).Book(), Terms);
        Assert.Equal([500, 500], two.Links.Select(link => link.Score));
    }

    [Fact]
    public void A_gas_price_that_another_chose_links_nobody()
    {
        PoolBook Book(char sender, ulong fee) => new PoolScene().In(1, 'a', gas: 7).In(2, 'b', gas: 9).Out(4, 'd', gas: 7, fee: fee, sender: sender).Book();
        Assert.Single(GasPriceMatch.Of(Book('d', 0), Terms).Links);
        Assert.Empty(GasPriceMatch.Of(Book('d', 1), Terms).Links);
        Assert.Empty(GasPriceMatch.Of(Book('e', 0), Terms).Links);
    }

    [Fact]
    public void A_gas_price_is_unique_only_where_those_of_all_deposits_are_known()
    {
        var part = GasPriceMatch.Of(new PoolScene().In(1, 'a', gas: 7).In(2, 'b').Out(4, 'd', gas: 7).Book(), Terms);
        Assert.Equal(("needs the gas price of every deposit, known of 1 of 2", 0), (part.NotRun, part.Links.Count));
        Assert.Null(GasPriceMatch.Of(new PoolScene().In(1, 'a', gas: 7).In(12_965_000, 'b').Out(4, 'd', gas: 7).Book(), Terms).NotRun);
        Assert.Equal("needs the gas price of withdrawals, known of 0 of 1 that no relayer sent", GasPriceMatch.Of(new PoolScene().In(1, 'a', gas: 7).Out(4, 'd').Out(5, 'e', gas: 8, fee: 1).Book(), Terms).NotRun);
        Assert.Null(GasPriceMatch.Of(new PoolScene().In(1, 'a', gas: 7).Out(4, 'd').Out(5, 'e', gas: 8).Book(), Terms).NotRun);
    }

    [Fact]
    public void Gas_prices_say_nothing_after_the_fee_market_came()
    {
        var scene = new PoolScene().In(12_964_999, 'a', gas: 7).In(12_965_000, 'b', gas: 8).Out(12_965_001, 'd', gas: 8).Out(12_965_002, 'e', gas: 7);
        Assert.Empty(GasPriceMatch.Of(scene.Book(), Terms).Links);
        Assert.Equal(2, GasPriceMatch.Of(scene.Book(), Terms with { LondonBlock = null }).Links.Count);
        Assert.Contains("12965000", GasPriceMatch.Of(new PoolScene().In(12_965_000, 'b', gas: 8).Out(12_965_001, 'd', gas: 8).Book(), Terms).NotRun, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_that_pay_each_other_often_enough_are_linked_and_rivals_are_counted()
    {
        var book = new PoolScene().In(1, 'a').In(2, 'b').In(3, 'b').In(4, 'c').Out(5, 'd').Pay('a', 'd', 2).Pay('d', 'a', 1).Pay('b', 'd', 3).Pay('c', 'd', 2).Book();
        var links = LinkedAddress.Of(book, Terms).Links;
        Assert.Equal([(0, 500, 2), (1, 500, 1)], links.Select(link => (link.Deposits[0], link.Score, link.Rivals)));
        Assert.Equal(3, LinkedAddress.Of(book, Terms with { MinInteractions = 2 }).Links.Count);
    }

    [Fact]
    public void Equal_numbers_in_several_pools_link_and_k_matches_share_the_score()
    {
        var scene = new PoolScene(2).In(1, 'a').In(2, 'a').In(3, 'a', pool: 1).In(4, 'b').In(5, 'b', pool: 1).Out(100_000, 'x').Out(100_010, 'x', pool: 1).Out(100_020, 'x');
        var links = MultiDenomination.Of(scene.Book(), Terms).Links;
        Assert.Equal([(0, 0), (0, 1), (1, 0)], links.Select(link => (link.Pool, link.Withdrawal)));
        Assert.All(links, link => Assert.Equal((1_000, 0), (link.Score, link.Rivals)));
        Assert.Equal([0, 1], links[0].Deposits);
        scene.In(6, 'c').In(7, 'c').In(8, 'c', pool: 1);
        Assert.All(MultiDenomination.Of(scene.Book(), Terms).Links, link => Assert.Equal(500, link.Score));
        scene.Out(100_030, 'x'); // now three and one: nobody put that in
        Assert.Empty(MultiDenomination.Of(scene.Book(), Terms).Links);
    }

    [Fact]
    public void A_burst_that_repeats_the_pauses_is_linked_first_in_first_out()
    {
        uint[] pauses = [10, 500, 40, 900, 120, 2_000, 70];
        var scene = new PoolScene();
        foreach (var time in Times(1_000, pauses)) scene.In(time, 'a');
        foreach (var time in Times(1_005, [.. pauses.Reverse()])) scene.In(time, 'b');
        foreach (var time in Times(90_000, pauses)) scene.Out(time, 'x');
        var run = FifoBursts.Of(Sorted(scene.Book()), Terms);
        Assert.Equal(2, run.Tested);
        Assert.Equal(8, run.Links.Count);
        Assert.All(run.Links, link => Assert.Equal((999, 0), (link.Score, link.Rivals))); // p of 1 in 5,040 is 2 in ten thousand; two were tested, so 4 in ten thousand may be false
        Assert.All(run.Links, link => Assert.Equal(PoolScene.Of('a'), Sorted(scene.Book()).Pools[0].Deposits[link.Deposits[0]].Depositor));
    }

    [Fact]
    public void Even_pauses_prove_nothing()
    {
        Assert.Equal(10_000, BurstOrder.Of([0, 10, 20, 30, 40, 50, 60], [100, 110, 120, 130, 140, 150, 160], 10_000));
        Assert.Equal(10_000, BurstOrder.Of([.. Enumerable.Range(0, 12).Select(i => 10L * i)], [.. Enumerable.Range(0, 12).Select(i => 10L * i)], 100));
    }

    [Fact]
    public void The_share_of_orders_is_exact_for_few_pauses()
    {
        // Pauses 1, 2, 3 against themselves: only the real order of six measures 0; 1, 2, 3 against 2, 1, 3 measures 2, and so do two more orders besides the one that measures 0.
        Assert.Equal(1_667, BurstOrder.Of([0, 1, 3, 6], [0, 1, 3, 6], 10_000));
        Assert.Equal(5_000, BurstOrder.Of([0, 1, 3, 6], [0, 2, 3, 6], 10_000));
    }

    [Fact]
    public void Drawn_orders_are_the_same_every_time_and_small_for_a_true_copy()
    {
        long[] copy = [0, 5, 305, 316, 1_000, 1_010, 4_000, 4_100, 4_109, 9_000, 9_777];
        var once = BurstOrder.Of(copy, copy, 100);
        Assert.Equal(once, BurstOrder.Of(copy, copy, 100));
        Assert.InRange(once, 1, 5);
        long[] other = [0, 777, 5_668, 5_677, 5_777, 8_767, 8_777, 9_461, 9_472, 9_772, 9_777];
        Assert.Equal(10_000, BurstOrder.Of(copy, other, 100));
    }

    [Fact]
    public void Who_collects_as_much_as_a_thief_put_in_is_linked()
    {
        var scene = new PoolScene();
        for (uint i = 0; i < 20; i++) scene.In(100 + i, 't').In(100 + i, (char)('A' + i));
        for (uint i = 0; i < 19; i++) scene.Out(200 + i, 'x');
        scene.Out(300, 'y');
        var links = VolumeMatch.Of(scene.Book(), Terms).Links;
        Assert.Equal(19, links.Count);
        Assert.All(links, link => Assert.Equal((20, 1_000), (link.Deposits.Count, link.Score)));
        for (uint i = 0; i < 4; i++) scene.Out(310 + i, 'x'); // 23 of 20
        Assert.Empty(VolumeMatch.Of(scene.Book(), Terms).Links);
    }

    [Fact]
    public void Points_that_one_pair_alone_fits_link_it()
    {
        var book = new PoolScene().In(100, 'a').In(105, 'b').Out(150, 'c').Out(170, 'd').Book();
        Assert.Equal(50U, MiningPoints.RateOf(book.Pools[0].Pool));
        var link = Assert.Single(MiningPoints.Of(book with { Claims = [new MiningClaim(0, 70 * 50), new MiningClaim(0, 71 * 50), new MiningClaim(0, 70 * 50 + 1)] }).Links);
        Assert.Equal((1, 0), (link.Withdrawal, link.Deposits[0]));
        var twice = new PoolScene().In(100, 'a').In(120, 'b').Out(150, 'c').Out(170, 'd').Book();
        Assert.Empty(MiningPoints.Of(twice with { Claims = [new MiningClaim(0, 50 * 50)] }).Links);
    }

    [Fact]
    public void A_rule_says_what_it_lacks()
    {
        var book = new PoolScene().In(1, null, dated: false).Out(2, 'a').Book() with { Outside = null };
        Assert.Equal(
            ["needs the depositor", "needs the gas price of every deposit, known of 0 of 1", "needs the depositor", "needs the depositor", null, "needs the depositor", "needs the points that were claimed"],
            AnonymitySets.Ask(book, Terms).Select(run => run.NotRun));
        Assert.Equal("needs payments outside the pools", LinkedAddress.Of(new PoolScene().In(1, 'a').Book() with { Outside = null }, Terms).NotRun);
        Assert.Equal("needs two pools or more", MultiDenomination.Of(new PoolScene().In(1, 'a').Book(), Terms).NotRun);
    }

    private static IEnumerable<uint> Times(uint start, uint[] pauses)
    {
        yield return start;
        foreach (var pause in pauses) yield return start += pause;
    }

    private static PoolBook Sorted(PoolBook book) =>
        new([.. book.Pools.Select(pool => pool with { Deposits = [.. pool.Deposits.OrderBy(deposit => deposit.Block).Select((deposit, leaf) => deposit with { Leaf = (uint)leaf })] })]) { Outside = book.Outside };
}
