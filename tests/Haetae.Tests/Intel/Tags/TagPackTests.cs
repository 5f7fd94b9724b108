using Haetae.Intel.Tags;

namespace Haetae.Tests.Intel.Tags;

/// <summary>TagPacks and ActorPacks as GraphSense defines them, small ones written here.</summary>
public sealed class TagPackTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private const string Segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
    private const string Head = "title: A pack\ncreator: Somebody\nsource: https://example.org/\ncurrency: BTC\nlabel: L\n";
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Every_field_is_kept()
    {
        _home.ImportText($$"""
            title: A pack
            creator: Somebody
            description: What it is
            owner: Them
            is_public: true
            tags:
            - address: {{Archive}}
              label: Internet Archive
              source: https://archive.org/
              currency: BTC
              network: BTC
              confidence: forensic
              actor: internet_archive
              category: organization
              abuse: scam
              concepts: [organization, donation]
              tag_type: actor
              is_cluster_definer: true
              lastmod: 2021-11-12
              context: '{"a": 1}'
            """);
        var fact = Assert.Single(_home.Find(Archive));
        var expected = new TagStatement
        {
            Pack = new PackHeader("A pack", "Somebody", "What it is", "Them", true, "pack.yaml"),
            Label = "Internet Archive",
            Source = "https://archive.org/",
            Currency = "BTC",
            Network = "BTC",
            Confidence = "forensic",
            Actor = "internet_archive",
            Category = "organization",
            Abuse = "scam",
            Concepts = "[\"organization\",\"donation\"]",
            TagType = "actor",
            IsClusterDefiner = true,
            LastModified = "2021-11-12",
            Context = "{\"a\": 1}",
        };
        Assert.Equal(expected, fact.Statement);
        Assert.Equal(new TagImportNote("tester", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)), fact.Import);
    }

    [Fact]
    public void A_tag_inherits_what_the_head_says_and_may_say_otherwise()
    {
        _home.ImportText($"{Head}confidence: forensic\ntags:\n- address: {Archive}\n- address: {Segwit}\n  label: Own\n  confidence: web_crawl\n");
        Assert.Equal(("L", "forensic"), Said(Archive));
        Assert.Equal(("Own", "web_crawl"), Said(Segwit));
    }

    [Theory]
    [InlineData("title: A pack\ncreator: Somebody\ntags:\n- address: ADDRESS\nlabel: L\nsource: s\ncurrency: BTC\nconfidence: forensic\n")]
    [InlineData("{\"tags\": [{\"address\": \"ADDRESS\"}], \"title\": \"t\", \"creator\": \"c\", \"label\": \"L\", \"source\": \"s\", \"currency\": \"BTC\", \"confidence\": \"forensic\"}")]
    public void What_stands_after_the_tags_is_inherited_too(string text)
    {
        _home.ImportText(text.Replace("ADDRESS", Archive, StringComparison.Ordinal));
        Assert.Equal(("L", "forensic"), Said(Archive));
    }

    [Fact]
    public void A_second_import_stores_nothing()
    {
        var text = $"{Head}tags:\n- address: {Archive}\n- address: {Segwit}\n";
        var first = _home.ImportText(text);
        var second = _home.Import("another", DateTimeOffset.UnixEpoch, _home.Write("elsewhere/pack.yaml", text));
        Assert.Equal((2, 2, 0, 0), (first.Read, first.Stored, first.Duplicate, first.Rejected));
        Assert.Equal((2, 0, 2, 0), (second.Read, second.Stored, second.Duplicate, second.Rejected));
        Assert.Equal("tester", Assert.Single(_home.Find(Archive)).Import.By);
    }

    [Fact]
    public void A_correction_is_a_new_fact_beside_the_old_one()
    {
        _home.ImportText($"{Head}confidence: web_crawl\ntags:\n- address: {Archive}\n");
        _home.ImportText($"{Head}confidence: forensic\ntags:\n- address: {Archive}\n");
        Assert.Equal(["web_crawl", "forensic"], _home.Find(Archive).Select(fact => fact.Statement.Confidence));
    }

    [Theory]
    [InlineData("address: 1Archive1n2C579dMsAu3iC6tWzuQJz8dM", "the checksum does not match")]
    [InlineData("address: 5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "private key")]
    [InlineData("label: nobody", "neither 'address' nor 'tx_hash'")]
    [InlineData("tx_hash: 00ff", "no Bitcoin transaction id")]
    [InlineData("address: [a, b]", "must be a text")]
    [InlineData("is_cluster_definer: perhaps", "neither true nor false")]
    [InlineData("concepts: *nothing", "aliases are not read")]
    [InlineData("address: \"0xaa\\0\"", "U+0000")]
    public void A_bad_row_is_named_with_file_and_line_and_the_next_is_read(string row, string reason)
    {
        var with = row.StartsWith("is_", StringComparison.Ordinal) || row.StartsWith("concepts", StringComparison.Ordinal) ? $"{row}\n  address: {Segwit}" : row;
        var report = _home.ImportText($"{Head}tags:\n- {with}\n- address: {Archive}\n");
        Assert.Equal((2, 1, 1), (report.Read, report.Stored, report.Rejected));
        var problem = Assert.Single(report.Problems);
        Assert.Equal(7, problem.Line);
        Assert.EndsWith("pack.yaml", problem.File, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Single(_home.Find(Archive));
    }

    [Theory]
    [InlineData("label")]
    [InlineData("source")]
    [InlineData("currency")]
    public void A_mandatory_field_that_is_nowhere_said_rejects_the_row(string field)
    {
        var head = string.Concat(Head.Split('\n').Where(line => line.Length > 0 && !line.StartsWith(field, StringComparison.Ordinal)).Select(line => line + "\n"));
        var report = _home.ImportText($"{head}tags:\n- address: {Archive}\n");
        Assert.Equal(1, report.Rejected);
        Assert.Contains($"'{field}'", report.Problems[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'1Archive1n2C579d\u200bMsAu3iC6tWzuQJz8dN'")]
    [InlineData("\"1\u0410rchive1n2C579dMsAu3iC6tWzuQJz8dN\"")]
    [InlineData("'1Archive1n2C579dMsAu3iC6tWzuQJz8dN '")]
    public void Look_alikes_and_unseen_characters_are_mended_and_said(string written)
    {
        var report = _home.ImportText($"{Head}tags:\n- address: {written}\n");
        Assert.Equal((1, 1), (report.Stored, report.Normalised));
        Assert.Contains("was read as '1Archive1n2C579dMsAu3iC6tWzuQJz8dN'", Assert.Single(report.Notes).Reason, StringComparison.Ordinal);
        Assert.Equal(written[1..^1], Assert.Single(_home.Find(Archive)).Written);
    }

    [Fact]
    public void A_sound_address_of_another_chain_under_the_wrong_currency_is_kept_and_said()
    {
        var report = _home.ImportText($"{Head}tags:\n- address: TUCsTq7TofTCJRRoHk6RvhMoS2mJLm5Yzq\n");
        Assert.Equal((1, 0, 0), (report.Stored, report.Rejected, report.Normalised));
        Assert.Contains("its checksum is sound", Assert.Single(report.Notes).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_whose_case_says_nothing_is_found_in_any_case()
    {
        _home.ImportText($"{Head}tags:\n- address: '0xFA8E3920daF271daB92Be9B87d9998DDd94FEF08'\n  currency: ETH\n- address: {Segwit.ToUpperInvariant()}\n");
        Assert.Single(_home.Find("0xfa8e3920daf271dab92be9b87d9998ddd94fef08"));
        Assert.Equal(Segwit.ToUpperInvariant(), Assert.Single(_home.Find(Segwit)).Written);
    }

    [Fact]
    public void A_transaction_can_be_tagged()
    {
        var txid = new string('a', 64);
        _home.ImportText($"{Head}tags:\n- tx_hash: {txid}\n");
        Assert.Equal(SubjectKind.Transaction, Assert.Single(_home.Find(txid)).Kind);
    }

    [Fact]
    public void A_field_that_the_format_does_not_have_is_named_once()
    {
        var report = _home.ImportText($"{Head}mood: good\ntags:\n- address: {Archive}\n  colour: [red]\n- address: {Segwit}\n  colour: blue\n");
        Assert.Equal(2, report.Stored);
        Assert.Equal([6L, 9L], report.Notes.Select(note => note.Line));
    }

    [Theory]
    [InlineData("nothing: here\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("")]
    [InlineData("title: [a\ntags: }\n")]
    public void A_file_that_is_no_pack_does_not_stop_the_others(string text)
    {
        var report = _home.Import(_home.Write("a.yaml", text), _home.Write("b.yaml", $"{Head}tags:\n- address: {Archive}\n"));
        Assert.Equal((2, 1, 1, 1L), (report.Files, report.Packs, report.BrokenFiles, report.Stored));
        Assert.EndsWith("a.yaml", Assert.Single(report.Problems).File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_breaks_off_keeps_the_rows_before_the_break()
    {
        var report = _home.ImportText($"{Head}tags:\n- address: {Archive}\n- address: 'no end\n");
        Assert.Equal((1L, 1), (report.Stored, report.BrokenFiles));
    }

    [Fact]
    public void An_actor_with_a_name_too_long_to_look_up_is_rejected_with_its_row_alone()
    {
        var name = new string('x', 600);
        var tags = _home.ImportText($"{Head}tags:\n- address: {Archive}\n  actor: {name}\n- address: {Segwit}\n  actor: {name[..512]}\n");
        Assert.Equal((1, 1), (tags.Stored, tags.Rejected));
        var actors = _home.ImportText($"title: t\ncreator: c\nactors:\n- id: {name}\n  label: L\n- id: {name[..512]}\n  label: L\n");
        Assert.Equal((1, 1), (actors.ActorsStored, actors.ActorsRejected));
    }

    [Fact]
    public void An_actor_is_kept_with_all_it_has_and_once()
    {
        const string text = """
            title: Actors
            creator: Somebody
            actors:
            - id: archive
              label: Internet Archive
              uri: archive.org
              lastmod: '2023-02-17'
              categories: [organization]
              jurisdictions: [US]
              aliases: [wayback]
              context: {refs: [a, b], legal_name: Internet Archive}
            - label: nameless
            """;
        var first = _home.ImportText(text);
        var second = _home.ImportText(text);
        Assert.Equal((2, 1, 0, 1), (first.ActorsRead, first.ActorsStored, first.ActorsDuplicate, first.ActorsRejected));
        Assert.Equal((0, 1), (second.ActorsStored, second.ActorsDuplicate));
        using var store = _home.OpenForReading();
        var actor = Assert.Single(store.FindActors(["nobody", "archive"])[1]);
        Assert.Equal(("Internet Archive", "archive.org", "2023-02-17"), (actor.Label, actor.Uri, actor.LastModified));
        Assert.Equal(("[\"organization\"]", "[\"US\"]", "[\"wayback\"]"), (actor.Categories, actor.Jurisdictions, actor.Aliases));
        Assert.Equal("{\"refs\":[\"a\",\"b\"],\"legal_name\":\"Internet Archive\"}", actor.Context);
    }

    [Fact]
    public void A_batch_answers_in_its_own_order()
    {
        _home.ImportText($"{Head}tags:\n- address: {Archive}\n- address: {Segwit}\n  label: Other\n");
        using var store = _home.OpenForReading();
        var found = store.FindTags([Segwit, "nobody", Archive, Segwit]);
        Assert.Equal([1, 0, 1, 1], found.Select(facts => facts.Count));
        Assert.Equal(["Other", "L", "Other"], found.SelectMany(facts => facts).Select(fact => fact.Statement.Label));
    }

    private (string, string?) Said(string address)
    {
        var said = Assert.Single(_home.Find(address)).Statement;
        return (said.Label, said.Confidence);
    }
}
