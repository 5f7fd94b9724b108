using Haetae.Intel.Cases;
using Xunit.Abstractions;

namespace Haetae.Tests.Intel.Cases;

/// <summary>A pack in which bytes were changed after it was made.</summary>
public sealed class ChangedPackTests(PackedCase packed, ITestOutputHelper output) : IClassFixture<PackedCase>
{
    [Fact]
    public void The_pack_holds_as_it_was_made() => Assert.Empty(CaseVerifier.Verify(packed.Pack).Faults);

    [Fact]
    public void A_thousand_random_changes_of_one_byte_are_all_caught_and_the_place_is_named()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var bounds = Bounds();
        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 2 }, round =>
        {
            var random = new Random(seed + round);
            // Half of them anywhere, half in a section by lot: results take most of the bytes.
            var (from, to) = round % 2 == 0 ? (0, packed.Pack.Length) : bounds.Values.ElementAt(random.Next(bounds.Count));
            var at = random.Next(from, to);
            var changed = packed.Pack.ToArray();
            changed[at] ^= (byte)random.Next(1, 256);
            var verdict = CaseVerifier.Verify(changed);
            var said = string.Join('\n', verdict.Faults);
            Assert.False(verdict.Holds, $"seed {seed}, round {round}: byte {at} changed and nothing was said");
            Assert.Null(verdict.Proved);
            var section = bounds.First(pair => at >= pair.Value.From && at < pair.Value.To).Key;
            Assert.True(verdict.Faults.Any(fault => fault.Section.Contains(section, StringComparison.Ordinal)), $"seed {seed}, round {round}: byte {at} of '{section}': {said}");
            if (section == "transactions" && at > bounds[section].From + 3) Assert.Matches("transaction [0-9]+ of [0-9]+|bytes follow the last transaction", said);
        });
    }

    [Fact]
    public void Every_byte_of_header_and_directory_counts()
    {
        var end = Bounds()["header"].To;
        for (var at = 0; at < end; at++)
        {
            var changed = packed.Pack.ToArray();
            changed[at] ^= 0x10;
            Assert.Contains(CaseVerifier.Verify(changed).Faults, fault => fault.Section == "header");
        }
    }

    [Fact]
    public void A_cut_or_lengthened_pack_is_refused()
    {
        var random = new Random(1);
        var lengths = Enumerable.Range(0, 100).Select(_ => random.Next(packed.Pack.Length)).Concat(Enumerable.Range(0, 700).Where(length => length < packed.Pack.Length)).Append(packed.Pack.Length - 1);
        foreach (var length in lengths) Assert.NotEmpty(CaseVerifier.Verify(packed.Pack.AsMemory(0, length)).Faults);
        for (var more = 1; more < 100; more++) Assert.Contains("appended", CaseVerifier.Verify(packed.Pack.Concat(new byte[more]).ToArray()).Faults[0].What, StringComparison.Ordinal);
    }

    /// <summary>The same bytes under other names, with every hash made anew.</summary>
    [Fact]
    public void Swapped_missing_and_surplus_sections_are_refused()
    {
        var sections = PackedCase.Sections(packed.Pack);
        for (var i = 0; i < sections.Count; i++)
        {
            for (var j = i + 1; j < sections.Count; j++)
            {
                var swapped = sections.ToList();
                (swapped[i], swapped[j]) = ((sections[i].Name, sections[j].Bytes), (sections[j].Name, sections[i].Bytes));
                Assert.NotEmpty(CaseVerifier.Verify(PackFile.Write(swapped)).Faults);
            }

            Assert.Contains(CaseVerifier.Verify(PackFile.Write([.. sections.Where((_, at) => at != i)])).Faults, fault => fault.What.Contains("missing", StringComparison.Ordinal) && fault.Section.Contains(sections[i].Name, StringComparison.Ordinal));
        }

        Assert.Contains(CaseVerifier.Verify(PackFile.Write([.. sections, ("more", [1])])).Faults, fault => fault.Section.Contains("more", StringComparison.Ordinal));
    }

    private Dictionary<string, (int From, int To)> Bounds()
    {
        var faults = new List<PackFault>();
        var sections = PackFile.Read(packed.Pack, faults)!;
        var bounds = sections.ToDictionary(section => section.Name, section => ((int)section.Offset, (int)section.Offset + section.Bytes.Length));
        bounds["header"] = (0, (int)sections[0].Offset);
        return bounds;
    }
}
