using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Haetae.Tests.Intel.Cases;

/// <summary>A foreign program that knows <c>docs/case-format.md</c>, SHA-256 and JSON, and nothing of ours.</summary>
public sealed class PackFormatTests(PackedCase packed) : IClassFixture<PackedCase>
{
    [Fact]
    public void A_pack_can_be_read_and_its_transactions_proved_by_the_page_alone()
    {
        var sections = Sections();
        Assert.Equal(["case", "headers", "transactions", "trace.1", "trace.2"], sections.Keys);
        var roots = Roots(sections["headers"], out var tip);
        var ids = Transactions(sections["transactions"], roots);
        var trace = JsonNode.Parse(sections["trace.1"])!;
        Assert.Equal(trace["ledger"]!["tipHash"]!.GetValue<string>(), tip);
        var named = trace["results"]!.AsArray().SelectMany(result => result!["spends"]!.AsArray()).SelectMany(spend => new[] { spend!["txid"]!, spend["spentBy"]! }).Select(id => id.GetValue<string>()).ToList();
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(ids));
        Assert.Empty(JsonNode.Parse(sections["case"])!["traces"]![0]!["transactions"]!.AsArray().Select(id => id!.GetValue<string>()).Except(ids));
    }

    private Dictionary<string, byte[]> Sections()
    {
        using var reader = new BinaryReader(new MemoryStream(packed.Pack));
        Assert.Equal("haetae.pack/1\n\0\0", Encoding.ASCII.GetString(reader.ReadBytes(16)));
        Assert.Equal(packed.Pack.Length, reader.ReadInt64());
        var count = reader.ReadInt32();
        Assert.Equal(0, reader.ReadInt32());
        var sections = new Dictionary<string, byte[]>();
        var end = 32 + 64 * count + 32L;
        for (var i = 0; i < count; i++)
        {
            var name = Encoding.ASCII.GetString(reader.ReadBytes(16)).TrimEnd('\0');
            Assert.Equal(end, reader.ReadInt64());
            var length = reader.ReadInt64();
            sections.Add(name, packed.Pack.AsSpan((int)end, (int)length).ToArray());
            Assert.Equal(SHA256.HashData(sections[name]), reader.ReadBytes(32));
            end += length;
        }

        Assert.Equal(SHA256.HashData(packed.Pack.AsSpan(0, 32 + 64 * count)), reader.ReadBytes(32));
        Assert.Equal(packed.Pack.Length, end);
        return sections;
    }

    private static Dictionary<int, byte[]> Roots(byte[] section, out string tip)
    {
        using var reader = new BinaryReader(new MemoryStream(section));
        var roots = new Dictionary<int, byte[]>();
        var last = new byte[32];
        for (var runs = reader.ReadInt32(); runs > 0; runs--)
        {
            var height = reader.ReadInt32();
            var count = reader.ReadInt32();
            for (var i = 0; i < count; i++)
            {
                var header = reader.ReadBytes(80);
                if (i > 0) Assert.Equal(last, header[4..36]);
                last = Twice(header);
                roots.Add(height + i, header[36..68]);
            }
        }

        Assert.Equal(section.Length, reader.BaseStream.Position);
        tip = Printed(last);
        return roots;
    }

    private static HashSet<string> Transactions(byte[] section, Dictionary<int, byte[]> roots)
    {
        using var reader = new BinaryReader(new MemoryStream(section));
        var ids = new HashSet<string>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var height = reader.ReadInt32();
            var position = reader.ReadInt32();
            var branch = Enumerable.Range(0, reader.ReadByte()).Select(_ => reader.ReadBytes(32)).ToList();
            var node = Twice(reader.ReadBytes(reader.ReadInt32()));
            ids.Add(Printed(node));
            for (var row = 0; row < branch.Count; row++) node = Twice((position >> row & 1) == 0 ? [.. node, .. branch[row]] : [.. branch[row], .. node]);
            Assert.Equal(roots[height], node);
        }

        Assert.Equal(section.Length, reader.BaseStream.Position);
        return ids;
    }

    private static byte[] Twice(byte[] bytes) => SHA256.HashData(SHA256.HashData(bytes));

    private static string Printed(byte[] hash) => Convert.ToHexStringLower([.. hash.Reverse()]);
}
