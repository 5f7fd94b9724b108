using Haetae.Tracing.Reports;

namespace Haetae.Tests.Tracing.Reports;

/// <summary>A made-up trace: seeds that split, peel, merge and rest. The same numbers on every run.</summary>
internal sealed class SampleReport
{
    public const string Hostile = "<script>alert(1)</script>&\"'";

    private readonly List<TraceSeed> _seeds = [];
    private readonly string? _evilAddress;
    private uint _state;

    private SampleReport(uint seed, string? evilAddress) => (_state, _evilAddress) = (seed, evilAddress);

    /// <summary>About 30 ends, three policies, eight paths and every kind of warning.</summary>
    public static TraceReport Large(string? evilAddress = null) => new SampleReport(7, evilAddress).Build(seeds: 3, paths: 8, ends: 30);

    /// <summary>One seed, one hop, two ends.</summary>
    public static TraceReport Small(string? evilAddress = null)
    {
        var report = new SampleReport(3, evilAddress).Build(seeds: 1, paths: 1, ends: 2);
        return report with
        {
            Ledger = report.Ledger with { WeakWorkBlocks = 0, UnknownInputs = 0 },
            Parameters = report.Parameters with { Policies = ["fifo"], UntilHeight = null, MinValue = null },
            Results = [report.Results[0] with { Limits = [] }],
        };
    }

    private TraceReport Build(int seeds, int paths, int ends)
    {
        for (var i = 0; i < seeds; i++) _seeds.Add(new TraceSeed(Hash(), i, 700_000 + i, Time(700_000 + i), Address(), "witness_v0_keyhash", 5_0000_0000L >> i, (5_0000_0000L >> i) - i));
        return new TraceReport
        {
            Ledger = new("bip122:000000000019d6689c085ae165831e93", "mainnet", 0, 800_123, Hash(), 12, 3),
            Parameters = new(_seeds.ConvertAll(seed => $"{seed.TxId}:{seed.Vout}"), ["fifo", "haircut", "poison"], "drop", 800_000, 1_000, null, null),
            Seeds = _seeds,
            Results = [Result("fifo", true, paths, ends), Result("haircut", true, paths, ends), Result("poison", false, paths, ends)],
        };
    }

    private PolicyResult Result(string policy, bool conserves, int pathCount, int endCount)
    {
        var spends = new List<TraceSpend>();
        var ends = new List<TraceEnd>();
        var paths = new List<TracePath>();
        var shared = new List<(string TxId, int Height)>();
        for (var i = 0; i < pathCount; i++)
        {
            var seed = _seeds[i % _seeds.Count];
            var amount = Share(i, pathCount, endCount);
            var steps = new List<PathStep> { new(seed.TxId, seed.Vout, seed.Height, seed.Time, seed.Address, seed.ScriptType, seed.Value, seed.Stolen) };
            var hops = i == 3 ? 14 : 1 + i % 3;
            var height = seed.Height;
            for (var hop = 0; hop < hops; hop++)
            {
                var (txId, at) = hop == 0 && shared.Count > i % _seeds.Count ? shared[i % _seeds.Count] : (Hash(), height + 3 + hop);
                if (hop == 0 && shared.Count <= i % _seeds.Count) shared.Add((txId, at));
                height = at;
                var before = steps[^1];
                if (!spends.Any(spend => spend.TxId == before.TxId && spend.Vout == before.Vout))
                {
                    spends.Add(new TraceSpend(before.TxId, before.Vout, before.Height, before.Address, before.Value, before.Tainted, txId, height));
                }

                steps.Add(new PathStep(txId, i, height, Time(height), Address(), "witness_v1_taproot", amount + 50_000, amount - hop * 1_000));
                if (!conserves) steps[^1] = steps[^1] with { Tainted = amount + 50_000 };
            }

            paths.Add(new TracePath(steps, steps[^1].Tainted));
            var last = steps[^1];
            ends.Add(new TraceEnd(last.TxId, last.Vout, last.Height, last.Time, last.Address, last.ScriptType, null, last.Value, last.Tainted, "unspent", null));
        }

        while (ends.Count < endCount)
        {
            var (txId, height) = shared[ends.Count % shared.Count];
            var bare = ends.Count % 5 == 0;
            var cut = Cut(ends.Count);
            ends.Add(new TraceEnd(txId, 100 + ends.Count, height, Time(height), bare ? null : Address(), bare ? "multisig" : "pubkeyhash", bare ? "51" + Hash() + "51ae" : null,
                50_000_000, Rest(ends.Count), cut ? "min-value" : "unspent", cut ? Hash() : null));
        }

        var held = ends.Where(end => end.Reason == "unspent").Sum(end => end.Tainted);
        var left = ends.Where(end => end.Reason != "unspent").Sum(end => end.Tainted);
        var seeds = _seeds.Sum(seed => seed.Stolen);
        var limits = left > 0 ? [new TraceLimit("min-value", "1000 sat", ends.Count(end => end.Reason != "unspent"), left)] : Array.Empty<TraceLimit>();
        return new PolicyResult(policy, conserves, new TraceBooks(seeds, held, 0, conserves ? seeds - held - left : 12_345, 0, left), 40 + spends.Count, ends, Totals(ends), spends, paths, limits);
    }

    /// <summary>What a path carries of its seed: half of what is left by the paths before it; the last one carries all of that. Small ends come off first.</summary>
    private long Share(int path, int paths, int ends)
    {
        var (seed, turn) = (path % _seeds.Count, path / _seeds.Count);
        var last = path + _seeds.Count >= paths;
        var left = _seeds[seed].Stolen;
        for (var end = paths; end < ends; end++) left -= end % _seeds.Count == seed ? Rest(end) : 0;
        for (var before = 0; before < turn; before++) left -= left / 2;
        return last ? left : left / 2;
    }

    private static bool Cut(int end) => end % 7 == 0;

    private static long Rest(int end) => Cut(end) ? 900 : 1_234_567 + (end % 4 * 40_000_000 / end);

    private static List<AddressTotal> Totals(List<TraceEnd> ends) =>
        [.. ends.GroupBy(end => (end.Address, end.ScriptType, end.ScriptHex))
            .Select(group => new AddressTotal(group.Key.Address, group.Key.ScriptType, group.Key.ScriptHex, group.Sum(end => end.Tainted), group.Count(), group.Min(end => end.Height), group.Max(end => end.Height)))
            .OrderByDescending(total => total.Tainted).ThenBy(total => total.Address ?? total.ScriptHex, StringComparer.Ordinal)];

    private static uint Time(int height) => 1_231_006_505 + (uint)height * 600;

    private string Address() => _evilAddress ?? (Next() % 2 == 0 ? "bc1q" + Letters(38) : "bc1p" + Letters(58));

    private string Letters(int count) => string.Create(count, this, static (span, self) =>
    {
        foreach (ref var c in span) c = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"[(int)(self.Next() % 32)];
    });

    private string Hash() => string.Create(64, this, static (span, self) =>
    {
        foreach (ref var c in span) c = "0123456789abcdef"[(int)(self.Next() % 16)];
    });

    private uint Next() => (_state = _state * 1_664_525 + 1_013_904_223) >> 8;
}
