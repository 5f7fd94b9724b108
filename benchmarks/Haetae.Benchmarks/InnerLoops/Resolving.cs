using BenchmarkDotNet.Attributes;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Benchmarks.InnerLoops;

/// <summary>The table of unspent outputs, two million of them held: named, added and taken out in another order, as an ingest does.</summary>
public class Resolving
{
    private const int Held = 2_000_000;
    private const int Turn = 65_536;
    private readonly OutpointNamer _namer = OutpointNamer.WithFreshSecret();
    private readonly OutpointName[] _names = new OutpointName[Held + Turn];
    private readonly int[] _order = new int[Turn];
    private UnspentTable _table = null!;
    private int _added, _taken;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(5);
        Span<byte> id = stackalloc byte[Hash256.Size];
        for (var i = 0; i < _names.Length; i++)
        {
            random.NextBytes(id);
            _names[i] = _namer.Name(_namer.Name(id), (uint)(i & 3));
        }

        for (var i = 0; i < Turn; i++) _order[i] = i;
        random.Shuffle(_order);
        _table = new UnspentTable();
        for (var i = 0; i < Held; i++) _table.Add(_names[i], i, i, out _);
        (_added, _taken) = (Held, 0);
    }

    [GlobalCleanup]
    public void Cleanup() => _table.Dispose();

    [Benchmark(OperationsPerInvoke = Turn)]
    public long AddAndTakeOut()
    {
        long sum = 0;
        for (var i = 0; i < Turn; i++)
        {
            if (i + 32 < Turn) _table.Prefetch(_names[(_added + i + 32) % _names.Length]);
            _table.Add(_names[(_added + i) % _names.Length], i, i, out _);
        }

        for (var i = 0; i < Turn; i++)
        {
            if (i + 32 < Turn) _table.Prefetch(_names[(_taken + _order[i + 32]) % _names.Length]);
            _table.Remove(_names[(_taken + _order[i]) % _names.Length], out _, out var value);
            sum += value;
        }

        _added = (_added + Turn) % _names.Length;
        _taken = (_taken + Turn) % _names.Length;
        return sum;
    }
}

/// <summary>Scripts on their way into the columns: the usual kinds, in turn.</summary>
public class Scripts
{
    private const int Count = 4_096;
    private readonly byte[][] _scripts = new byte[Count][];
    private readonly byte[] _target = new byte[128];

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(5);
        byte[] Some(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }

        for (var i = 0; i < Count; i++)
            _scripts[i] = (i % 5) switch
            {
                0 => [0x76, 0xa9, 0x14, .. Some(20), 0x88, 0xac],
                1 => [0xa9, 0x14, .. Some(20), 0x87],
                2 => [0x51, 0x20, .. Some(32)],
                3 => [0x00, 0x14, .. Some(20)],
                _ => [0x00, 0x20, .. Some(32)],
            };
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int Encode()
    {
        var bytes = 0;
        foreach (var script in _scripts) bytes += ScriptCodec.Encode(script, _target);
        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public ulong Key()
    {
        ulong keys = 0;
        foreach (var script in _scripts) keys ^= ScriptKey.Of(script);
        return keys;
    }
}
