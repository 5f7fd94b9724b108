using BenchmarkDotNet.Attributes;
using Haetae.Ledger;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Storage;

namespace Haetae.Benchmarks.InnerLoops;

/// <summary>Ids of 4,096 transactions of ordinary length, by each way of hashing that this processor has.</summary>
public class Hashing
{
    private const int Messages = 4_096;
    private readonly byte[] _bytes = new byte[Messages * 600];
    private readonly int[] _ends = new int[Messages];
    private readonly Hash256[] _ids = new Hash256[Messages];
    private TxidHasher _hasher = null!;

    public static IEnumerable<string> Paths => Enum.GetValues<HashPath>().Where(HashPaths.IsSupported).Select(path => path.ToString());

    [ParamsSource(nameof(Paths))]
    public string Path { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(5);
        random.NextBytes(_bytes);
        var end = 0;
        for (var i = 0; i < Messages; i++) _ends[i] = end += 190 + random.Next(8) * random.Next(40);
        _hasher = new TxidHasher(Enum.Parse<HashPath>(Path));
    }

    [GlobalCleanup]
    public void Cleanup() => _hasher.Dispose();

    [Benchmark(OperationsPerInvoke = Messages)]
    public void TransactionIds()
    {
        _hasher.Begin();
        var start = 0;
        foreach (var end in _ends)
        {
            _hasher.Add(_bytes.AsSpan(start, end - start), default, default);
            start = end;
        }

        _hasher.Finish(_ids);
    }
}

/// <summary>What guards a stored block of 256 KiB.</summary>
public class BlockChecks
{
    private readonly byte[] _bytes = new byte[Checksums.BlockBytes];
    private readonly uint[] _spenders = new uint[1 << SpenderSums.Bits];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(5);
        random.NextBytes(_bytes);
        for (var i = 0; i < _spenders.Length; i++) _spenders[i] = (uint)random.Next(5_000_000);
    }

    [Benchmark]
    public uint Crc32C() => Checksums.Crc(_bytes);

    [Benchmark]
    public ulong SpenderSum() => SpenderSums.Of(_spenders, 4_000_000);
}
