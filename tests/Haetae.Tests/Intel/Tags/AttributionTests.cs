using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;

namespace Haetae.Tests.Intel.Tags;

/// <summary>One answer for each address out of all that is said of it.</summary>
public sealed class AttributionTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private const string Segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private const string Pack = "title: A pack\ncreator: Somebody\nsource: s\ncurrency: BTC\ntags:\n";
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void The_surest_tag_speaks_and_the_actor_gives_name_and_kind()
    {
        _home.ImportText("title: Actors\ncreator: c\nactors:\n- id: house\n  label: The House\n  categories: [organization, exchange]\n", "actors.yaml");
        Tags("label: house 1", "label: The House 7\n  confidence: forensic\n  actor: house\n  is_cluster_definer: true", "label: House\n  confidence: web_crawl");
        var answer = Of(Archive)!;
        Assert.Equal(new Attribution(Archive, "The House 7", "house", "The House", "exchange", "forensic", 50, "s", false, null) { SpeaksForCluster = true, Tags = 3, Sanctions = answer.Sanctions }, answer);
        Assert.True(answer.IsService);
    }

    [Fact]
    public void A_batch_answers_in_order_and_what_nobody_knows_is_null()
    {
        Tags("label: One");
        using var store = _home.OpenForReading();
        Assert.Equal([null, "One", null, "One"], Attributions.Of(store, ["nobody", Archive, Segwit, Archive], null).Select(answer => answer?.Label));
    }

    [Fact]
    public void A_tag_without_confidence_and_one_with_a_word_of_its_own_count_least()
    {
        Tags("label: One", "label: Two\n  confidence: heuristic", "label: Three\n  confidence: gut_feeling");
        Assert.Equal(("Two", 10), (Of(Archive)!.Label, Of(Archive)!.ConfidenceLevel));
    }

    [Fact]
    public void A_mention_counts_only_where_there_is_nothing_else()
    {
        Tags("label: Somewhere\n  confidence: override\n  tag_type: mention", "label: One\n  confidence: heuristic");
        Assert.Equal(("One", false), (Of(Archive)!.Label, Of(Archive)!.Disputed));
    }

    [Theory]
    [InlineData("label: Binance 1\n  actor: binance", "label: binance.com hot", false)]
    [InlineData("label: X\n  actor: binance", "label: X\n  actor: kraken", true)]
    [InlineData("label: Library", "label: Thief", true)]
    [InlineData("label: Huobi\n  actor: htx", "label: Theft", true)]
    [InlineData("label: A\n  category: exchange", "label: A\n  category: service", false)]
    [InlineData("label: A\n  category: exchange", "label: A\n  category: miner", true)]
    [InlineData("label: A\n  category: mixer", "label: A\n  category: mixing_service", false)]
    [InlineData("label: A\n  category: exchange", "label: A", false)]
    [InlineData("label: '1'", "label: '2'", true)]
    public void Tags_that_name_different_owners_or_kinds_dispute_each_other(string one, string other, bool disputed)
    {
        Tags(one, other);
        Assert.Equal(disputed, Of(Archive)!.Disputed);
    }

    [Fact]
    public void On_a_day_only_what_was_known_by_then_and_not_withdrawn_speaks()
    {
        Tags("label: Old\n  lastmod: 2020-01-01", "label: New\n  lastmod: 2022-01-01\n  confidence: forensic");
        Withdraw(_home.Find(Archive)[1].Id, "2023-06-01");
        Assert.Equal(
            ["Old", "New", "New", "Old"],
            new[] { new DateOnly(2021, 1, 1), new(2022, 1, 1), new(2023, 5, 31), new(2023, 6, 1) }.Select(day => Of(Archive, day)!.Label));
        Assert.Equal("Old", Of(Archive)!.Label);
        Assert.Null(Of(Archive, new DateOnly(2019, 12, 31)));
    }

    [Fact]
    public void An_address_that_only_a_list_names_is_attributed_to_it()
    {
        _home.Import(_home.Write("n.csv", $"date,change,address,source\n2022-04-14,added,{Archive},the notice\n2023-01-01,removed,{Archive},another\n"));
        var answer = Of(Archive, new DateOnly(2022, 5, 1))!;
        Assert.Equal(("on a list of sanctions", "sanction", "authority_data", 60, "the notice", "sanctioned"), (answer.Label, answer.Category, answer.Confidence, answer.ConfidenceLevel, answer.Source, answer.Sanctioned));
        Assert.False(answer.IsService);
        Assert.Null(Of(Archive, new DateOnly(2022, 4, 1)));
        Assert.Null(Of(Archive));
        Tags("label: One");
        Assert.Equal((SanctionStatus.NotSanctioned, (string?)null), (Of(Archive)!.Sanctions.Status, Of(Archive)!.Sanctioned));
    }

    [Theory]
    [InlineData("exchange", true)]
    [InlineData("defi_bridge", true)]
    [InlineData("Mixer", true)]
    [InlineData("hosted wallet", true)]
    [InlineData("escrow_wallet", true)]
    [InlineData("service", false)]
    [InlineData("shop", false)]
    [InlineData("miner", false)]
    [InlineData("coinjoin", false)]
    [InlineData(null, false)]
    public void A_service_holds_the_money_of_many(string? category, bool service) => Assert.Equal(service, ServiceCategories.Holds(category));

    [Fact]
    public void The_taxonomy_hangs_together()
    {
        Assert.All(ServiceCategories.Roots, root => Assert.True(Concepts.IsWithin(root, "service")));
        Assert.True(Concepts.IsWithin("forum_mention", "source"));
        Assert.False(Concepts.IsKnown("gut_feeling"));
    }

    private Attribution? Of(string address, DateOnly? asOf = null)
    {
        using var store = _home.OpenForReading();
        return Attributions.Of(store, [address], asOf)[0];
    }

    private void Tags(params string[] rows) => _home.ImportText(Pack + string.Concat(rows.Select(row => $"- address: {Archive}\n  {row}\n")));

    private void Withdraw(long tag, string since)
    {
        using var store = _home.OpenForWriting();
        using var intake = store.Add(new TagImportNote("Ann", DateTimeOffset.UnixEpoch));
        intake.Add(new Retraction(RetractionTarget.Tag, tag, RetractionChange.Withdrawn, DateOnly.Parse(since), "Ann", "wrong"));
        Assert.Equal(1, intake.Save().Retractions);
    }
}
