using System.Globalization;
using Haetae.Cli.Commands;
using Haetae.Intel;
using Haetae.Intel.Clusters;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;
using Haetae.Tests.Intel.Tags;
using Npgsql;

namespace Haetae.Tests.Intel.Storage;

/// <summary>What only a server can do: refuse, be away, and be written to by several programs at once.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresStoreTests(PostgresServer server) : IDisposable
{
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [PostgresFact]
    public async Task Imports_at_once_double_nothing_and_lose_nothing()
    {
        using var database = server.NewDatabase();
        for (var pack = 0; pack < 4; pack++) _home.Write($"packs/{pack}.yaml", Pack(pack, 3_000));
        var reports = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            using var store = TagStore.OpenForWriting(StoreLocation.Parse(database.Connection));
            return TagImport.Run(store, [Path.Combine(_home.Folder, "packs")], new TagImportNote("tester", DateTimeOffset.UnixEpoch), null, CancellationToken.None);
        })));
        Assert.Equal(12_000, reports.Sum(report => report.Stored));
        Assert.Equal(24_000, reports.Sum(report => report.Duplicate));
        Assert.Equal(12_000L, database.Run("SELECT count(*) FROM haetae.tag"));
        Assert.Equal(12_000L, database.Run("SELECT count(DISTINCT subject) FROM haetae.tag"));
        Assert.Equal((4L, 4L), (database.Run("SELECT count(*) FROM haetae.tag_pack"), database.Run("SELECT count(*) FROM haetae.tag_statement")));
    }

    [PostgresFact]
    public async Task Programs_that_begin_at_once_make_the_tables_once()
    {
        using var database = server.NewDatabase();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => TagStore.OpenForWriting(StoreLocation.Parse(database.Connection)).Dispose())));
        Assert.Equal(database.Run("SELECT max(number)::bigint FROM haetae.script"), database.Run("SELECT count(*) FROM haetae.script"));
    }

    [PostgresFact]
    public void Numbers_have_64_bits_and_texts_the_order_of_their_bytes()
    {
        using var database = server.NewDatabase();
        TagStore.OpenForWriting(StoreLocation.Parse(database.Connection)).Dispose();
        Assert.Equal(0L, database.Run(
            """
            SELECT count(*) FROM information_schema.columns
            WHERE table_schema = 'haetae' AND NOT (data_type = 'bigint' OR data_type = 'text' AND collation_name = 'C')
            """));
    }

    [PostgresFact]
    public void A_long_list_seeks_in_the_index_and_does_not_walk_over_the_table()
    {
        using var database = server.NewDatabase();
        var location = StoreLocation.Parse(database.Connection);
        using (var store = TagStore.OpenForWriting(location))
            TagImport.Run(store, [_home.Write("p.yaml", Pack(1, 10_000))], new TagImportNote("tester", DateTimeOffset.UnixEpoch), null, CancellationToken.None);
        database.Run("ANALYZE haetae.tag");
        var before = Scans(0);
        using (var store = TagStore.OpenForReading(location)!)
            Assert.All(store.FindTags([.. Enumerable.Range(0, 9_000).Select(i => $"A1-{i}")]), facts => Assert.Single(facts));
        var after = Scans(before.Index + 9_000);
        Assert.Equal((before.Whole, before.Index + 9_000), after);

        // A server counts a connection's scans when it ends, a moment after we are told.
        (long Whole, long Index) Scans(long atLeast)
        {
            for (var attempt = 0; ; attempt++)
            {
                var counts = ((string)database.Run("SELECT seq_scan || ' ' || (SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'tag_by_subject') FROM pg_stat_user_tables WHERE relname = 'tag'")!).Split(' ').Select(long.Parse).ToArray();
                if (counts[1] >= atLeast || attempt == 200) return (counts[0], counts[1]);
                Thread.Sleep(50);
            }
        }
    }

    [PostgresFact]
    public void A_user_who_may_only_read_and_add_can_do_both_and_one_without_rights_is_told()
    {
        using var database = server.NewDatabase();
        TagStore.OpenForWriting(StoreLocation.Parse(database.Connection)).Dispose();
        server.Run("postgres", "DROP ROLE IF EXISTS ann; DROP ROLE IF EXISTS bob");
        foreach (var user in new[] { "ann", "bob" }) server.Run("postgres", $"CREATE ROLE {user} LOGIN PASSWORD '{PostgresServer.Password.Replace("'", "''", StringComparison.Ordinal)}'");
        database.Run("GRANT USAGE ON SCHEMA haetae TO ann; GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA haetae TO ann");
        using (var store = TagStore.OpenForWriting(As("ann", database)))
            Assert.Equal(5, TagImport.Run(store, [_home.Write("p.yaml", Pack(1, 5))], new TagImportNote("Ann", DateTimeOffset.UnixEpoch), null, CancellationToken.None).Stored);
        using (var store = TagStore.OpenForReading(As("ann", database))!) Assert.Single(store.FindTags(["A1-3"])[0]);
        var refused = Assert.Throws<IntelException>(() => TagStore.OpenForReading(As("bob", database)));
        Assert.Contains("USAGE on the schema haetae", refused.Message, StringComparison.Ordinal);
        using var empty = server.NewDatabase();
        refused = Assert.Throws<IntelException>(() => TagStore.OpenForWriting(As("bob", empty)));
        Assert.Contains("CREATE SCHEMA haetae AUTHORIZATION bob", refused.Message, StringComparison.Ordinal);
        empty.Run("CREATE SCHEMA haetae AUTHORIZATION bob");
        TagStore.OpenForWriting(As("bob", empty)).Dispose();
    }

    [PostgresFact]
    public void What_was_opened_for_reading_cannot_be_written()
    {
        using var database = server.NewDatabase();
        TagStore.OpenForWriting(StoreLocation.Parse(database.Connection)).Dispose();
        using var store = TagStore.OpenForReading(StoreLocation.Parse(database.Connection))!;
        using var intake = store.Add(new TagImportNote("Ann", DateTimeOffset.UnixEpoch));
        intake.Add(new ActorRow(new PackHeader("t", "c", null, null, null, "f"), "a", "A", null, null, null, null, null, null));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, Assert.Throws<PostgresException>(() => intake.Save()).SqlState);
    }

    [PostgresFact]
    public void A_cut_of_a_cluster_is_kept_once_and_taken_back()
    {
        using var database = server.NewDatabase();
        var location = StoreLocation.Parse(database.Connection);
        Assert.Empty(ClusterCuts.Current(location, "bip122:test"));
        var cut = new ClusterCutFact("bip122:test", new string('a', 64), CutChange.Cut, "a mixer of ours", "Ann", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.True(ClusterCuts.Add(location, cut));
        Assert.False(ClusterCuts.Add(location, cut));
        Assert.Equal(cut, Assert.Single(ClusterCuts.Current(location, "bip122:test")));
        Assert.True(ClusterCuts.Add(location, cut with { Change = CutChange.TakenBack, Reason = null }));
        Assert.Empty(ClusterCuts.Current(location, "bip122:test"));
        Assert.Equal(2, ClusterCuts.All(location, "bip122:test").Count);
    }

    [PostgresFact]
    public void A_database_of_a_newer_program_is_refused()
    {
        using var database = server.NewDatabase();
        TagStore.OpenForWriting(StoreLocation.Parse(database.Connection)).Dispose();
        database.Run("INSERT INTO haetae.script VALUES (9999)");
        Assert.Contains("Use a newer program", Assert.Throws<IntelException>(() => TagStore.OpenForReading(StoreLocation.Parse(database.Connection))).Message, StringComparison.Ordinal);
        Assert.Contains("Use a newer program", Assert.Throws<IntelException>(() => TagStore.OpenForWriting(StoreLocation.Parse(database.Connection))).Message, StringComparison.Ordinal);
    }

    [PostgresTheory]
    [InlineData("wrong password", "does not let the user 'haetae' in")]
    [InlineData("no password", "there is none. Give it in PGPASSWORD")]
    [InlineData("no such database", "createdb nowhere")]
    [InlineData("no server", "cannot be reached")]
    public async Task What_keeps_it_shut_is_named_with_the_way_out_and_without_the_password(string what, string expected)
    {
        var connection = what switch
        {
            "wrong password" => server.Connection("postgres", password: PostgresServer.Password + "!"),
            "no password" => server.Connection("postgres", password: null),
            "no such database" => server.Connection("nowhere"),
            _ => new NpgsqlConnectionStringBuilder(server.Connection("postgres")) { Port = PostgresServer.FreePort() }.ConnectionString,
        };
        foreach (var verb in new[] { (string[])["list"], ["import", _home.Write("p.yaml", Pack(1, 1))], ["show", "x"] })
        {
            var (exit, output, errors) = await _home.Run(["tags", .. verb, "--store", connection]);
            Assert.Equal((ExitCode.Failed, ""), (exit, output));
            Assert.StartsWith("haetae: PostgreSQL database '", errors, StringComparison.Ordinal);
            Assert.Contains(expected, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("hush", errors, StringComparison.OrdinalIgnoreCase);
        }
    }

    [PostgresFact]
    public async Task A_url_with_its_password_quoted_leads_to_the_same_store()
    {
        using var database = server.NewDatabase();
        var url = string.Create(CultureInfo.InvariantCulture, $"postgres://haetae:{Uri.EscapeDataString(PostgresServer.Password)}@127.0.0.1:{server.Port}/{database.Name}?sslmode=disable");
        Assert.Equal(ExitCode.NotFound, (await _home.Run("tags", "list", "--store", url)).Exit);
        Assert.Equal(ExitCode.Done, (await _home.Run("tags", "import", _home.Write("p.yaml", Pack(1, 2)), "--store", url)).Exit);
        Assert.Contains("2 ", (await _home.Run("tags", "list", "--store", database.Connection)).Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_home.Database));
        var (exit, _, errors) = await _home.Run("tags", "show", "nobody", "--store", url);
        Assert.Equal(ExitCode.NotFound, exit);
        Assert.DoesNotContain("hush", errors, StringComparison.OrdinalIgnoreCase);
    }

    private StoreLocation As(string user, PostgresTestDatabase database) => StoreLocation.Parse(server.Connection(database.Name, user));

    private static string Pack(int number, int tags) =>
        $"title: Pack {number}\ncreator: c\nlabel: L\nsource: s\ncurrency: ETH\ntags:\n" + string.Concat(Enumerable.Range(0, tags).Select(i => $"- address: A{number}-{i}\n"));
}
