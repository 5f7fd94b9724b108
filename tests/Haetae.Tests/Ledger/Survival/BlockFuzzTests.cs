using System.Buffers.Binary;
using System.Diagnostics;
using Haetae.Ledger;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Support;
using Xunit.Abstractions;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>Broken blocks by the hundred thousand: each is taken or refused with a reason; nothing else escapes, and no count makes memory grow.</summary>
public sealed class BlockFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Blocks = 100_000;
    private const int Chains = 150;
    private const long MostBytesForABlock = 96L << 20; // a mutated block has at most ten megabytes
    private const uint RegtestMagic = 0xdab5bffa;

    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_hundred_thousand_mutated_blocks_are_taken_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var blocks = Read(Directory.GetFiles(_bench.Chain(41, 1_000), "blk*.dat").Single()).Where(block => block.Length < 20_000).ToList();
        blocks.RemoveRange(0, Math.Min(90, blocks.Count - 40)); // the first hundred hold a coinbase only
        var real = SharedData.Root is null ? 0 : AddReal(blocks);
        var mutator = BlockMutator.Of(random, blocks);
        using var parser = new ChunkParser(OutpointNamer.WithFreshSecret());
        using var hasher = new TxidHasher();
        var chunk = new Chunk();
        var source = new MemoryBlockSource();
        int refused = 0, taken = 0, mended = 0;
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < Blocks; round++)
        {
            var block = mutator.Next(out var what);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var reason = Parse(parser, source, chunk, block);
                if (reason is not null && reason.Contains("Merkle root", StringComparison.Ordinal))
                {
                    mended++;
                    hasher.MerkleRoot(chunk.TxId.Span.ToArray(), out _).CopyTo(block.AsSpan(36));
                    reason = Parse(parser, source, chunk, block);
                }

                if (reason is null) taken++;
                else refused++;
            }
            catch (Exception escaped)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}, {what}: {Convert.ToHexString(block.AsSpan(0, Math.Min(block.Length, 4_000)))}", escaped);
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostBytesForABlock, $"seed {seed}, round {round}, {what}: memory");
        }

        output.WriteLine($"{Blocks} blocks ({blocks.Count} kinds, {real} of them real) in {watch.Elapsed.TotalSeconds:0.0} s: {refused} refused, {taken} taken; {mended} had their Merkle root mended first");
        Assert.True(taken > 0 && refused > 0 && mended > 0);
    }

    [Fact]
    public void Mutated_chains_reach_the_deep_checks_and_are_taken_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var chain = _bench.Chain(42, 1_000);
        var blocks = Read(Directory.GetFiles(chain, "blk*.dat").Single()).ToList();
        var mutator = BlockMutator.Of(random, blocks);
        using var parser = new ChunkParser(OutpointNamer.WithFreshSecret());
        using var hasher = new TxidHasher();
        var chunk = new Chunk();
        var source = new MemoryBlockSource();
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < Chains; round++)
        {
            var at = random.Next(105, blocks.Count);
            var block = mutator.Next(at, out var what);
            if (Parse(parser, source, chunk, block)?.Contains("Merkle root", StringComparison.Ordinal) == true) hasher.MerkleRoot(chunk.TxId.Span.ToArray(), out _).CopyTo(block.AsSpan(36));
            Mine(block);
            var folder = Directory.CreateDirectory(_bench.Path_($"mutated-{round}")).FullName;
            Write(Path.Combine(folder, "blk00000.dat"), [.. blocks.Take(at), block]);
            Count(outcomes, Ingest(folder, $"seed {seed}, round {round}, {what}"));
            Directory.Delete(folder, recursive: true);
        }

        foreach (var (outcome, count) in outcomes) output.WriteLine($"{outcome}: {count}");
    }

    [Fact]
    public void Mutated_block_files_are_read_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var chain = _bench.Chain(43, 1_000);
        var bytes = File.ReadAllBytes(Directory.GetFiles(chain, "blk*.dat").Single());
        var magic = bytes[..4];
        for (var round = 0; round < 100; round++)
        {
            var broken = (byte[])bytes.Clone();
            for (var times = 1 + random.Next(20); times > 0; times--)
            {
                var at = random.Next(broken.Length - 100);
                switch (random.Next(4))
                {
                    case 0: broken[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: magic.CopyTo(broken, at); break;
                    case 2: broken.AsSpan(at, random.Next(100)).Clear(); break;
                    default: broken = broken[..Math.Max(200, at)]; break;
                }

                if (broken.Length < 200) break;
            }

            var folder = Directory.CreateDirectory(_bench.Path_($"file-{round}")).FullName;
            File.WriteAllBytes(Path.Combine(folder, "blk00000.dat"), broken);
            Ingest(folder, $"seed {seed}, round {round}");
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_file_of_nothing_but_wrong_records_takes_little_time_and_memory()
    {
        var folder = Directory.CreateDirectory(_bench.Path_("wrong")).FullName;
        var bytes = new byte[4 << 20];
        for (var at = 0; at < bytes.Length; at += 8)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), RegtestMagic);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 4), uint.MaxValue);
        }

        File.WriteAllBytes(Path.Combine(folder, "blk00000.dat"), bytes);
        using var files = BlockFiles.Open(folder);
        var watch = Stopwatch.StartNew();
        var result = HeaderScan.Scan(files, null, null, CancellationToken.None);
        Assert.Empty(result.Blocks);
        Assert.InRange(result.Warnings.Count, 1, 101);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    private static string? Parse(ChunkParser parser, MemoryBlockSource source, Chunk chunk, byte[] block)
    {
        source.Load(block, chunk);
        try
        {
            parser.Parse(chunk, source);
            return null;
        }
        catch (InvalidBlockException refused)
        {
            return refused.Message;
        }
    }

    private static string Ingest(string folder, string where)
    {
        var work = Task.Run(() => Workbench.Ingest(folder, Path.Combine(folder, "ledger"), threads: 1, checkpoint: 8 << 20));
        try
        {
            Assert.True(work.Wait(TimeSpan.FromSeconds(60)), $"{where}: hangs");
            return "taken";
        }
        catch (AggregateException wrong) when (wrong.InnerException is LedgerException refused)
        {
            var text = new string([.. refused.Message[(refused.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].Where(c => !char.IsAsciiHexDigitLower(c) || char.IsAsciiLetter(c))]);
            return $"{refused.GetType().Name}: {text[Math.Max(0, text.Length - 60)..]}";
        }
        catch (AggregateException wrong)
        {
            throw new InvalidOperationException(where, wrong.InnerException);
        }
    }

    private static void Mine(byte[] block)
    {
        for (uint nonce = 0; ; nonce++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(76), nonce);
            ProofOfWork.TryTarget(BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(72)), out var target);
            if (ProofOfWork.Number(DoubleSha256.Hash(block.AsSpan(0, 80))) <= target) return;
        }
    }

    private static void Write(string path, IEnumerable<byte[]> blocks)
    {
        using var file = File.Create(path);
        Span<byte> head = stackalloc byte[8];
        foreach (var block in blocks)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head, RegtestMagic);
            BinaryPrimitives.WriteInt32LittleEndian(head[4..], block.Length);
            file.Write(head);
            file.Write(block);
        }
    }

    private static IEnumerable<byte[]> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + 8 < bytes.Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) != 0;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            yield return bytes[(at + 8)..(at + 8 + length)];
            at += 8 + length;
        }
    }

    private static int AddReal(List<byte[]> blocks)
    {
        var file = SharedData.Path_("bitcoin", "blocks", "mainnet-000000-004312.blk.dat");
        if (!File.Exists(file)) return 0;
        var busy = Read(file).Where(block => block.Length > 300).Take(40).ToList();
        blocks.AddRange(busy);
        return busy.Count;
    }

    private static void Count(SortedDictionary<string, int> outcomes, string outcome) => outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
}
