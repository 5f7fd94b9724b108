using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.RealBlocks;

/// <summary>What tests on real blocks share: a folder to work in, block files written from bare blocks, a ledger made and opened.</summary>
public abstract class RealBlocksTest : IDisposable
{
    private readonly List<BitcoinLedger> _ledgers = [];

    protected string Root { get; } = Directory.CreateTempSubdirectory("haetae-real-").FullName;

    public void Dispose()
    {
        foreach (var ledger in _ledgers) ledger.Dispose();
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal static string Data(params string[] parts) => SharedData.Path_(["bitcoin", "blocks", .. parts]);

    protected static List<byte[]> HexLines(string name) => [.. File.ReadLines(Data(name)).Where(line => line.Length > 0).Select(line => Convert.FromHexString(line.Trim()))];

    protected static List<byte[]> HexJson(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Data(name)));
        return [.. json.RootElement.EnumerateArray().Select(item => Convert.FromHexString(item.GetProperty("block").GetString()!))];
    }

    /// <summary>Unpacks with the bzip2 program, for tests marked <see cref="Bzip2FactAttribute"/>.</summary>
    internal static byte[] Unpacked(string name)
    {
        using var bytes = new MemoryStream();
        Bzip2.Unpack(Data(name), bytes);
        return bytes.ToArray();
    }

    /// <summary>Writes a folder with one block file.</summary>
    protected string WriteBlockFile(string name, BitcoinNetwork network, IEnumerable<byte[]> blocks, byte[]? key = null)
    {
        var folder = Path.Combine(Root, name);
        Directory.CreateDirectory(folder);
        using var bytes = new MemoryStream();
        foreach (var block in blocks) WriteRecord(bytes, network, block);
        Masked(folder, "blk00000.dat", bytes.ToArray(), key);
        return folder;
    }

    /// <summary>Writes a folder with one bare block a file.</summary>
    protected string WriteBare(string name, IReadOnlyList<byte[]> blocks)
    {
        var folder = Path.Combine(Root, name);
        Directory.CreateDirectory(folder);
        for (var i = 0; i < blocks.Count; i++) File.WriteAllBytes(Path.Combine(folder, FormattableString.Invariant($"{i:0000}.raw")), blocks[i]);
        return folder;
    }

    private protected static void WriteRecord(Stream target, BitcoinNetwork network, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(head, network.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], content.Length);
        target.Write(head);
        target.Write(content);
    }

    protected static void Masked(string folder, string name, byte[] bytes, byte[]? key)
    {
        if (key is not null)
        {
            File.WriteAllBytes(Path.Combine(folder, "xor.dat"), key);
            for (var i = 0; i < bytes.Length; i++) bytes[i] ^= key[i & 7];
        }

        File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    protected BitcoinIngestResult Ingest(string blocks, string ledger = "ledger", BitcoinNetwork? network = null, int? from = null) =>
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = blocks, Ledger = Path.Combine(Root, ledger), Network = network, From = from, Threads = 2 });

    protected BitcoinLedger Open(string ledger = "ledger")
    {
        var opened = BitcoinLedger.Open(Path.Combine(Root, ledger));
        _ledgers.Add(opened);
        Assert.Empty(LedgerVerifier.Verify(Path.Combine(Root, ledger), 2, null, CancellationToken.None));
        return opened;
    }

    /// <summary>Fees of the block at an index, each of which must be known.</summary>
    protected static long Fees(BitcoinLedger ledger, int block = 0)
    {
        long sum = 0;
        for (var t = ledger.Graph.BlockFirstTx[block]; t < ledger.Graph.BlockFirstTx[block + 1]; t++)
        {
            Assert.InRange(ledger.Graph.Fee[t], 0, long.MaxValue);
            sum += ledger.Graph.Fee[t];
        }

        return sum;
    }

    /// <summary>What the coinbase takes beyond the subsidy.</summary>
    protected static long Surplus(BitcoinLedger ledger, int block = 0)
    {
        long sum = 0;
        uint coinbase = ledger.Graph.BlockFirstTx[block];
        for (var o = ledger.Graph.FirstOutput[coinbase]; o < ledger.Graph.FirstOutput[coinbase + 1]; o++) sum += ledger.Graph.Value[o];
        return sum - ledger.Network.Subsidy(new BlockHeight(ledger.Graph.FirstHeight + block)).Value;
    }
}
