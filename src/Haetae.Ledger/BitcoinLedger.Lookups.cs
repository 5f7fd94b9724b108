using System.Runtime.CompilerServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <content>Look-ups, batch first: many at once hide the memory's latency that one after the other would pay each time.</content>
public sealed partial class BitcoinLedger
{
    private const int Batch = 32;

    /// <summary>Transaction numbers by id, or -1. Of equal transactions (BIP 30) the later is found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FindTransactions(ReadOnlySpan<Hash256> ids, Span<long> numbers)
    {
        if (numbers.Length < ids.Length) throw new ArgumentException("fewer results than questions", nameof(numbers));
        Span<(long Start, long End)> ranges = stackalloc (long, long)[Batch];
        for (var from = 0; from < ids.Length; from += Batch)
        {
            var some = ids.Slice(from, Math.Min(Batch, ids.Length - from));
            var found = numbers.Slice(from, some.Length);
            found.Fill(-1);
            foreach (var run in _txidRuns)
            {
                foreach (ref readonly var id in some) run.PrefetchDirectory(id.Prefix);
                foreach (ref readonly var id in some) run.PrefetchKeys(id.Prefix);
                for (var i = 0; i < some.Length; i++)
                {
                    ranges[i] = run.Range(some[i].Prefix);
                    if (ranges[i].Start >= ranges[i].End) continue;
                    var likely = run.Number(ranges[i].Start);
                    TxIds.Prefetch(likely);
                    Graph.FirstOutput.Prefetch(likely);
                    Graph.Fee.Prefetch(likely);
                }

                for (var i = 0; i < some.Length; i++)
                {
                    for (var entry = ranges[i].Start; entry < ranges[i].End; entry++)
                    {
                        if (run.TryNumber(entry, out var number) && TxIds[number] == some[i]) found[i] = Math.Max(found[i], number);
                    }
                }
            }
        }
    }

    /// <summary>The number of a transaction, or -1.</summary>
    public long FindTransaction(Hash256 id)
    {
        Span<long> number = stackalloc long[1];
        FindTransactions([id], number);
        return number[0];
    }

    /// <summary>The spending transactions of outputs; 0 where unspent.</summary>
    public void FindSpenders(ReadOnlySpan<long> outputs, Span<uint> spenders)
    {
        foreach (var output in outputs) Graph.Spender.Prefetch(output);
        for (var i = 0; i < outputs.Length; i++) spenders[i] = Graph.SpenderOf(outputs[i]);
    }

    /// <summary>The outputs that pay a script, in chain order.</summary>
    public List<long> FindOutputs(ReadOnlySpan<byte> script)
    {
        var outputs = new List<long>();
        var key = ScriptKey.Of(script);
        if (key == ScriptKey.Unspendable) return outputs;
        var stored = new byte[script.Length + ScriptCodec.Overhead];
        ReadOnlySpan<byte> wanted = stored.AsSpan(0, ScriptCodec.Encode(script, stored));
        foreach (var run in _scriptRuns)
        {
            var (start, end) = run.Range(key);
            for (var entry = start; entry < end; entry++)
            {
                if (run.TryNumber(entry, out var output) && ScriptKeys[output] == key && StoredScript(output).StartsWith(wanted)) outputs.Add(output);
            }
        }

        return outputs;
    }

    /// <summary>Received and unspent amounts of many scripts at once, every script compared in full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FindBalances(ReadOnlySpan<byte[]> scripts, Span<ScriptBalance> balances)
    {
        if (balances.Length < scripts.Length) throw new ArgumentException("fewer results than questions", nameof(balances));
        Span<ulong> keys = stackalloc ulong[Batch];
        Span<(long Start, long End)> ranges = stackalloc (long, long)[Batch];
        var stored = new byte[BlockStoredScript];
        for (var from = 0; from < scripts.Length; from += Batch)
        {
            var some = scripts.Slice(from, Math.Min(Batch, scripts.Length - from));
            balances.Slice(from, some.Length).Clear();
            for (var i = 0; i < some.Length; i++) keys[i] = ScriptKey.Of(some[i]);
            foreach (var run in _scriptRuns)
            {
                for (var i = 0; i < some.Length; i++) run.PrefetchDirectory(keys[i]);
                for (var i = 0; i < some.Length; i++) run.PrefetchKeys(keys[i]);
                for (var i = 0; i < some.Length; i++)
                {
                    ranges[i] = run.Range(keys[i]);
                    for (var entry = ranges[i].Start; entry < Math.Min(ranges[i].End, ranges[i].Start + 4); entry++)
                    {
                        var output = run.Number(entry);
                        ScriptKeys.Prefetch(output);
                        Graph.Spender.Prefetch(output);
                        Graph.Value.Prefetch(output);
                        _scriptOffset.Prefetch(output / LedgerColumns.ScriptGroup);
                    }
                }

                for (var i = 0; i < some.Length; i++)
                {
                    for (var entry = ranges[i].Start; entry < Math.Min(ranges[i].End, ranges[i].Start + 4); entry++)
                    {
                        if (!run.TryNumber(entry, out var output)) continue;
                        var at = _scriptOffset[output / LedgerColumns.ScriptGroup];
                        for (var line = 0; line < 384; line += 64) _scripts.Prefetch(at + line);
                    }
                }

                for (var i = 0; i < some.Length; i++)
                {
                    if (keys[i] == ScriptKey.Unspendable) continue;
                    if (stored.Length < some[i].Length + ScriptCodec.Overhead) stored = new byte[some[i].Length + ScriptCodec.Overhead];
                    ReadOnlySpan<byte> wanted = stored.AsSpan(0, ScriptCodec.Encode(some[i], stored));
                    for (var entry = ranges[i].Start; entry < ranges[i].End; entry++)
                    {
                        if (!run.TryNumber(entry, out var output) || ScriptKeys[output] != keys[i] || !StoredScript(output).StartsWith(wanted)) continue;
                        balances[from + i] = balances[from + i].With(Graph.Value[output], Graph.SpenderOf(output) == 0);
                    }
                }
            }
        }
    }

    private const int BlockStoredScript = 128;

    /// <summary>The index of a block (0 = the first held), or -1.</summary>
    public int FindBlock(Hash256 hash)
    {
        for (var i = 0; i < Counts.Blocks; i++)
            if (BlockHashes[i] == hash) return i;
        return -1;
    }

    /// <summary>The blocks whose header time lies in [since, until], as indexes in chain order. Header times may run backwards a little; each is judged by its own.</summary>
    public IEnumerable<int> BlocksBetween(uint since, uint until)
    {
        for (var i = 0; i < Counts.Blocks; i++)
            if (Graph.BlockTime[i] >= since && Graph.BlockTime[i] <= until) yield return i;
    }
}

/// <summary>What a script received and still holds.</summary>
/// <param name="Received">Satoshi, all outputs together.</param>
/// <param name="Unspent">Satoshi.</param>
public readonly record struct ScriptBalance(long Outputs, long Received, long UnspentOutputs, long Unspent)
{
    internal ScriptBalance With(long value, bool unspent) =>
        new(Outputs + 1, Received + value, UnspentOutputs + (unspent ? 1 : 0), Unspent + (unspent ? value : 0));
}
