using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Storage;
using Haetae.Tracing.Reports;
using Xunit.Abstractions;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>Damage to a stored ledger or to block files is an answer or an error that says where; never another exception, a crash or a hang.</summary>
public sealed class DamageTests(ITestOutputHelper output) : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Verify_finds_every_flipped_byte()
    {
        var (store, _) = Whole(21);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var tried = 0;
        foreach (var path in Directory.GetFiles(store).Where(path => new FileInfo(path).Length > 0 && Path.GetFileName(path) != "writer.lock"))
        {
            var bytes = File.ReadAllBytes(path);
            for (var i = 0; i < 12; i++, tried++)
            {
                var at = i == 0 ? bytes.Length - 1 : random.Next(bytes.Length);
                var flip = (byte)(1 << random.Next(8));
                bytes[at] ^= flip;
                File.WriteAllBytes(path, bytes);
                var findings = LedgerVerifier.Verify(store, 2, null, CancellationToken.None);
                Assert.True(findings.Count > 0 || MeansNothing(path, bytes, at), $"seed {seed}: {path}, byte {at} of {bytes.Length}: not found");
                bytes[at] ^= flip;
            }

            File.WriteAllBytes(path, bytes);
        }

        Assert.Empty(LedgerVerifier.Verify(store, 2, null, CancellationToken.None));
        output.WriteLine($"{tried} bytes flipped");
    }

    /// <summary>A spender beyond the last transaction reads as none: a writer at work stores such ones beside its readers, and the next writer frees them.</summary>
    private static bool MeansNothing(string path, byte[] bytes, int at) =>
        Path.GetFileName(path) == LedgerColumns.OutSpender.FileName && BitConverter.ToUInt32(bytes, at / 4 * 4) >= 1_000;

    [Fact]
    public void Mutated_stores_answer_right_or_say_what_is_wrong()
    {
        var (store, seeds) = Whole(22);
        var blocks = _bench.Path_("chain-22-1000");
        var half = _bench.Path_("half");
        Workbench.Ingest(blocks, half, to: 9);
        var right = ReadAll(store, seeds);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var scratch = _bench.Path_("scratch");
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < 300; round++)
        {
            var whole = round % 3 > 0;
            Workbench.Copy(whole ? store : half, scratch);
            var files = Directory.GetFiles(scratch).Where(path => Path.GetFileName(path) != "writer.lock").Order(StringComparer.Ordinal).ToArray();
            var path = files[random.Next(files.Length)];
            var how = Mutate(path, random);
            var where = $"seed {seed}, round {round}, {(whole ? "whole" : "half")}, {how}";
            if (whole) Count(outcomes, "open, look up, trace", Try(where, () => Assert.Equal(right, ReadAll(scratch, seeds))));
            Count(outcomes, "verify", Try(where, () => Assert.NotNull(LedgerVerifier.Verify(scratch, 1, null, CancellationToken.None))));
            Count(outcomes, "ingest", Try(where, () => Workbench.Ingest(blocks, scratch)));
            Count(outcomes, "open, look up, trace after the ingest", Try(where, () => Assert.True(right == ReadAll(scratch, seeds) || path.EndsWith(Manifest.FileName, StringComparison.Ordinal), where)));
            Directory.Delete(scratch, recursive: true);
        }

        foreach (var (what, count) in outcomes) output.WriteLine($"{what}: {count}");
    }

    [Fact]
    public void A_manifest_with_hostile_numbers_is_refused()
    {
        var (store, _) = Whole(23);
        var manifest = Manifest.Read(store)!;
        var counts = manifest.Written;
        LedgerCounts[] hostile =
        [
            counts with { Blocks = int.MaxValue }, counts with { Blocks = -1 }, counts with { Transactions = uint.MaxValue }, counts with { Inputs = long.MaxValue },
            counts with { Outputs = 1L << 61 }, counts with { Outputs = -5 }, counts with { ScriptBytes = long.MinValue }, counts with { OutsideInputs = 1L << 58 },
            counts with { OutsideScriptBytes = 1L << 39 }, counts with { Inputs = 1L << 39 }, counts with { Blocks = 99_000_000, Transactions = 99_000_001, Outputs = 1L << 38 },
        ];
        foreach (var numbers in hostile)
        {
            (manifest with { Written = numbers, Published = numbers }).Write(store);
            var before = GC.GetTotalAllocatedBytes();
            Assert.ThrowsAny<LedgerException>(() => BitcoinLedger.Open(store).Dispose());
            Assert.ThrowsAny<LedgerException>(() => Workbench.Ingest(_bench.Path_("chain-23-1000"), store));
            Assert.NotEmpty(LedgerVerifier.Verify(store, 1, null, CancellationToken.None));
            Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 256L << 20);
        }

        (manifest with { Indexes = [new IndexRun("txid", 0, 5, "../x.idx")] }).Write(store);
        Assert.Throws<LedgerCorruptException>(() => BitcoinLedger.Open(store));
        (manifest with { Indexes = null! }).Write(store);
        Assert.Throws<LedgerCorruptException>(() => BitcoinLedger.Open(store));
    }

    [Fact]
    public void A_flipped_byte_in_a_block_file_is_an_error_or_a_warning_that_says_where()
    {
        var chain = _bench.Chain(24, 1_000);
        var file = Directory.GetFiles(chain, "blk*.dat").Single();
        var whole = Workbench.Ingest(chain, _bench.Path_("whole"));
        var bytes = File.ReadAllBytes(file);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var at = random.Next(bytes.Length);
            var flip = (byte)(1 << random.Next(8));
            bytes[at] ^= flip;
            File.WriteAllBytes(file, bytes);
            bytes[at] ^= flip;
            var ledger = _bench.Path_($"flipped-{round}");
            try
            {
                var result = Workbench.Ingest(chain, ledger, checkpoint: 1 << 20);
                Assert.True(result.Counts == whole.Counts && result.TipHash == whole.TipHash || result.Warnings.Any(warning => warning.Contains(file, StringComparison.Ordinal) && warning.Contains("offset", StringComparison.Ordinal)),
                    $"seed {seed}, byte {at}: {result.TipHeight} of {whole.TipHeight}: {string.Join(" | ", result.Warnings)}");
            }
            catch (LedgerException told)
            {
                Assert.True(told.Message.Contains(file, StringComparison.Ordinal), $"seed {seed}, byte {at}: {told.Message}");
            }
        }
    }

    private (string Store, IReadOnlyList<string> Seeds) Whole(ulong seed)
    {
        var heist = _bench.Heist(seed, 1_000);
        var store = _bench.Path_($"store-{seed}");
        Workbench.Ingest(heist.Folder, store);
        return (store, heist.Seeds);
    }

    private static string Mutate(string path, Random random)
    {
        var name = Path.GetFileName(path);
        var bytes = File.ReadAllBytes(path);
        switch (random.Next(bytes.Length == 0 ? 1 : 5))
        {
            case 0:
                File.Delete(path);
                return $"{name} deleted";
            case 1:
                var length = random.Next(bytes.Length);
                File.WriteAllBytes(path, bytes[..length]);
                return $"{name} cut to {length} of {bytes.Length}";
            case 2:
                var from = random.Next(bytes.Length);
                random.NextBytes(bytes.AsSpan(from, Math.Min(64, bytes.Length - from)));
                File.WriteAllBytes(path, bytes);
                return $"{name} overwritten at {from}";
            case 3:
                Array.Fill(bytes, (byte)0xff);
                File.WriteAllBytes(path, bytes);
                return $"{name} all ones";
            default:
                var at = random.Next(bytes.Length);
                bytes[at] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                return $"{name} flipped at {at}";
        }
    }

    /// <summary>Everything that can be asked, as one hash of the answers.</summary>
    private static string ReadAll(string folder, IReadOnlyList<string> seeds)
    {
        using var ledger = BitcoinLedger.Open(folder);
        using var answers = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(params ReadOnlySpan<long> numbers) => answers.AppendData(MemoryMarshal.AsBytes(numbers));
        var ids = Enumerable.Range(0, (int)ledger.Counts.Transactions).Select(t => ledger.TxIds[t]).ToArray();
        answers.AppendData(MemoryMarshal.AsBytes(ids.AsSpan()));
        var numbers = new long[ids.Length];
        ledger.FindTransactions(ids, numbers);
        Add(numbers);
        for (long output = 0; output < ledger.Counts.Outputs; output++)
        {
            Add(ledger.Graph.Value[output], ledger.Graph.SpenderOf(output));
            var script = ledger.ScriptOf(output);
            answers.AppendData(script);
            if (output % 7 > 0) continue;
            var balance = new ScriptBalance[1];
            ledger.FindBalances([script], balance);
            Add(balance[0].Received, balance[0].Unspent);
            foreach (var found in ledger.FindOutputs(script)) Add(found);
        }

        for (long input = 0; input < ledger.Counts.Inputs; input++) Add((long)ledger.InputScriptKey(input), ledger.Sequences[input]);
        for (var tx = 0; tx < ids.Length; tx++) Add(ledger.Graph.Fee[tx], ledger.Metas[tx].Size, ledger.Metas[tx].LockTime);
        for (var block = 0; block < ledger.Counts.Blocks; block++)
        {
            answers.AppendData(ledger.BlockHeaders.Slice(80L * block, 80));
            Add(ledger.BlockSizes[block], ledger.Graph.BlockTime[block], ledger.FindBlock(ledger.BlockHashes[block]));
        }

        Add(ledger.DistinctScripts());
        foreach (var policy in new[] { "fifo", "haircut", "poison" })
        {
            var report = new TraceRequest([.. seeds], [], null, null, [policy], "drop", null, null, null).Run(ledger, CancellationToken.None);
            answers.AppendData(Convert.FromHexString(TraceJson.Digest(report)));
        }

        return Convert.ToHexStringLower(answers.GetHashAndReset());
    }

    private static string Try(string where, Action action)
    {
        using var cancel = new CancellationTokenSource();
        var work = Task.Run(action);
        try
        {
            Assert.True(work.Wait(TimeSpan.FromSeconds(60)), $"{where}: hangs");
            return "done";
        }
        catch (AggregateException wrong) when (wrong.InnerException is LedgerException or UsageException or NotFoundException)
        {
            return wrong.InnerException.GetType().Name;
        }
        catch (AggregateException wrong)
        {
            throw new InvalidOperationException(where, wrong.InnerException);
        }
    }

    private static void Count(SortedDictionary<string, int> outcomes, string what, string outcome)
    {
        var key = $"{what}: {outcome}";
        outcomes[key] = outcomes.GetValueOrDefault(key) + 1;
    }
}
