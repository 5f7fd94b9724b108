using System.IO.Compression;
using System.Text;
using Haetae.Intel.Files;
using Haetae.Tests.Intel.Storage;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Support;

namespace Haetae.Tests.Intel.Files;

/// <summary>Files packed with gzip and bzip2, whole and damaged.</summary>
public sealed class PackedFileTests : IDisposable
{
    private const string Notice = "date,change,address,source\n2022-04-14,added,0x098B716B8Aaf21512996dC57EB0615e2383E2f96,n\n";

    // "hello hello hello hello bzip2" and a line end, as bzip2 packs it.
    private const string Hello = "425a68393141592653591f6c08cc00000759800010400010001264c010200020aa8034f508069a68c51ed74bdb728824f8bb9229c28480fb604660";

    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_packed_file_is_the_same_file()
    {
        var file = Path.Combine(_home.Folder, "n.csv.gz");
        using (var packed = new GZipStream(File.Create(file), CompressionLevel.Fastest)) packed.Write(Encoding.UTF8.GetBytes(Notice));
        Assert.Equal((1L, 0L), (_home.Import(file).SanctionsStored, _home.Import(_home.Write("n.csv", Notice)).SanctionsStored));
    }

    [Fact]
    public void A_damaged_packed_file_is_named()
    {
        var report = _home.Import(_home.Write("n.csv.gz", "not packed at all"), _home.Write("m.csv.bz2", "not packed at all"));
        Assert.Equal(2, report.BrokenFiles);
        Assert.All(report.Problems, problem => Assert.Contains("cannot be unpacked", problem.Reason, StringComparison.Ordinal));
    }

    [Fact]
    [NotOnPostgres("it is about reading files")]
    public void A_small_packed_text_is_read() => Assert.Equal("hello hello hello hello bzip2\n", Encoding.ASCII.GetString(Unpacked(Convert.FromHexString(Hello))));

    [Bzip2Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(2_000_000)]
    [NotOnPostgres("it is about reading files")]
    public void What_bzip2_packs_comes_back(int length)
    {
        var dice = new Random(length);
        foreach (var letters in new[] { 1, 3, 256 })
        {
            var bytes = new byte[length];
            for (var i = 0; i < length;)
            {
                var run = Math.Min(length - i, dice.Next(8) == 0 ? dice.Next(1, 600) : 1);
                bytes.AsSpan(i, run).Fill((byte)dice.Next(letters));
                i += run;
            }

            var packed = Bzip2.Pack(bytes);
            Assert.Equal(bytes, Unpacked(packed));
            Assert.Equal([.. bytes, .. bytes], Unpacked([.. packed, .. packed]));
        }
    }

    [Bzip2Fact]
    [NotOnPostgres("it is about reading files")]
    public void A_changed_byte_is_found_and_never_ends_otherwise_than_in_an_error()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3_000).Select(i => $"row {i} of something {i * i}\n")));
        var packed = Bzip2.Pack(bytes);
        var dice = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var damaged = packed.ToArray();
            damaged[dice.Next(damaged.Length)] ^= (byte)(1 << dice.Next(8));
            if (dice.Next(4) == 0) damaged = damaged[..dice.Next(damaged.Length)];
            try
            {
                // The checksum over all blocks stands in the last bytes and is not needed: each block has its own.
                Assert.Equal(bytes, Unpacked(damaged));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Bzip2Fact]
    [NotOnPostgres("it is about reading files")]
    public void OFACs_packed_list_is_read_as_it_lies()
    {
        var report = _home.Import(SharedData.Path_("incidents", "ofac", "sdn_advanced.xml.bz2"));
        Assert.Equal((1, 0, 761L), (report.Files, report.BrokenFiles, report.SanctionsRead));
    }

    private static byte[] Unpacked(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        new Bzip2Stream(new MemoryStream(packed)).CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
