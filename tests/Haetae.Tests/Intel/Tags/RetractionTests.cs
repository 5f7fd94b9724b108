using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;

namespace Haetae.Tests.Intel.Tags;

/// <summary>Withdrawals as facts of the store, and what was known on a day.</summary>
public sealed class RetractionTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private const string Segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private const string Pack = "title: A pack\ncreator: Somebody\nsource: s\ncurrency: BTC\ntags:\n";
    private static readonly TagImportNote Ann = new("Ann", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_withdrawn_tag_stays_and_says_who_withdrew_it_and_why()
    {
        _home.ImportText($"{Pack}- address: {Archive}\n  label: One\n- address: {Archive}\n  label: Two\n");
        var said = new Retraction(RetractionTarget.Tag, _home.Find(Archive)[0].Id, RetractionChange.Withdrawn, new DateOnly(2026, 2, 1), "Somebody", "mixed up");
        Assert.True(Add(said));
        Assert.False(Add(said));
        var facts = _home.Find(Archive);
        Assert.Equal(said with { Import = Ann }, Assert.Single(facts[0].Retractions));
        Assert.Empty(facts[1].Retractions);
    }

    [Fact]
    public void A_pack_is_withdrawn_with_all_its_tags_and_a_tag_stands_again_by_a_later_word()
    {
        _home.ImportText($"{Pack}- address: {Archive}\n  label: One\n- address: {Segwit}\n  label: Two\n");
        Add(new Retraction(RetractionTarget.Pack, Held().Id, RetractionChange.Withdrawn, new DateOnly(2026, 2, 1), "Somebody", "all wrong"));
        Assert.All([Archive, Segwit], address => Assert.Equal("all wrong", Assert.Single(_home.Find(address)[0].Retractions).Reason));
        Assert.Equal("all wrong", Assert.Single(Held().Retractions).Reason);
        Assert.False(StoodOn("2026-02-01"));
        Add(new Retraction(RetractionTarget.Pack, Held().Id, RetractionChange.StandsAgain, new DateOnly(2026, 2, 10), "Somebody", "not all"));
        Assert.True(StoodOn("2026-01-31"));
        Assert.False(StoodOn("2026-02-09"));
        Assert.True(StoodOn("2026-02-10"));
    }

    [Theory]
    [InlineData("2021-11-12", "2021-11-12", KnownBy.Pack)]
    [InlineData("2023-08-16 12:18:52.619444", "2023-08-16", KnownBy.Pack)]
    [InlineData("2030-01-01", "2026-01-02", KnownBy.Import)]
    [InlineData("last week", "2026-01-02", KnownBy.Import)]
    [InlineData("2021-13-12", "2026-01-02", KnownBy.Import)]
    [InlineData("~", "2026-01-02", KnownBy.Import)]
    public void A_tag_is_known_from_its_packs_day_or_else_from_its_import(string lastmod, string day, KnownBy by)
    {
        _home.ImportText($"{Pack}- address: {Archive}\n  label: One\n  lastmod: {lastmod}\n");
        var fact = _home.Find(Archive)[0];
        Assert.Equal(new TagKnowledge(Day(day), by), TagKnowledge.Of(fact));
        Assert.True(TagKnowledge.StoodOn(Day(day), fact));
        Assert.False(TagKnowledge.StoodOn(Day(day).AddDays(-1), fact));
    }

    [Fact]
    public void A_withdrawn_fact_about_sanctions_counts_for_no_day()
    {
        _home.Import(_home.Write("n.csv", $"date,change,address,source\n2022-04-14,added,{Archive},notice one\n2022-05-01,removed,{Archive},notice two\n"));
        Assert.Equal(SanctionStatus.NotSanctioned, On("2022-05-01").Status);
        using (var store = _home.OpenForReading())
            Assert.Equal([(0L, 1L, "notice two"), (1L, 0L, "notice one")], store.SanctionSources().Select(source => (source.Listed, source.Removed, source.Source)).OrderBy(row => row));
        Add(new Retraction(RetractionTarget.Sanction, Sanctions()[1].Id, RetractionChange.Withdrawn, new DateOnly(2026, 2, 1), "Ann", "misread"));
        Assert.Equal([false, true], Sanctions().Select(fact => fact.IsWithdrawn));
        Assert.Equal(SanctionStatus.Unknown, On("2022-05-01").Status);
    }

    [Fact]
    public void A_pack_and_an_actor_are_listed_with_their_tags()
    {
        _home.ImportText($"{Pack}- address: {Archive}\n  label: One\n  actor: archive\n  is_cluster_definer: true\n- address: {Segwit}\n  label: Two\n  actor: archive\n");
        using var store = _home.OpenForReading();
        Assert.Equal([(Archive, "One"), (Segwit, "Two")], store.TagsOf(Held().Id).Select(fact => (fact.Subject, fact.Statement.Label)));
        Assert.Equal([Archive], store.ClusterTags("BTC").Where(fact => fact.SpeaksForCluster).Select(fact => fact.Subject));
        Assert.Empty(store.ClusterTags("ETH"));
        Assert.Equal([0L, 2L], store.CountTagsOfActors(["nobody", "archive"]));
    }

    private bool StoodOn(string day) => TagKnowledge.StoodOn(Day(day), _home.Find(Archive)[0]);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    private PackCount Held()
    {
        using var store = _home.OpenForReading();
        return Assert.Single(store.Packs());
    }

    private IReadOnlyList<SanctionFact> Sanctions()
    {
        using var store = _home.OpenForReading();
        return store.FindSanctions(["nobody", Archive])[1];
    }

    private SanctionAnswer On(string day) => SanctionsInTime.On(Day(day), Sanctions(), null);

    private bool Add(Retraction retraction)
    {
        using var store = _home.OpenForWriting();
        using var intake = store.Add(Ann);
        intake.Add(retraction);
        return intake.Save().Retractions == 1;
    }
}
