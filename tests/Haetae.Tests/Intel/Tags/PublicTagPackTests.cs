using System.Diagnostics;
using Haetae.Intel.Tags;
using Haetae.Tests.Intel.Storage;
using Haetae.Tests.Support;

namespace Haetae.Tests.Intel.Tags;

/// <summary>All public TagPacks of GraphSense, and their actors.</summary>
public sealed class PublicTagPackTests : IDisposable
{
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    /// <remarks>
    /// Five tags of KuCoin stand there twice, and one of Tornado Cash a second time with a space behind its address. Nine Bitcoin strings fail
    /// their checksum, or are not even written in its letters.
    /// </remarks>
    [SharedDataFact]
    public void All_public_packs_go_in_once_and_are_found_fast()
    {
        var packs = SharedData.Path_("labels", "tagpacks");
        var watch = Stopwatch.StartNew();
        var report = _home.Import(packs);
        // Measured at a sixth of this on two cores; the bound is for machines that are busy with other tests.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(90), $"{watch.Elapsed}");
        Assert.Equal((87, 87, 0), (report.Files, report.Packs, report.BrokenFiles));
        Assert.Equal((524_170, 524_155, 6, 9), (report.Read, report.Stored, report.Duplicate, report.Rejected));
        Assert.Equal((3_813, 3_813, 0), (report.ActorsRead, report.ActorsStored, report.ActorsRejected));
        Assert.All(report.Problems, problem => Assert.Contains("is no Bitcoin address", problem.Reason, StringComparison.Ordinal));

        var again = _home.Import(packs);
        Assert.Equal((524_170, 0, 524_161, 9), (again.Read, again.Stored, again.Duplicate, again.Rejected));
        Assert.Equal((0, 3_813), (again.ActorsStored, again.ActorsDuplicate));

        using (var store = _home.OpenForReading())
        {
            var held = store.Packs();
            Assert.Equal((86, 1), (held.Count(pack => pack.Tags > 0), held.Count(pack => pack.Actors > 0)));
            Assert.Equal(524_155, held.Sum(pack => pack.Tags));
        }

        LookUp(Path.Combine(packs, "packs", "walletexplorer.yaml"), Path.Combine(packs, "packs", "miners.yaml"));
    }

    [SharedDataFact]
    [NotOnPostgres("it is about what the files hold")]
    public void The_packs_at_the_top_hold_523_988_tags()
    {
        var report = _home.Import(Directory.GetFiles(SharedData.Path_("labels", "tagpacks", "packs"), "*.yaml"));
        Assert.Equal((77, 523_988), (report.Files, report.Read));
    }

    private void LookUp(params string[] packs)
    {
        var changes = SharedData.Path_("incidents", "ofac", "ofac_address_changes.csv");
        _home.Import(changes);
        var listed = File.ReadLines(changes).Where(line => line.StartsWith("brave,", StringComparison.Ordinal)).Select(line => line.Split(',')[4]).Distinct().ToList();
        var addresses = packs.SelectMany(File.ReadLines).Where(line => line.StartsWith("- address: ", StringComparison.Ordinal)).Select(line => line[11..].Trim()).Distinct().ToList();
        List<string> asked = [.. addresses.Take(5_000), .. listed];
        asked.AddRange(Enumerable.Range(0, 10_000 - asked.Count).Select(i => $"1Nobody{i}"));
        Assert.Equal(10_000, asked.Count);
        using var store = _home.OpenForReading();
        // The target is 50 ms for each, on a machine that does nothing else.
        var tags = Best(() =>
        {
            var found = store.FindTags(asked);
            Assert.All(found.Take(1_000), facts => Assert.NotEmpty(facts));
            Assert.Empty(found[^1]);
        });
        var sanctions = Best(() =>
        {
            var found = store.FindSanctions(asked);
            Assert.All(found.Skip(5_000).Take(listed.Count), facts => Assert.NotEmpty(facts));
            Assert.Empty(found[^1]);
        });
        var merged = Best(() => Assert.Equal(5_000, Attributions.Of(store, asked, null).Take(5_000).Count(answer => answer is not null)));
        Console.WriteLine($"10,000 addresses in {_home.Store}: tags {tags.TotalMilliseconds:0.0} ms, sanctions {sanctions.TotalMilliseconds:0.0} ms, merged {merged.TotalMilliseconds:0.0} ms");
        Assert.True(tags < TimeSpan.FromMilliseconds(500) && sanctions < TimeSpan.FromMilliseconds(500), $"{tags.TotalMilliseconds:0} ms and {sanctions.TotalMilliseconds:0} ms");
    }

    private static TimeSpan Best(Action lookUp)
    {
        var best = TimeSpan.MaxValue;
        for (var run = 0; run < 10; run++)
        {
            var watch = Stopwatch.StartNew();
            lookUp();
            if (watch.Elapsed < best) best = watch.Elapsed;
        }

        return best;
    }
}
